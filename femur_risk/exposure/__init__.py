"""What loads a hip in daily life: how often, how hard, and what of it breaks a bone."""

from femur_risk.exposure.activities import ACTIVITIES, Activity
from femur_risk.exposure.anchor import HARD_STUMBLES, IncidenceAnchor
from femur_risk.exposure.daily_life import (
    DAYS_BORNE,
    DAYS_PER_MONTH,
    FEWEST_STEPS,
    GRAVITY,
    USUAL_STEPS,
    DailyLife,
)
from femur_risk.exposure.hazard import (
    fractures_per_day,
    log_force,
    nearest_load,
    rates_per_day,
)
from femur_risk.exposure.restrictions import RESTRICTIONS, Restriction

__all__ = [
    "ACTIVITIES",
    "DAYS_BORNE",
    "DAYS_PER_MONTH",
    "FEWEST_STEPS",
    "GRAVITY",
    "HARD_STUMBLES",
    "RESTRICTIONS",
    "USUAL_STEPS",
    "Activity",
    "DailyLife",
    "IncidenceAnchor",
    "Restriction",
    "fractures_per_day",
    "log_force",
    "nearest_load",
    "rates_per_day",
]
