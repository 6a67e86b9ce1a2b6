"""Whether the samples of an image can be CT numbers in Hounsfield units."""

import warnings

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from femur_fea.errors import FemurFEAWarning, HounsfieldRangeError, NonFiniteVoxelsError

__all__ = ["check_finite_voxels", "check_hounsfield"]

# Interpolation and old padding (-1024, -2000, -3024) reach below air at -1000 HU; the extended
# scale of 16-bit scanners ends at 32767.
HU_RANGE = (-4096.0, 32767.0)
# Every scan of a hip or thigh holds fat near -100 HU, so some voxel is negative.
HU_FAT = 0.0
# Labels of a mask, also of one of a whole body; a choice.
MOST_LABELS = 150.0
# Cortical bone of a proximal femur exceeds this even at 3 mm voxels (1183 HU measured).
HU_DENSEST_AT_LEAST = 400.0
# A scale cut off above leaves many voxels at exactly one highest value; below the scanners'
# own end at 3071 HU that takes density from the cortex.
CLIPPED_BELOW_HU = 2000.0
CLIPPED_FRACTION = 1e-3
CLIPPED_VOXELS = 100
_MASK = (
    "whole numbers from 0, as a mask has them",
    "check whether CT and mask are mixed up (--ct, --femur)",
)


def check_finite_voxels(role: str, array: FloatArray | IntArray) -> None:
    """Raise if the image holds NaN or infinity.

    Raises
    ------
    NonFiniteVoxelsError
        With the count and the first index.
    """
    if not np.issubdtype(array.dtype, np.floating):
        return
    bad = ~np.isfinite(array)
    count = int(np.count_nonzero(bad))
    if count:
        first = np.unravel_index(int(np.argmax(bad)), bad.shape)
        raise non_finite(role, count, bad.size, tuple(int(n) for n in first))


def non_finite(role: str, count: int, size: int, first: tuple[int, ...]) -> NonFiniteVoxelsError:
    """Return the error for an image with voxels that are no numbers."""
    return NonFiniteVoxelsError(
        found=f"{count} of {size} voxels of {role} are NaN or infinite, the first at index {first}",
        expected="a finite value in every voxel",
        remedy="replace them (air is -1000 HU outside the field of view) and try again",
    )


def check_hounsfield(role: str, hu: FloatArray | IntArray) -> None:
    """Raise unless an image can be a CT of a hip or thigh in Hounsfield units.

    Parameters
    ----------
    role : str
        What to call the image in messages.
    hu : (ni, nj, nk), HU
        The samples.

    Raises
    ------
    HounsfieldRangeError
        If the image is constant, leaves `HU_RANGE`, has no negative value, or nowhere exceeds
        `HU_DENSEST_AT_LEAST`.
    """
    low, high = float(hu.min()), float(hu.max())
    problem = _MASK if _is_mask(hu, low, high) else _problem(low, high)
    if problem is not None:
        found, remedy = problem
        raise HounsfieldRangeError(
            found=f"{role} with values from {low:.6g} to {high:.6g}: {found}",
            expected=f"Hounsfield units within {HU_RANGE[0]:.0f} to {HU_RANGE[1]:.0f}, fat below"
            f" {HU_FAT:.0f} and bone above {HU_DENSEST_AT_LEAST:.0f}",
            remedy=remedy,
        )
    at_top = int(np.count_nonzero(hu == hu.max()))
    if high < CLIPPED_BELOW_HU and at_top > max(CLIPPED_VOXELS, CLIPPED_FRACTION * hu.size):
        warnings.warn(
            f"{role} looks cut off above: {at_top} of its voxels hold exactly {high:.6g} HU;"
            " denser bone will be taken for that",
            FemurFEAWarning,
            stacklevel=3,
        )


def _is_mask(hu: FloatArray | IntArray, low: float, high: float) -> bool:
    """Return whether all samples are whole numbers in the range of labels."""
    return 0.0 <= low < high <= MOST_LABELS and bool(np.array_equal(hu, np.rint(hu)))


def _problem(low: float, high: float) -> tuple[str, str] | None:
    """Return what is wrong with a range of CT numbers and what to do, or None."""
    if low == high:
        return "one value everywhere", "export the image again"
    if low < HU_RANGE[0] or high > HU_RANGE[1]:
        return "beyond any CT scale", "replace padding by -1024, or give CT numbers"
    if low >= HU_FAT:
        return (
            "nothing negative, as if stored without its rescale intercept",
            "apply slope and intercept of the scanner (often 1 and -1024)",
        )
    if high <= HU_DENSEST_AT_LEAST:
        return (
            "no dense bone, as if windowed, normalised or of another region",
            "export the CT numbers themselves, not a window of them",
        )
    return None
