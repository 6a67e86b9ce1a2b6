"""A shaft that the scan has cut off, completed by the model and marked as such."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoolArray,
    FemoralFrame,
    FloatArray,
    ImageGrid,
    LabelMask,
    TriangleSurface,
)
from femur_fea.errors import OutOfRangeError
from meshing.shape.frame import registered_frame
from meshing.shape.regions import REGIONS
from meshing.shape.registration import Registration
from meshing.shape.target import prepare_target

__all__ = ["CompletedMask", "complete_mask"]

_OVERLAP = 3.0  # mm above the last seen point: a mask ends somewhat below it
_MARGIN = 2  # voxels


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CompletedMask:
    """A femur whose shaft goes on beyond the scan.

    Attributes
    ----------
    mask : LabelMask
        The femur, given and invented part; on the given grid, extended as far as needed.
    invented : LabelMask
        The voxels that were not in the given mask. Nothing was measured there: neither shape nor
        density.
    """

    mask: LabelMask
    invented: LabelMask


def complete_mask(
    mask: LabelMask, registration: Registration, *, shaft_length: float
) -> CompletedMask:
    """Return a mask whose shaft is continued by the registered model.

    Parameters
    ----------
    mask : LabelMask
        The femur as segmented.
    registration : Registration
        Of that mask.
    shaft_length : float, mm
        Of the completed femur, from the point of the shaft axis nearest to the neck axis down, as
        in `FemoralFrame`.

    Raises
    ------
    OutOfRangeError
        If the femur is as long already, or the condyles would be reached.
    """
    frame = registered_frame(registration)
    _check_length(registration, frame, shaft_length)
    top = frame.to_frame(frame.shaft_point[None])[0, 2]
    first, last = top - frame.shaft_length + _OVERLAP, top - shaft_length
    heights = frame.to_frame(registration.points)[:, 2]
    part = registration.points[(heights < first) & (heights > last)]
    grid, corner = _extended(mask.grid, part)
    given = np.zeros(grid.shape, dtype=bool)
    given[tuple(slice(c, c + n) for c, n in zip(corner, mask.grid.shape, strict=True))] = (
        mask.inside
    )
    added = _inside(grid, part, registration.surface, frame, (last, first)) & ~given
    return CompletedMask(
        mask=LabelMask(grid=grid, inside=given | added),
        invented=LabelMask(grid=grid, inside=added),
    )


def _check_length(registration: Registration, frame: FemoralFrame, shaft_length: float) -> None:
    heights = frame.to_frame(registration.points)[:, 2]
    condyles = heights[registration.regions == REGIONS.index("distal")].max()
    longest = float(frame.to_frame(frame.shaft_point[None])[0, 2] - condyles)
    if not frame.shaft_length < shaft_length <= longest:
        raise OutOfRangeError(
            found=f"a wanted shaft of {shaft_length:.0f} mm",
            expected=f"more than the {frame.shaft_length:.0f} mm seen and at most the "
            f"{longest:.0f} mm down to the condyles",
            remedy="ask for a length between them, or leave the femur as it is",
        )


def _extended(grid: ImageGrid, points: FloatArray) -> tuple[ImageGrid, tuple[int, int, int]]:
    """Return a grid that also holds the points, and where in it the given one starts."""
    index = grid.to_index(points)
    before = np.maximum(0, np.ceil(_MARGIN - index.min(axis=0))).astype(int)
    beyond = index.max(axis=0) + _MARGIN + 1 - np.array(grid.shape)
    ni, nj, nk = (int(n) for n in grid.shape + before + np.maximum(0, np.ceil(beyond)).astype(int))
    affine = grid.affine.copy()
    affine[:3, 3] -= affine[:3, :3] @ before
    i, j, k = (int(n) for n in before)
    return ImageGrid(shape=(ni, nj, nk), affine=affine), (i, j, k)


def _inside(
    grid: ImageGrid,
    part: FloatArray,
    femur: TriangleSurface,
    frame: FemoralFrame,
    heights: tuple[float, float],
) -> BoolArray:
    """Return the voxels within the femur between two heights of the frame."""
    index = grid.to_index(part)
    low = np.maximum(0, np.floor(index.min(axis=0)).astype(int) - _MARGIN)
    high = np.minimum(grid.shape, np.ceil(index.max(axis=0)).astype(int) + _MARGIN + 1)
    box = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
    voxels = np.stack(
        np.meshgrid(*(np.arange(a, b) for a, b in zip(low, high, strict=True)), indexing="ij"),
        axis=-1,
    )
    centres = grid.to_world(voxels.reshape(-1, 3).astype(float))
    skin = prepare_target(femur)
    _, nearest = skin.tree.query(centres)
    depth = np.einsum("px,px->p", centres - skin.points[nearest], skin.normals[nearest])
    height = frame.to_frame(centres)[:, 2]
    wanted = (depth < 0.0) & (height > heights[0]) & (height < heights[1])
    inside = np.zeros(grid.shape, dtype=bool)
    inside[box] = wanted.reshape(voxels.shape[:3])
    return inside
