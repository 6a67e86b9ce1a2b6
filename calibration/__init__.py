"""Numbers tied to the world: CT numbers to density, predicted risk to observed frequency."""

from calibration.curve import INTERCEPT_RANGE, SLOPE_RANGE, CalibrationCurve, apply_curve
from calibration.fit import CORTICAL_DENSITY, fit_line
from calibration.lines import CALIBRATIONS, AverageLine, average_line, fixed_line
from calibration.phantom import calibrate_with_phantom
from calibration.phantoms import PHANTOMS, Phantom, PhantomRod, WaterCorrection, with_certificate
from calibration.quality import Calibration, Flag, flags_of_fit, flags_of_line, flags_of_scan
from calibration.references import CurveFit, Reference

__all__ = [
    "CALIBRATIONS",
    "CORTICAL_DENSITY",
    "INTERCEPT_RANGE",
    "PHANTOMS",
    "SLOPE_RANGE",
    "AverageLine",
    "Calibration",
    "CalibrationCurve",
    "CurveFit",
    "Flag",
    "Phantom",
    "PhantomRod",
    "Reference",
    "WaterCorrection",
    "apply_curve",
    "average_line",
    "calibrate_with_phantom",
    "fit_line",
    "fixed_line",
    "flags_of_fit",
    "flags_of_line",
    "flags_of_scan",
    "with_certificate",
]
