"""A mask on voxels of another size."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, FloatArray, ImageGrid, IntArray, LabelMask
from femur_fea.errors import EmptyMaskError, OutOfRangeError

__all__ = ["resample_mask"]

_ROUND_OFF = 1e-9  # of a volume fraction
_SHORTEST_EDGE, _LONGEST_EDGE = 0.3, 10.0  # mm, as for surfaces


def resample_mask(mask: LabelMask, *, edge_length: float) -> LabelMask:
    """Return a mask on voxels of one edge length along the axes of the image.

    A new voxel belongs to the bone if more than half of its volume did. Where it was just half,
    which is frequent if one voxel size is a multiple of the other, the mean over the voxel and its
    26 neighbours decides. The first voxels begin where the mask begins, so that a bone cut flat by
    the scan keeps that end.

    Parameters
    ----------
    mask : LabelMask
        The bone.
    edge_length : float, mm
        Edges of the new voxels; they are cubes if the axes of the image are at right angles.

    Raises
    ------
    OutOfRangeError
        If the edge length is below 0.3 mm or above 10 mm.
    EmptyMaskError
        If the bone is nowhere as thick as half a voxel.
    """
    if not _SHORTEST_EDGE <= edge_length <= _LONGEST_EDGE:
        raise OutOfRangeError(
            found=f"an edge length of {edge_length:g} mm",
            expected=f"{_SHORTEST_EDGE:g} to {_LONGEST_EDGE:g} mm",
            remedy="use 1 to 3 mm",
        )
    spacing = mask.grid.spacing
    first, filled = _crop(mask)
    shares = [_overlaps(n, s / edge_length) for n, s in zip(filled.shape, spacing, strict=True)]
    fraction = np.einsum("ai,bj,ck,ijk->abc", *shares, filled, optimize=True)
    inside = _mostly_filled(fraction)
    if not inside.any():
        raise EmptyMaskError(
            found=f"a mask that fills no voxel of {edge_length:g} mm by half",
            expected="a bone thicker than that",
            remedy="use a shorter edge length",
        )
    ni, nj, nk = inside.shape
    grid = ImageGrid(shape=(ni, nj, nk), affine=_affine(mask.grid, first, edge_length))
    return LabelMask(grid=grid, inside=inside)


def _crop(mask: LabelMask) -> tuple[IntArray, FloatArray]:
    """Return the index of the first voxel of the mask's box, and the box as 0 and 1."""
    where = np.argwhere(mask.inside)
    if not len(where):
        raise EmptyMaskError(
            found="a mask without a voxel",
            expected="at least one",
            remedy="check the label value and the segmentation",
        )
    low, high = where.min(axis=0), where.max(axis=0) + 1
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    return low, mask.inside[box].astype(float)


def _mostly_filled(fraction: FloatArray) -> BoolArray:
    around = ndimage.uniform_filter(fraction, size=3, mode="constant")
    undecided = np.abs(fraction - 0.5) < _ROUND_OFF
    return np.asarray(np.where(undecided, around >= 0.5, fraction > 0.5))


def _overlaps(n_old: int, size: float) -> FloatArray:
    """Return which share of each new interval each old one covers, (n_new, n_old).

    New intervals are of length 1 and old ones of length `size`; both begin at 0.
    """
    n_new = max(1, int(np.ceil(n_old * size - 1e-9)))
    new, old = np.arange(n_new)[:, None], size * np.arange(n_old)
    overlap = np.minimum(new + 1.0, old + size) - np.maximum(new, old)
    return np.asarray(np.maximum(overlap, 0.0))


def _affine(grid: ImageGrid, first: IntArray, edge_length: float) -> FloatArray:
    """Return the affine of the new voxels, the first of which shares a corner with `first`."""
    axes = grid.affine[:3, :3] / grid.spacing * edge_length
    corner = grid.affine[:3, :3] @ (first - 0.5) + grid.affine[:3, 3]
    affine = np.eye(4)
    affine[:3, :3] = axes
    affine[:3, 3] = corner + axes @ np.full(3, 0.5)
    return affine
