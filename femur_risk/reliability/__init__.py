"""Probability of a fracture from strength, loads and time."""

from femur_risk.reliability.borne import Borne
from femur_risk.reliability.form import DesignPoint, design_point
from femur_risk.reliability.largest_force import LimitState
from femur_risk.reliability.monte_carlo import Count, count_fractures
from femur_risk.reliability.probability import (
    QUANTILES,
    FractureProbability,
    fracture_probability,
)
from femur_risk.reliability.sorm import second_order_probability
from femur_risk.reliability.strength_estimate import MODEL_ERRORS, ModelError, StrengthEstimate

__all__ = [
    "MODEL_ERRORS",
    "QUANTILES",
    "Borne",
    "Count",
    "DesignPoint",
    "FractureProbability",
    "LimitState",
    "ModelError",
    "StrengthEstimate",
    "count_fractures",
    "design_point",
    "fracture_probability",
    "second_order_probability",
]
