"""Planes across the axes of the femoral frame, as pictures that images and cells are read on."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoolArray, FemoralFrame, FloatArray, ImageGrid, IntArray

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["PLANES", "ImagePlane", "border", "cells_on", "image_on"]

# by the axis that is crossed, as the standard views see it: frontal from anterior, sagittal from
# lateral, axial from distal, as a radiologist does
PLANES = ("sagittal", "frontal", "axial")
_RIGHT = ((0.0, 1.0, 0.0), (-1.0, 0.0, 0.0), (-1.0, 0.0, 0.0))
_UP = ((0.0, 0.0, 1.0), (0.0, 0.0, 1.0), (0.0, 1.0, 0.0))
_EDGES = (("posterior", "anterior"), ("lateral", "medial"), ("lateral", "medial"))
_CELL = "cell"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImagePlane:
    """A plane of pixels.

    Attributes
    ----------
    axis : {0, 1, 2}
        Lateral, anterior or proximal: what the plane crosses.
    position : float, mm
        Where it crosses that axis.
    corner : (2,), mm
        Its upper left corner, rightwards and upwards.
    shape : (height, width), pixels
        Its size.
    pixel : float, mm
        Edge of a pixel.
    """

    axis: int
    position: float
    corner: FloatArray
    shape: tuple[int, int]
    pixel: float

    @classmethod
    def around(
        cls, axis: int, position: float, low: FloatArray, high: FloatArray, *, pixel: float
    ) -> "ImagePlane":
        """Return the plane that shows the box between two corners of the frame, (3,), mm."""
        ends = np.stack((low, high)) @ _directions(axis).T
        left, top = ends[:, 0].min(), ends[:, 1].max()
        width, height = np.ceil(np.ptp(ends, axis=0) / pixel).astype(int)
        corner = np.array((left, top))
        return cls(axis=axis, position=position, corner=corner, shape=(height, width), pixel=pixel)

    @property
    def name(self) -> str:
        """What the plane is called."""
        return PLANES[self.axis]

    @property
    def edges(self) -> tuple[str, str]:
        """What lies at the left and at the right."""
        return _EDGES[self.axis]

    def points(self) -> FloatArray:
        """Return the middles of the pixels in the frame, shape (height, width, 3), mm."""
        height, width = self.shape
        across = self.corner[0] + self.pixel * (np.arange(width) + 0.5)
        up = self.corner[1] - self.pixel * (np.arange(height) + 0.5)
        right, upwards = _directions(self.axis)
        plane = across[None, :, None] * right + up[:, None, None] * upwards
        return np.asarray(plane + self.position * np.eye(3)[self.axis])

    def pixel_of(self, point: FloatArray) -> FloatArray:
        """Return where a point of the frame, (3,), mm, is drawn: column and row, shape (2,)."""
        across, up = _directions(self.axis) @ point
        return np.array((across - self.corner[0], self.corner[1] - up)) / self.pixel

    def point_at(self, column: float, row: float) -> FloatArray:
        """Return the point of the frame, (3,), mm, that is drawn at a place of the picture."""
        right, upwards = _directions(self.axis)
        across, up = self.corner + self.pixel * np.array((column, -row))
        return np.asarray(across * right + up * upwards + self.position * np.eye(3)[self.axis])


def image_on(
    plane: ImagePlane, frame: FemoralFrame, grid: ImageGrid, values: FloatArray | BoolArray
) -> FloatArray:
    """Return an image on a plane by linear interpolation, (height, width); NaN outside it.

    Parameters
    ----------
    plane : ImagePlane
        Where.
    frame : FemoralFrame
        In whose coordinates the plane is given.
    grid : ImageGrid
        Of the image.
    values : (ni, nj, nk)
        The image.
    """
    from scipy.ndimage import map_coordinates

    world = frame.to_world(plane.points().reshape(-1, 3))
    index = grid.to_index(world).T
    inside = np.all((index >= 0.0) & (index <= np.array(grid.shape)[:, None] - 1.0), axis=0)
    found = np.full(index.shape[1], np.nan)
    found[inside] = map_coordinates(
        np.asarray(values, dtype=np.float32), index[:, inside], order=1, mode="nearest"
    )
    return found.reshape(plane.shape)


def cells_on(plane: ImagePlane, solid: "pv.UnstructuredGrid") -> IntArray:
    """Return the number of the cell that each pixel lies in, -1 outside, (height, width).

    Parameters
    ----------
    plane : ImagePlane
        Where.
    solid : pyvista.UnstructuredGrid
        As from `bone_solid` or `shown_part`.
    """
    import pyvista as pv

    found = np.full(plane.shape[0] * plane.shape[1], -1)
    if solid.n_cells:
        probed = pv.PolyData(plane.points().reshape(-1, 3)).sample(solid)
        inside = np.asarray(probed["vtkValidPointMask"], dtype=bool)
        found[inside] = np.asarray(probed[_CELL])[inside]
    return found.reshape(plane.shape)


def border(covered: BoolArray) -> BoolArray:
    """Return the pixels of an area that touch its outside, shape (height, width)."""
    from scipy.ndimage import binary_erosion

    return np.asarray(covered & ~binary_erosion(covered, border_value=1))


def _directions(axis: int) -> FloatArray:
    """Return where right and up of the picture point to in the frame, shape (2, 3)."""
    return np.array((_RIGHT[axis], _UP[axis]))
