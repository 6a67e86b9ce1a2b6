"""The risk of a fracture, with its reasons and what today's rules say beside it."""

from femur_risk.assessment.agreement import beside
from femur_risk.assessment.calibrated import calibrate, check_recalibration
from femur_risk.assessment.card import RiskCard
from femur_risk.assessment.classes import CLASS_MONTHS, classify
from femur_risk.assessment.patient import HORIZON_MONTHS, Patient
from femur_risk.assessment.reasons import WeakSite, reasons
from femur_risk.assessment.shares import shares_of_uncertainty
from femur_risk.assessment.what_if import what_if

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
    "reasons",
    "shares_of_uncertainty",
    "what_if",
]
