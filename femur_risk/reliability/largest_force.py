"""The largest force of an activity within a time, and how far the strength lies above it."""

from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtri

from femur_fea.domain import FloatArray
from femur_risk.exposure import (
    ACTIVITIES,
    RESTRICTIONS,
    DailyLife,
    Restriction,
    log_force,
    nearest_load,
    rates_per_day,
)
from femur_risk.reliability.strength_estimate import StrengthEstimate

__all__ = ["LimitState"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitState:
    """Strength against the largest force of one activity within a horizon.

    Its variables are three independent standard normal scores: of the strength, of the person's
    habits, and of chance, which decides on the largest of the events.

    Attributes
    ----------
    log_strength, sd_strength : float
        Median and standard deviation of the logarithm of the strength.
    log_force, between, within : float
        Median of the logarithm of an event's force, and its deviations among people and events.
    events : float
        Expected number of events within the horizon.
    """

    log_strength: float
    sd_strength: float
    log_force: float
    between: float
    within: float
    events: float

    @classmethod
    def of(
        cls,
        activity: str,
        life: DailyLife,
        strength: StrengthEstimate,
        *,
        horizon_days: float,
        restriction: Restriction = RESTRICTIONS["none"],
    ) -> "LimitState":
        """Return that of an activity; the arguments are those of `fracture_probability`."""
        load = nearest_load(activity, strength.strengths)
        return cls(
            log_strength=float(np.log(strength.strengths[load])),
            sd_strength=strength.total_sd(load),
            log_force=log_force(activity, life, restriction),
            between=ACTIVITIES[activity].between,
            within=ACTIVITIES[activity].within,
            events=rates_per_day(life, restriction)[activity] * horizon_days,
        )

    @property
    def start(self) -> FloatArray:
        """Scores, (3,), from which to look for the likeliest failure: the margin is finite there.

        Of events that are rare, chance has to be large enough to let one happen.
        """
        happens = -ndtri(-np.expm1(-0.5 * self.events))
        return np.array([0.0, 0.0, max(3.0, float(happens))])

    def margin(self, scores: FloatArray) -> FloatArray:
        r"""Return the logarithm of strength over largest force, (...), for scores (..., 3).

        It is infinite where chance lets no event happen.

        Notes
        -----
        The largest of a Poisson number of events with mean N stays below x with probability
        :math:`e^{-N P(F > x)}`; setting this equal to :math:`\Phi(u_3)` gives x.
        """
        strong, habit, chance = np.moveaxis(np.asarray(scores, dtype=float), -1, 0)
        exceedance = np.minimum(-log_ndtr(chance) / self.events, 1.0)
        largest = self.log_force + self.between * habit - self.within * ndtri(exceedance)
        return np.asarray(self.log_strength + self.sd_strength * strong - largest)
