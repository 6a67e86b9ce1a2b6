"""Predictions against outcomes: discrimination, calibration, net benefit, subgroups, drift."""

from femur_risk.validation.files import write_validation
from femur_risk.validation.record import ValidationRecord
from femur_risk.validation.validate import Validation, ValidationSettings, validate
from femur_risk.validation.words import TextTable, headline_table

__all__ = [
    "TextTable",
    "Validation",
    "ValidationRecord",
    "ValidationSettings",
    "headline_table",
    "validate",
    "write_validation",
]
