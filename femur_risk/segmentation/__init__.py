"""Gates for the masks that come in, and the crop to the bone."""

from femur_risk.segmentation.crop import CroppedScan, crop, uncrop
from femur_risk.segmentation.femur import FemurMaskReport, check_femur
from femur_risk.segmentation.lesion import LesionMaskReport, check_lesion
from femur_risk.segmentation.tissue import METAL_HU, MIN_METAL_VOLUME_MM3

__all__ = [
    "METAL_HU",
    "MIN_METAL_VOLUME_MM3",
    "CroppedScan",
    "FemurMaskReport",
    "LesionMaskReport",
    "check_femur",
    "check_lesion",
    "crop",
    "uncrop",
]
