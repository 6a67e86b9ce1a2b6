"""The gate for a CT and the mask of its femur."""

import warnings
from dataclasses import dataclass

from femur_fea.domain import CTVolume, LabelMask, check_same_grid
from femur_fea.errors import FemurFEAWarning
from femur_risk.segmentation.border import check_border, check_measured
from femur_risk.segmentation.components import check_volume, keep_bone
from femur_risk.segmentation.tissue import check_bone, check_metal

__all__ = ["FemurMaskReport", "check_femur"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FemurMaskReport:
    """What was found in a femur mask that can be used.

    Attributes
    ----------
    femur : LabelMask
        The bone without specks; work with this mask.
    volume_mm3 : float
        Its volume.
    n_components : int
        Pieces in the mask as given.
    removed_specks : int
        Pieces removed.
    removed_volume_mm3 : float
        Their volume together.
    touches_distal_border : bool
        Whether the scan ends in the bone.
    highest_hu : float
        Highest CT number inside, HU.
    """

    femur: LabelMask
    volume_mm3: float
    n_components: int
    removed_specks: int
    removed_volume_mm3: float
    touches_distal_border: bool
    highest_hu: float


def check_femur(ct: CTVolume, femur: LabelMask) -> FemurMaskReport:
    """Raise unless a CT and a mask show one whole proximal femur without metal.

    Specks beside the bone are removed with a `FemurFEAWarning`. Whether the bone is of the side
    stated is told by its surface, not here.

    Parameters
    ----------
    ct : CTVolume
        The scan.
    femur : LabelMask
        Mask of one femur.

    Returns
    -------
    FemurMaskReport
        The mask to work with, and the facts.

    Raises
    ------
    GridMismatchError
        If the CT and the mask lie on different grids.
    EmptyMaskError
        If the mask is empty or too small.
    SeveralBonesError
        If there is a second bone in it.
    MaskBorderError
        If the scan cuts the bone anywhere but distally, or the bone leaves the field of view.
    MetalError
        If there is metal in or at the bone.
    SegmentationError
        If the mask is too large, or the CT numbers inside are not those of bone.
    """
    check_same_grid("the CT", ct.grid, "the femur mask", femur.grid)
    check_volume(femur)
    clean = keep_bone(femur)
    bone = clean.mask
    check_volume(bone)
    touches_distal_border = check_border(bone)
    check_measured(ct, bone)
    highest_hu = check_metal(ct, bone)
    check_bone(ct, bone)
    if clean.n_specks:
        warnings.warn(
            f"removed {clean.n_specks} speck(s) of {clean.speck_volume_mm3:.3g} mm3 together that"
            " do not touch the femur",
            FemurFEAWarning,
            stacklevel=2,
        )
    return FemurMaskReport(
        femur=bone,
        volume_mm3=bone.volume,
        n_components=clean.n_components,
        removed_specks=clean.n_specks,
        removed_volume_mm3=clean.speck_volume_mm3,
        touches_distal_border=touches_distal_border,
        highest_hu=highest_hu,
    )
