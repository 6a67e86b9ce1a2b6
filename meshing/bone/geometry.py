"""A femur that is to be filled with bone: where it lies and how it is oriented."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import (
    BoolArray,
    FemoralFrame,
    FloatArray,
    ImageGrid,
    LabelMask,
    check_finite,
    check_shape,
    read_only,
)
from femur_fea.errors import EmptyMaskError
from meshing.implicit import signed_distance

__all__ = ["BoneGeometry", "geometry_of_mask"]

_SMOOTHING = 0.8  # standard deviation, in units of the largest voxel spacing, as for surfaces


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoneGeometry:
    """The outer shape of a femur on an image grid, whatever it was made from.

    Attributes
    ----------
    grid : ImageGrid
        Where the samples lie (LPS, mm).
    distance : (ni, nj, nk), mm
        Signed distance to the side of the bone, negative inside. The plane in which a scan or a
        model cuts the shaft is no side: near it the distance is that to the shaft's wall.
    frame : FemoralFrame
        Anatomical axes and landmarks.
    """

    grid: ImageGrid
    distance: FloatArray
    frame: FemoralFrame

    def __post_init__(self) -> None:
        check_shape("distance", self.distance, self.grid.shape)
        check_finite("distance", self.distance)
        if not np.any(self.distance < 0.0):
            raise EmptyMaskError(
                found="a signed distance that is nowhere negative",
                expected="a bone on this grid",
                remedy="check that the grid covers the bone",
            )
        object.__setattr__(self, "distance", read_only(self.distance))

    @property
    def inside(self) -> BoolArray:
        """Whether the centre of each voxel lies in the bone, shape (ni, nj, nk)."""
        return np.asarray(self.distance < 0.0)

    @property
    def mask(self) -> LabelMask:
        """The voxels whose centres lie in the bone."""
        return LabelMask(grid=self.grid, inside=self.inside)

    def distance_at(self, points: FloatArray) -> FloatArray:
        """Return the signed distance at LPS points (n, 3), interpolated, shape (n,), mm."""
        index = self.grid.to_index(points).T
        return np.asarray(ndimage.map_coordinates(self.distance, index, order=1, mode="nearest"))


def geometry_of_mask(mask: LabelMask, frame: FemoralFrame) -> BoneGeometry:
    """Return the geometry of a femur given as a mask, on the grid of the mask.

    The signed distance between voxel centres is smoothed by 0.8 of the largest voxel spacing,
    which takes the voxels' stairs away. Where the mask reaches the border of the image it is
    taken to go on beyond it.

    Parameters
    ----------
    mask : LabelMask
        The femur, solid.
    frame : FemoralFrame
        Its axes, as `meshing.anatomy.find_frame` finds them.

    Raises
    ------
    EmptyMaskError
        If the mask holds no voxel.
    """
    spacing = mask.grid.spacing
    if not mask.inside.any():
        raise EmptyMaskError(
            found="a mask without a voxel",
            expected="a femur",
            remedy="check the label value and the segmentation",
        )
    sharp = signed_distance(mask.inside, spacing)
    smooth = ndimage.gaussian_filter(sharp, _SMOOTHING * spacing.max() / spacing, mode="nearest")
    return BoneGeometry(grid=mask.grid, distance=smooth, frame=frame)
