"""Reading a mask, or a label image as a whole."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from femur_fea.domain import FloatArray, IntArray, LabelImage, LabelMask
from femur_fea.errors import SegmentationError
from femur_fea.io.hounsfield import check_finite_voxels
from femur_fea.io.image import read_image

__all__ = ["read_labels", "read_mask"]

_MAX_LISTED = 20


def read_mask(path: Path, *, label: int | None = None, role: str = "the mask") -> LabelMask:
    """Read the voxels of one structure.

    Parameters
    ----------
    path : Path
        A .nii, .nii.gz, .nrrd, .mha or .mhd file of whole numbers, in any storage type.
    label : int, optional
        The number of the structure. Without it the file may hold 0 and 1 only.
    role : str
        What messages call it: the name of its file can be a patient's.

    Returns
    -------
    LabelMask
        True where the file holds `label`, or 1; it may be empty.

    Raises
    ------
    MissingInputError, ImageError, NonFiniteVoxelsError
        As for a CT.
    SegmentationError
        If values are not whole numbers, if there are other labels than 1 and none was asked
        for, or if the label asked for is absent.
    """
    grid, values = read_image(path, role=role)
    check_finite_voxels(role, values)
    chosen = 1 if label is None else label
    inside = values == chosen
    # comparing twice costs a fraction of listing all values of a large image
    is_binary = bool(np.all(inside | (values == 0)))
    if not is_binary or (label is not None and not inside.any()):
        _check_labels(role, values, label)
    return LabelMask(grid=grid, inside=inside)


def read_labels(path: Path, *, role: str = "the label image") -> LabelImage:
    """Read the voxels of all structures.

    Parameters
    ----------
    path : Path
        A .nii, .nii.gz, .nrrd, .mha or .mhd file of whole numbers, in any storage type.
    role : str
        What messages call it: the name of its file can be a patient's.

    Raises
    ------
    MissingInputError, ImageError, NonFiniteVoxelsError
        As for a CT.
    SegmentationError
        If values are not whole numbers.
    """
    grid, values = read_image(path, role=role)
    check_finite_voxels(role, values)
    _check_whole(role, np.unique(values))
    return LabelImage(grid=grid, labels=values.astype(np.int64))


def _check_whole(role: str, present: npt.NDArray[np.number]) -> None:
    """Raise unless the values (n,), ascending, are whole numbers."""
    if not np.array_equal(present, np.round(present)):
        raise SegmentationError(
            found=f"{role} with {len(present)} different values from {present[0]:.6g} to"
            f" {present[-1]:.6g}, not all whole",
            expected="whole numbers, 0 for background",
            remedy="threshold the probabilities before giving them as a mask",
        )


def _check_labels(role: str, values: FloatArray | IntArray, label: int | None) -> None:
    present = np.unique(values)
    if present[0] < 0:
        raise SegmentationError(
            found=f"{role} with values from {present[0]:.6g} to {present[-1]:.6g}, as a CT has",
            expected="whole numbers from 0, 0 for background",
            remedy="check whether mask and CT are mixed up (--femur, --lesion, --ct)",
        )
    _check_whole(role, present)
    if label is None or label not in present:
        listed = ", ".join(str(int(value)) for value in present[:_MAX_LISTED])
        wanted = "0 and 1 only" if label is None else f"label {label}"
        raise SegmentationError(
            found=f"{role} with the labels {listed}{' ...' * (len(present) > _MAX_LISTED)}",
            expected=wanted,
            remedy="choose the label of the structure (--femur-label, --lesion-label)",
        )
