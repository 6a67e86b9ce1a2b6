"""One orientation for all bones, so that a mesh does not depend on side or storage order."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from femur_fea.domain import BoneMesh, FloatArray, ImageGrid, LabelMask, Side, TriangleSurface

__all__ = ["as_right_femur", "in_axis_order", "surface_to_side", "to_side"]

_MIRROR = np.array([-1.0, 1.0, 1.0])  # LPS: x changes sign
_DECIMALS = 6
# the corners in an order that keeps the mirror image of a cell positively oriented
_MIRRORED = {
    "tet4": [0, 2, 1, 3],
    "tet10": [0, 2, 1, 3],
    "hex8": [1, 0, 3, 2, 5, 4, 7, 6],
}


def as_right_femur(mask: LabelMask, side: Side) -> LabelMask:
    """Return the mask as that of a right femur: a left one is mirrored in the plane x = 0."""
    if side == "right":
        return mask
    affine = np.diag([*_MIRROR, 1.0]) @ mask.grid.affine
    return LabelMask(grid=ImageGrid(shape=mask.grid.shape, affine=affine), inside=mask.inside)


def in_axis_order(mask: LabelMask) -> LabelMask:
    """Return the same samples, stored along the axis nearest to x first, then y, then z, upwards.

    Files store the same image in many orders (RAS, LPS, slices from above or below); what is
    computed from it must not depend on that. The affine is rounded to a millionth of a millimetre,
    because round-off of the reordering would reach the mesh.
    """
    directions = mask.grid.affine[:3, :3] / mask.grid.spacing
    order = _nearest_axes(directions)
    affine = mask.grid.affine[:, [*order, 3]].copy()
    inside = mask.inside.transpose(order)
    for axis in range(3):
        if affine[axis, axis] < 0.0:
            affine[:, 3] += (inside.shape[axis] - 1) * affine[:, axis]
            affine[:, axis] *= -1.0
            inside = np.flip(inside, axis)
    ni, nj, nk = inside.shape
    return LabelMask(
        grid=ImageGrid(shape=(ni, nj, nk), affine=affine.round(_DECIMALS)),
        inside=np.ascontiguousarray(inside),
    )


def to_side(mesh: BoneMesh, side: Side) -> BoneMesh:
    """Return the mesh of a right femur as that of `side`."""
    if side == "right":
        return mesh
    return BoneMesh(
        points=mesh.points * _MIRROR,
        cells=mesh.cells[:, _MIRRORED[mesh.kind]],
        kind=mesh.kind,
        side=side,
    )


def surface_to_side(surface: TriangleSurface, side: Side) -> TriangleSurface:
    """Return the surface of a right femur as that of `side`."""
    if side == "right":
        return surface
    return TriangleSurface(points=surface.points * _MIRROR, triangles=surface.triangles[:, ::-1])


def _nearest_axes(directions: FloatArray) -> list[int]:
    """Return which index axis runs most along x, y and z; each is used once."""
    _, columns = linear_sum_assignment(-np.abs(directions))
    return [int(column) for column in columns]
