"""Gates for the masks that come in, and the crop to the bone."""

from femur_risk.segmentation.crop import CroppedScan, crop, uncrop
from femur_risk.segmentation.femur import FemurMaskReport, check_femur
from femur_risk.segmentation.lesion import LesionMaskReport, check_lesion

__all__ = [
    "CroppedScan",
    "FemurMaskReport",
    "LesionMaskReport",
    "check_femur",
    "check_lesion",
    "crop",
    "uncrop",
]
