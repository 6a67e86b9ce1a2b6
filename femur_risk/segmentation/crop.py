"""Cutting a scan to the bone, so that later steps work on a tenth of it, and back."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import CTVolume, ImageGrid, LabelMask, check_same_grid
from femur_fea.errors import EmptyMaskError, OutOfRangeError
from femur_risk.segmentation.components import bounding_box

__all__ = ["CroppedScan", "crop", "uncrop"]

_ROUND_OFF = 1e-6  # of a voxel


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CroppedScan:
    """A CT and masks in the box round the bone.

    Attributes
    ----------
    ct : CTVolume
        The scan in the box, copied.
    masks : tuple of LabelMask
        The masks in the box, in the order given.
    """

    ct: CTVolume
    masks: tuple[LabelMask, ...]


def crop(ct: CTVolume, *masks: LabelMask, margin: float) -> CroppedScan:
    """Return the CT and the masks in the box that holds all masks and a margin.

    Every sample keeps its place in the world. The box ends at the border of the image.

    Parameters
    ----------
    ct : CTVolume
        The scan.
    *masks : LabelMask
        Masks on its grid, at least one of them with a voxel.
    margin : float, mm
        Width to keep round the masks.

    Returns
    -------
    CroppedScan
        What lies in the box.

    Raises
    ------
    GridMismatchError
        If a mask lies on another grid.
    EmptyMaskError
        If no mask holds a voxel.
    OutOfRangeError
        If the margin is negative.
    """
    for mask in masks:
        check_same_grid("the CT", ct.grid, "a mask", mask.grid)
    # written so that NaN fails
    if not margin >= 0.0:
        raise OutOfRangeError(
            found=f"a margin of {margin:g} mm",
            expected="0 mm or more",
            remedy="choose a width to keep round the bone",
        )
    box = _box(ct.grid, masks, margin)
    grid = _grid_in(ct.grid, box)
    # copies, because a view would keep the whole scan in memory
    return CroppedScan(
        ct=CTVolume(
            grid=grid,
            hu=ct.hu[box].copy(),
            acquisition=ct.acquisition,
            outside=None if ct.outside is None else ct.outside[box].copy(),
        ),
        masks=tuple(LabelMask(grid=grid, inside=mask.inside[box].copy()) for mask in masks),
    )


def uncrop(mask: LabelMask, grid: ImageGrid) -> LabelMask:
    """Return a mask of part of a scan on the grid of the whole.

    Parameters
    ----------
    mask : LabelMask
        From `crop`.
    grid : ImageGrid
        Of the scan that was cropped.

    Returns
    -------
    LabelMask
        The same voxels, each in its place.

    Raises
    ------
    GridMismatchError, OutOfRangeError
        If `mask` is no part of `grid`.
    """
    first = np.rint(grid.to_index(mask.grid.to_world(np.zeros((1, 3))))[0]).astype(int)
    box = tuple(
        slice(max(int(start), 0), min(int(start) + n, whole))
        for start, n, whole in zip(first, mask.grid.shape, grid.shape, strict=True)
    )
    check_same_grid("a mask", mask.grid, "its place in the scan", _grid_in(grid, box))
    inside = np.zeros(grid.shape, dtype=bool)
    inside[box] = mask.inside
    return LabelMask(grid=grid, inside=inside)


def _box(grid: ImageGrid, masks: Sequence[LabelMask], margin: float) -> tuple[slice, ...]:
    boxes = [bounding_box(mask) for mask in masks if mask.inside.any()]
    if not boxes:
        raise EmptyMaskError(
            found=f"{len(masks)} mask(s) without a voxel",
            expected="a mask that tells where to crop",
            remedy="check the masks and their labels",
        )
    width = np.ceil(margin / grid.spacing - _ROUND_OFF).astype(int)
    return tuple(
        slice(
            max(min(box[axis].start for box in boxes) - int(width[axis]), 0),
            min(max(box[axis].stop for box in boxes) + int(width[axis]), grid.shape[axis]),
        )
        for axis in range(3)
    )


def _grid_in(grid: ImageGrid, box: tuple[slice, ...]) -> ImageGrid:
    first = np.array([[side.start for side in box]], dtype=float)
    affine = np.array(grid.affine)
    affine[:3, 3] = grid.to_world(first)[0]
    ni, nj, nk = (side.stop - side.start for side in box)
    return ImageGrid(shape=(ni, nj, nk), affine=affine)
