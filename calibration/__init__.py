"""Numbers tied to the world: CT numbers to density, predicted risk to observed frequency."""

from calibration.curve import INTERCEPT_RANGE, SLOPE_RANGE, CalibrationCurve, apply_curve
from calibration.fit import CORTICAL_DENSITY, fit_line
from calibration.lines import CALIBRATIONS, AverageLine, average_line, fixed_line
from calibration.references import CurveFit, Reference

__all__ = [
    "CALIBRATIONS",
    "CORTICAL_DENSITY",
    "INTERCEPT_RANGE",
    "SLOPE_RANGE",
    "AverageLine",
    "CalibrationCurve",
    "CurveFit",
    "Reference",
    "apply_curve",
    "average_line",
    "fit_line",
    "fixed_line",
]
