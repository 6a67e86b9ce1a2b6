"""Hexahedra straight from the voxels of a mask."""

import warnings

import numpy as np
from scipy import ndimage

from femur_fea.domain import CELL_SHAPES, BoneMesh, IntArray, LabelMask, Side
from femur_fea.errors import EmptyMaskError, FemurFEAWarning

__all__ = ["keep_largest_part", "mesh_voxels"]

# the corners in the order of VTK if the first index runs backwards, which keeps cells of an image
# with left-handed axes positively oriented
_BACKWARDS = np.array([1, 0, 3, 2, 5, 4, 7, 6])


def mesh_voxels(mask: LabelMask, *, side: Side | None) -> BoneMesh:
    """Return one hexahedron for every voxel of a mask, whatever its topology.

    The mask may be of any bone or part of one, hollow, in several pieces, or held together by
    edges and corners of voxels only; whether supports hold every piece is found out by the solver.
    No voxel is left out or added.

    Parameters
    ----------
    mask : LabelMask
        The bone; voxels of any three axes, also sheared ones.
    side : {"left", "right"} or None
        Which femur; None for any other bone.

    Raises
    ------
    EmptyMaskError
        If the mask holds no voxel.
    """
    voxels = np.argwhere(mask.inside)
    if not len(voxels):
        raise EmptyMaskError(
            found="a mask without a voxel",
            expected="at least one",
            remedy="check the label value and the segmentation",
        )
    lattice = np.add(mask.grid.shape, 1)
    corners = _in_order(voxels[:, None] + CELL_SHAPES["hex8"].corners.astype(np.int64), mask)
    number = np.ravel_multi_index(tuple(np.moveaxis(corners, -1, 0)), tuple(lattice))
    used, cells = np.unique(number, return_inverse=True)
    index = np.stack(np.unravel_index(used, tuple(lattice)), axis=1)
    return BoneMesh(
        points=mask.grid.to_world(index - 0.5),
        cells=cells.reshape(number.shape),
        kind="hex8",
        side=side,
    )


def keep_largest_part(mask: LabelMask) -> LabelMask:
    """Return the largest part of a mask whose voxels hang together by their faces.

    Voxels that touch in an edge or a corner only would turn about it without resistance.

    Warns
    -----
    FemurFEAWarning
        With the number and volume of voxels left out, if there are any.
    """
    parts, n_parts = ndimage.label(mask.inside)
    if n_parts < 2:
        return mask
    sizes = np.bincount(parts.ravel())[1:]
    kept = LabelMask(grid=mask.grid, inside=parts == 1 + int(np.argmax(sizes)))
    dropped = int(sizes.sum() - sizes.max())
    warnings.warn(
        f"{dropped} voxels ({dropped * mask.grid.voxel_volume:.0f} mm3, "
        f"{100.0 * dropped / sizes.sum():.2g} %) in {n_parts - 1} parts without a common face with "
        "the largest part of the mask are left out",
        FemurFEAWarning,
        stacklevel=2,
    )
    return kept


def _in_order(corners: IntArray, mask: LabelMask) -> IntArray:
    """Return the corners of every voxel, (n, 8, 3), so that cells are positively oriented."""
    left_handed = np.linalg.det(mask.grid.affine[:3, :3]) < 0.0
    return corners[:, _BACKWARDS] if left_handed else corners
