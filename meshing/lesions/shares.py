"""How much of every voxel a lesion takes."""

import itertools
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray, ImageGrid
from femur_fea.errors import EmptyMaskError
from meshing.bone.geometry import BoneGeometry
from meshing.lesions.lesion import Lesion
from meshing.lesions.shape import LesionShape, shape_of

__all__ = ["LesionShares", "share_of_voxels"]

_SUBSAMPLE = 0.6  # mm between points that tell how much of a voxel a lesion takes
_MOST = 5  # points along an edge of a voxel
_MARGIN = 2  # voxels round a lesion

type Box = tuple[slice, slice, slice]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionShares:
    """Parts of the voxels of a box that a lesion takes, each of the box's shape.

    Attributes
    ----------
    box : (3,) slices
        Part of the grid.
    bone : (ni, nj, nk)
        Part of a voxel that is lesion within the bone.
    rim : (ni, nj, nk)
        Part of a voxel that is sclerotic rim, within `bone`.
    soft : (ni, nj, nk)
        Part of a voxel that is lesion outside the bone.
    """

    box: Box
    bone: FloatArray
    rim: FloatArray
    soft: FloatArray


def share_of_voxels(geometry: BoneGeometry, lesion: Lesion) -> LesionShares:
    """Return how much of every voxel a lesion takes, from points spread over each voxel.

    Raises
    ------
    EmptyMaskError
        If the lesion lies outside the image.
    """
    shape = shape_of(lesion)
    box = _box(geometry, shape)
    first = np.array([part.start for part in box])
    size = tuple(int(part.stop - part.start) for part in box)
    index = (np.indices(size).reshape(3, -1).T + first).astype(float)
    sums = np.zeros((3, len(index)))
    offsets = _offsets(geometry.grid)
    for offset in offsets:
        at = index + offset
        depth = -ndimage.map_coordinates(geometry.distance, at.T, order=1, mode="nearest")
        border = shape.distance(geometry.frame.to_frame(geometry.grid.to_world(at)))
        in_bone = (border < 0.0) & (depth > lesion.kept_cortex)
        sums[0] += in_bone
        sums[1] += in_bone & (border > -lesion.rim)
        sums[2] += (border < 0.0) & (depth <= 0.0) & (depth > -lesion.extension)
    bone, rim, soft = (sums / len(offsets)).reshape(3, *size)
    return LesionShares(box=box, bone=bone, rim=rim, soft=soft)


def _box(geometry: BoneGeometry, shape: LesionShape) -> Box:
    """Return the part of the grid that holds a lesion."""
    grid = geometry.grid
    centre = geometry.frame.to_world(np.array([shape.lesion.centre]))
    middle = grid.to_index(centre)[0]
    reach = np.ceil(shape.reach / grid.spacing) + _MARGIN
    low = np.maximum(np.floor(middle - reach), 0).astype(int)
    high = np.minimum(np.ceil(middle + reach) + 1, grid.shape).astype(int)
    if np.any(low >= high):
        raise EmptyMaskError(
            found="a lesion outside the image",
            expected="a lesion in the bone",
            remedy="correct its centre, given from the head's centre in the femoral frame",
        )
    i, j, k = (slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
    return i, j, k


def _offsets(grid: ImageGrid) -> FloatArray:
    """Return points spread evenly over a voxel, in index units from its centre, (n, 3)."""
    counts = np.clip(np.ceil(grid.spacing / _SUBSAMPLE), 1, _MOST).astype(int)
    counts += 1 - counts % 2  # of an odd number of points never just half are in the lesion
    axes = [(np.arange(n) + 0.5) / n - 0.5 for n in counts]
    return np.array(list(itertools.product(*axes)))
