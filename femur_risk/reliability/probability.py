"""The probability that some load exceeds the strength within a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError
from femur_risk.exposure import RESTRICTIONS, DailyLife, Restriction, fractures_per_day
from femur_risk.reliability.borne import Borne
from femur_risk.reliability.strength_estimate import StrengthEstimate

__all__ = ["QUANTILES", "FractureProbability", "fracture_probability"]

QUANTILES = tuple(float(level) for level in np.linspace(0.01, 0.99, 99).round(2))
"""Levels of the quantiles of a probability: every percent."""

_LOW, _MIDDLE, _HIGH = (QUANTILES.index(level) for level in (0.05, 0.5, 0.95))

_REACH = 6.0  # standard deviations, beyond which lie 2e-9
_STEPS = 241  # a twentieth of a standard deviation: a tenth of it changes no digit that is shown


@dataclass(frozen=True, slots=True, kw_only=True)
class FractureProbability:
    """Chance of a fracture within a horizon, of somebody who lives on as given.

    Attributes
    ----------
    horizon_days : float
        How far it looks.
    probability : float
        Over all that is not known: strength, habits and chance.
    quantiles : tuple of float
        Of the probability if strength and habits were known exactly, at the levels `QUANTILES`.
    above_interval : float
        Its mean in the twentieth of such bones that lies above `interval_90`. Of a rare event these
        few weak bones may lift `probability` above the interval.
    activities : mapping from activity to float
        Chance that the fracture comes by it; the sum is `probability`.
    without : mapping from activity to float
        The probability if that activity alone were left out: others may break the bone instead.
    borne : float
        The chance, before they were lived, to bear the days that the bone has borne; 1 of none. A
        small one tells that the bone is stronger, or spared more, than was believed.
    """

    horizon_days: float
    probability: float
    quantiles: tuple[float, ...]
    above_interval: float
    activities: Mapping[str, float]
    without: Mapping[str, float]
    borne: float

    @property
    def interval_90(self) -> tuple[float, float]:
        """Where the probability would lie in nine of ten if strength and habits were known."""
        return self.quantiles[_LOW], self.quantiles[_HIGH]

    @property
    def median(self) -> float:
        """The probability that half of such bones lie below."""
        return self.quantiles[_MIDDLE]


def fracture_probability(
    life: DailyLife,
    strength: StrengthEstimate,
    *,
    horizon_days: float,
    restriction: Restriction = RESTRICTIONS["none"],
    borne: Borne | None = None,
) -> FractureProbability:
    r"""Return the probability of a fracture within a horizon.

    Parameters
    ----------
    life : DailyLife
        Whose hip.
    strength : StrengthEstimate
        What is believed about its strength.
    horizon_days : float
        How far to look.
    restriction : Restriction
        How the leg is spared from now on.
    borne : Borne or None
        What the bone is known to have borne before; None of a bone of which nothing is known.

    Raises
    ------
    InputError
        If there is no strength for one of the activities.
    OutOfRangeError
        If horizon or a strength is not positive.

    Notes
    -----
    With strength and habits fixed, events are independent and fractures a Poisson process of rate
    :math:`h = \sum_a n_a P(F_a > S)`. The probability is the mean of :math:`1 - e^{-hT}` over both
    standard normal scores, by the trapezium rule, which converges faster than any power of the step
    here. The share of an activity is the mean of :math:`h_a / h (1 - e^{-hT})`. Strength and habits
    stay as they are for the whole time: neither growth of a lesion nor fatigue, and no other end.

    Of a bone that has borne D days of hazard :math:`h_0` both scores are weighted with
    :math:`e^{-h_0 D}` (Bayes): who walked yesterday is not among those whom walking breaks.
    """
    if not 0.0 < horizon_days < 1e5:
        raise OutOfRangeError(
            found=f"a horizon of {horizon_days:g} days",
            expected="a positive number of days below 100 000",
            remedy="give 182 for half a year",
        )
    score, weight = _normal_grid()
    rates = fractures_per_day(
        life, strength.at(score[:, None]), force_score=score[None], restriction=restriction
    )
    weights, known = _weights(score, weight, borne)
    total = np.sum([*rates.values()], axis=0)
    chance = -np.expm1(-total * horizon_days)
    scale = np.divide(chance, total, out=np.full_like(total, horizon_days), where=total > 0.0)
    shares = {name: _mean(rate * scale, weights) for name, rate in rates.items()}
    without = {
        name: _mean(-np.expm1((rate - total) * horizon_days), weights)
        for name, rate in rates.items()
    }
    return FractureProbability(
        horizon_days=horizon_days,
        probability=_mean(chance, weights),
        quantiles=_quantiles(chance.ravel(), weights.ravel()),
        above_interval=_mean_above(chance.ravel(), weights.ravel()),
        activities=MappingProxyType(shares),
        without=MappingProxyType(without),
        borne=known,
    )


def _normal_grid() -> tuple[FloatArray, FloatArray]:
    """Return scores and weights that integrate over a standard normal variable."""
    score = np.linspace(-_REACH, _REACH, _STEPS)
    density = np.exp(-0.5 * score**2)
    return score, np.asarray(density / density.sum())


def _weights(
    score: FloatArray, weight: FloatArray, borne: Borne | None
) -> tuple[FloatArray, float]:
    """Return the weights of both scores, and the chance to have borne what was borne."""
    weights = weight[:, None] * weight[None]
    if borne is None:
        return weights, 1.0
    rates = fractures_per_day(
        borne.life,
        borne.strength.at(score[:, None]),
        force_score=score[None],
        restriction=borne.restriction,
    )
    expected = borne.days * np.sum([*rates.values()], axis=0)
    # by logarithms: of a bone that hardly any score lets bear them the best scores are left
    log_weights = np.log(weights) - expected
    held = np.exp(log_weights - log_weights.max())
    return np.asarray(held / held.sum()), _mean(np.exp(-expected), weights)


def _mean(values: FloatArray, weights: FloatArray) -> float:
    return float(np.average(values, weights=weights))


def _quantiles(values: FloatArray, weights: FloatArray) -> tuple[float, ...]:
    """Return the quantiles of weighted values at the levels `QUANTILES`."""
    order = np.argsort(values)
    ranks = np.cumsum(weights[order]) - 0.5 * weights[order]
    return tuple(np.interp(QUANTILES, ranks, values[order]).tolist())


def _mean_above(values: FloatArray, weights: FloatArray) -> float:
    """Return the mean of the largest weighted values, above the 90 % interval."""
    order = np.argsort(values)
    tail = 1.0 - QUANTILES[_HIGH]
    above = np.cumsum(weights[order]) - (1.0 - tail)
    held = np.clip(above, 0.0, weights[order])  # of the value at the limit a part
    return float(np.sum(held * values[order]) / np.sum(held))
