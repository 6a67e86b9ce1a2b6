"""CT numbers tied to density: curves, what they rest on, and how good they are."""

from calibration.air_fat_muscle import AIR_FAT_MUSCLE, TissueDensities, air_fat_muscle
from calibration.attenuation import MINERALS, WATER, Material, Mineral, contrast
from calibration.common_error import CommonError
from calibration.cortex import CORTICAL_DENSITY
from calibration.curve import INTERCEPT_RANGE, SLOPE_RANGE, CalibrationCurve, apply_curve
from calibration.energies import (
    EFFECTIVE_ENERGIES,
    VOLTAGE_TOLERANCE_KV,
    EffectiveEnergy,
    prior_energy,
)
from calibration.fit import fit_line
from calibration.lines import CALIBRATIONS, AverageLine, average_line, fixed_line
from calibration.multi_tissue import (
    labelled_tissues,
    multi_tissue,
    thick_cortex,
    tissues_of_scan,
)
from calibration.peaks import TissueSample
from calibration.phantom import calibrate_with_phantom
from calibration.phantoms import PHANTOMS, Phantom, PhantomRod, WaterCorrection, with_certificate
from calibration.quality import Calibration, flags_of_fit, flags_of_line
from calibration.references import CurveFit, Reference
from calibration.spectrum import check_ct_numbers, check_spectrum
from calibration.tissues import TISSUES, Tissue

__all__ = [
    "AIR_FAT_MUSCLE",
    "CALIBRATIONS",
    "CORTICAL_DENSITY",
    "EFFECTIVE_ENERGIES",
    "INTERCEPT_RANGE",
    "MINERALS",
    "PHANTOMS",
    "SLOPE_RANGE",
    "TISSUES",
    "VOLTAGE_TOLERANCE_KV",
    "WATER",
    "AverageLine",
    "Calibration",
    "CalibrationCurve",
    "CommonError",
    "CurveFit",
    "EffectiveEnergy",
    "Material",
    "Mineral",
    "Phantom",
    "PhantomRod",
    "Reference",
    "Tissue",
    "TissueDensities",
    "TissueSample",
    "WaterCorrection",
    "air_fat_muscle",
    "apply_curve",
    "average_line",
    "calibrate_with_phantom",
    "check_ct_numbers",
    "check_spectrum",
    "contrast",
    "fit_line",
    "fixed_line",
    "flags_of_fit",
    "flags_of_line",
    "labelled_tissues",
    "multi_tissue",
    "prior_energy",
    "thick_cortex",
    "tissues_of_scan",
    "with_certificate",
]
