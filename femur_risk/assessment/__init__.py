"""The risk of a fracture, with its reasons and what today's rules say beside it."""

from femur_risk.assessment.agreement import beside
from femur_risk.assessment.assess import (
    CLASS_MONTHS,
    HORIZON_MONTHS,
    Patient,
    WeakSite,
    classify,
)
from femur_risk.assessment.calibrated import calibrate, check_recalibration
from femur_risk.assessment.card import RiskCard

__all__ = [
    "CLASS_MONTHS",
    "HORIZON_MONTHS",
    "Patient",
    "RiskCard",
    "WeakSite",
    "beside",
    "calibrate",
    "check_recalibration",
    "classify",
]
