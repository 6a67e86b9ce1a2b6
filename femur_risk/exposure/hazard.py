"""How many fractures a day are expected of a strength, by activity."""

from collections.abc import Mapping

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import InputError, OutOfRangeError
from femur_risk.exposure.activities import ACTIVITIES, Activity
from femur_risk.exposure.daily_life import DailyLife
from femur_risk.exposure.restrictions import RESTRICTIONS, Restriction

__all__ = ["fractures_per_day", "log_force", "nearest_load", "rates_per_day"]


def fractures_per_day(
    life: DailyLife,
    strengths: Mapping[str, FloatArray | float],
    *,
    force_score: FloatArray | float,
    restriction: Restriction = RESTRICTIONS["none"],
) -> dict[str, FloatArray]:
    """Return the fractures that are expected a day, by activity.

    An activity of n events a day breaks the bone n P(force > strength) times a day.

    Parameters
    ----------
    life : DailyLife
        Whose hip.
    strengths : mapping from load to (...) or float, N
        True strength under loads of the library.
    force_score : (...) or float
        How many standard deviations among people the logarithm of the forces is above the mean;
        the same for all activities.
    restriction : Restriction
        How the leg is spared.

    Raises
    ------
    InputError
        If there is no strength for one of the activities.
    OutOfRangeError
        If a strength is not a positive force.
    """
    from scipy.special import ndtr

    rates = rates_per_day(life, restriction)
    return {
        name: rates[name]
        * ndtr(
            (log_force(name, life, restriction) + activity.between * np.asarray(force_score))
            / activity.within
            - np.log(_checked(nearest_load(name, strengths), strengths)) / activity.within
        )
        for name, activity in ACTIVITIES.items()
    }


def rates_per_day(life: DailyLife, spared: Restriction) -> dict[str, float]:
    """Return the events a day on one hip, by activity."""
    return {
        name: activity.events_per_day(life) * spared.events.get(name, 1.0)
        for name, activity in ACTIVITIES.items()
    }


def log_force(name: str, life: DailyLife, spared: Restriction) -> float:
    """Return the logarithm of the median peak force of an activity, of somebody like most, N."""
    return float(np.log(ACTIVITIES[name].median_force(life) * spared.forces.get(name, 1.0)))


def nearest_load(name: str, strengths: Mapping[str, object]) -> str:
    """Return the load whose strength counts in an activity: the nearest one that is known.

    Raises
    ------
    InputError
        If none of them is.
    """
    activity: Activity = ACTIVITIES[name]
    for load in activity.strengths:
        if load in strengths:
            return load
    raise InputError(
        found=f"strengths under {', '.join(strengths) or 'no load'}, none of which serves for "
        f"{name}",
        expected=f"one of {', '.join(activity.strengths)}",
        remedy="compute the strength under that load",
    )


def _checked(load: str, strengths: Mapping[str, FloatArray | float]) -> FloatArray:
    strength = np.asarray(strengths[load], dtype=float)
    bad = strength[~((strength > 0.0) & np.isfinite(strength))]
    if bad.size:
        raise OutOfRangeError(
            found=f"a strength of {bad.flat[0]:g} N under {load}",
            expected="a positive force",
            remedy="check its unit",
        )
    return strength
