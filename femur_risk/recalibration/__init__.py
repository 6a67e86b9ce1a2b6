"""Probabilities put right by outcomes, and the value that a later command applies."""

from femur_risk.recalibration.draws import N_DRAWS, draw_maps
from femur_risk.recalibration.fit import METHODS, SMALLEST_CLASS, Method, fit_map
from femur_risk.recalibration.logistic import EXTREME, LogisticFit, chance, fit_logistic, logit
from femur_risk.recalibration.maps import (
    BayesMap,
    BetaMap,
    IsotonicMap,
    PlattMap,
    ProbabilityMap,
)
from femur_risk.recalibration.recalibration import (
    Recalibration,
    read_recalibration,
    write_recalibration,
)

__all__ = [
    "EXTREME",
    "METHODS",
    "N_DRAWS",
    "SMALLEST_CLASS",
    "BayesMap",
    "BetaMap",
    "IsotonicMap",
    "LogisticFit",
    "Method",
    "PlattMap",
    "ProbabilityMap",
    "Recalibration",
    "chance",
    "draw_maps",
    "fit_logistic",
    "fit_map",
    "logit",
    "read_recalibration",
    "write_recalibration",
]
