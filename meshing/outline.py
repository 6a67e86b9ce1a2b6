"""A smooth surface for landmarks, of any mask."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, LabelMask, Side, TriangleSurface
from femur_fea.errors import EmptyMaskError
from meshing.contour import contour, shell_of_points
from meshing.implicit import smooth_distance
from meshing.mirror import as_right_femur, in_axis_order, surface_to_side

__all__ = ["smooth_outline"]

_LATTICE = 1.5  # mm; at 1 and 2 mm a head centre moves by less than 0.01 mm
_TOUCHING = np.ones((3, 3, 3), dtype=bool)


def smooth_outline(mask: LabelMask, *, side: Side) -> TriangleSurface:
    """Return a smooth closed surface of the largest piece of a mask, without its cavities.

    It serves to find the anatomical frame where a mesh has no smooth surface of its own, and does
    not need to be fit for filling with cells: triangles are of any shape, and parts thinner than
    the smoothing are lost.

    Parameters
    ----------
    mask : LabelMask
        The bone; where it reaches the border of the scan it is cut there by a plane.
    side : {"left", "right"}
        The surface of a left femur is made as that of its mirror image.

    Raises
    ------
    EmptyMaskError
        If nothing is left after smoothing.
    """
    right = in_axis_order(as_right_femur(mask, side))
    solid = LabelMask(grid=right.grid, inside=_solid(right.inside))
    surface = contour(smooth_distance(solid, lattice_spacing=_LATTICE), 0.0)
    return surface_to_side(_largest_shell(surface), side)


def _solid(inside: BoolArray) -> BoolArray:
    pieces, n_pieces = ndimage.label(inside, structure=_TOUCHING)
    if n_pieces == 0:
        raise EmptyMaskError(
            found="a mask without a voxel",
            expected="a bone",
            remedy="check the label value and the segmentation",
        )
    largest = 1 + int(np.argmax(np.bincount(pieces.ravel())[1:]))
    return np.asarray(ndimage.binary_fill_holes(pieces == largest))


def _largest_shell(surface: TriangleSurface) -> TriangleSurface:
    shells = shell_of_points(surface)[surface.triangles[:, 0]]
    kept = surface.triangles[shells == np.bincount(shells).argmax()]
    used, compact = np.unique(kept, return_inverse=True)
    return TriangleSurface(points=surface.points[used], triangles=compact.reshape(kept.shape))
