"""The gate for the mask of a lesion."""

import warnings
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import LabelMask, check_same_grid
from femur_fea.errors import EmptyMaskError, FemurFEAWarning, SegmentationError

__all__ = ["LesionMaskReport", "check_lesion"]

# A lesion may break through the cortex and reach into soft tissue; with more than half of it
# outside, the mask is that of another structure or lies on another place.
MAX_OUTSIDE_FRACTION = 0.5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionMaskReport:
    """What was found in a lesion mask that can be used.

    Attributes
    ----------
    lesion : LabelMask
        The part of the lesion inside the femur; work with this mask.
    volume_mm3 : float
        Volume of that part.
    fraction_outside : float
        Part of the lesion as given that lies outside the femur mask.
    fraction_of_femur : float
        Part of the femur that the lesion takes.
    n_components : int
        Separate lesions inside the femur.
    """

    lesion: LabelMask
    volume_mm3: float
    fraction_outside: float
    fraction_of_femur: float
    n_components: int


def check_lesion(femur: LabelMask, lesion: LabelMask) -> LesionMaskReport:
    """Raise unless a mask can be that of lesions of this femur.

    What reaches out of the femur is cut off with a `FemurFEAWarning`.

    Parameters
    ----------
    femur : LabelMask
        Mask of the femur.
    lesion : LabelMask
        Mask of one or several lesions.

    Returns
    -------
    LesionMaskReport
        The mask to work with, and the facts.

    Raises
    ------
    GridMismatchError
        If the two masks lie on different grids.
    EmptyMaskError
        If the lesion mask holds no voxel.
    SegmentationError
        If the lesion is as large as the femur, or more than `MAX_OUTSIDE_FRACTION` of it lies
        outside.
    """
    from scipy import ndimage

    check_same_grid("the femur mask", femur.grid, "the lesion mask", lesion.grid)
    if not lesion.inside.any():
        raise EmptyMaskError(
            found="a lesion mask without a voxel",
            expected="at least one voxel of lesion",
            remedy="leave the lesion mask out if there is no lesion, or check its label",
        )
    _check_smaller(femur, lesion)
    inside = LabelMask(grid=femur.grid, inside=lesion.inside & femur.inside)
    fraction_outside = float(np.mean(~femur.inside[lesion.inside]))
    _check_outside(lesion, fraction_outside)
    return LesionMaskReport(
        lesion=inside,
        volume_mm3=inside.volume,
        fraction_outside=fraction_outside,
        fraction_of_femur=inside.volume / femur.volume,
        n_components=int(ndimage.label(inside.inside)[1]),
    )


def _check_smaller(femur: LabelMask, lesion: LabelMask) -> None:
    if lesion.volume >= femur.volume:
        raise SegmentationError(
            found=f"a lesion of {lesion.volume / 1000.0:.3g} cm3 in a femur of"
            f" {femur.volume / 1000.0:.3g} cm3",
            expected="a lesion smaller than the bone",
            remedy="check whether the two masks, or their labels, are mixed up",
        )


def _check_outside(lesion: LabelMask, fraction: float) -> None:
    if fraction > MAX_OUTSIDE_FRACTION:
        raise SegmentationError(
            found=f"{fraction:.0%} of the lesion of {lesion.volume / 1000.0:.3g} cm3 outside the"
            " femur mask",
            expected=f"at most {MAX_OUTSIDE_FRACTION:.0%} outside",
            remedy="check that both masks belong to this scan and this side",
        )
    if fraction > 0.0:
        warnings.warn(
            f"{fraction:.1%} of the lesion lies outside the femur mask and is left out",
            FemurFEAWarning,
            stacklevel=3,
        )
