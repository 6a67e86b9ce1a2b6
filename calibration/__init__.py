"""Numbers tied to the world: CT numbers to density, predicted risk to observed frequency."""

from calibration.curve import CalibrationCurve, apply_curve
from calibration.lines import CALIBRATIONS, AverageLine, average_line, fixed_line

__all__ = [
    "CALIBRATIONS",
    "AverageLine",
    "CalibrationCurve",
    "apply_curve",
    "average_line",
    "fixed_line",
]
