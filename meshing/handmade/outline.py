"""The handmade femur as a shape to fill: any size, side and resolution."""

import numpy as np

from femur_fea.domain import FloatArray, ImageGrid, LabelMask, Side
from meshing.anatomy import find_frame
from meshing.bone.geometry import BoneGeometry
from meshing.handmade.geometry import femur_distance
from meshing.outline import smooth_outline

__all__ = ["handmade_geometry"]

_LOW, _HIGH = (-30.0, -42.0, -170.0), (78.0, 30.0, 30.0)  # mm, local; the shaft is cut below
_FRAME_SPACING = 1.5  # mm


def handmade_geometry(
    *, spacing: float = 1.0, scale: float = 1.0, side: Side = "right"
) -> BoneGeometry:
    """Return the shape of the handmade femur.

    Parameters
    ----------
    spacing : float, mm
        Of the cubic voxels.
    scale : float
        Size over that of the handmade femur, whose head has a radius of 24 mm.
    side : {"left", "right"}
        A left femur is the mirror image of the right one.
    """
    coarse = _grid(_FRAME_SPACING, scale, side)
    mask = LabelMask(grid=coarse, inside=_distance(coarse, scale, side) < 0.0)
    frame = find_frame(smooth_outline(mask, side=side), side)
    grid = _grid(spacing, scale, side)
    return BoneGeometry(grid=grid, distance=_distance(grid, scale, side), frame=frame)


def _grid(spacing: float, scale: float, side: Side) -> ImageGrid:
    """Return a grid in LPS round the femur; lateral of the right is -x, anterior is -y."""
    low, high = scale * np.array(_LOW), scale * np.array(_HIGH)
    n = np.ceil((high - low) / spacing).astype(int) + 1
    lateral = -1.0 if side == "right" else 1.0
    affine = np.diag([lateral * spacing, -spacing, spacing, 1.0])
    affine[:3, 3] = lateral * low[0], -low[1], low[2]
    return ImageGrid(shape=(int(n[0]), int(n[1]), int(n[2])), affine=affine)


def _distance(grid: ImageGrid, scale: float, side: Side) -> FloatArray:
    index = np.moveaxis(np.indices(grid.shape), 0, -1).reshape(-1, 3).astype(float)
    world = grid.to_world(index)
    lateral = -1.0 if side == "right" else 1.0
    local = world * np.array([lateral, -1.0, 1.0]) / scale
    return np.asarray(scale * femur_distance(local).reshape(grid.shape), dtype=np.float32)
