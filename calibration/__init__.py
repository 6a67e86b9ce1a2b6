"""Numbers tied to the world: CT numbers to density, predicted risk to observed frequency."""

from calibration.curve import INTERCEPT_RANGE, SLOPE_RANGE, CalibrationCurve, apply_curve
from calibration.lines import CALIBRATIONS, AverageLine, average_line, fixed_line

__all__ = [
    "CALIBRATIONS",
    "INTERCEPT_RANGE",
    "SLOPE_RANGE",
    "AverageLine",
    "CalibrationCurve",
    "apply_curve",
    "average_line",
    "fixed_line",
]
