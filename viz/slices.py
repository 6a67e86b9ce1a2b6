"""A slice through image and bone: CT beneath, a field over it, outlines of bone and lesion."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from femur_fea.domain import BoolArray, FemoralFrame, FloatArray, ImageGrid
from viz.planes import ImagePlane, border, cells_on, image_on

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["BONE_RGB", "LESION_RGB", "SliceField", "SliceImages", "draw_slice"]

BONE_RGB = (0.35, 0.85, 1.0)
LESION_RGB = (1.0, 0.35, 0.8)
_OUTSIDE_RGB = (0.0, 0.0, 0.0)


class _Scale(Protocol):
    def rgb(self, values: FloatArray) -> FloatArray:
        """Return colours between 0 and 1 of finite values, shape (n, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SliceImages:
    """Images on one grid, and how they are turned into grey.

    Attributes
    ----------
    frame : FemoralFrame
        Of the femur.
    grid : ImageGrid
        Of the images.
    values : (ni, nj, nk)
        What lies beneath.
    window : (low, high)
        Values that are black and white.
    femur : (ni, nj, nk), bool
        Mask of the bone.
    lesion : (ni, nj, nk), bool, or None
        Mask of the lesion.
    """

    frame: FemoralFrame
    grid: ImageGrid
    values: FloatArray
    window: tuple[float, float]
    femur: BoolArray
    lesion: BoolArray | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SliceField:
    """A field of the cells of a bone that is laid over a slice.

    Attributes
    ----------
    solid : pyvista.UnstructuredGrid
        The bone, as from `bone_solid`.
    values : (n_cells,)
        The field; NaN is not drawn.
    scale : ColourScale or the like
        Its colours.
    opacity : float
        From 0 to 1.
    """

    solid: "pv.UnstructuredGrid"
    values: FloatArray
    scale: _Scale
    opacity: float


def draw_slice(plane: ImagePlane, images: SliceImages, field: SliceField | None) -> FloatArray:
    """Return the picture of a plane, shape (height, width, 3), between 0 and 1."""
    frame, grid = images.frame, images.grid
    low, high = images.window
    shade = image_on(plane, frame, grid, images.values)
    grey = np.clip((shade - low) / (high - low), 0.0, 1.0)
    picture = np.repeat(np.nan_to_num(grey, nan=0.0)[:, :, None], 3, axis=2)
    picture[np.isnan(shade)] = _OUTSIDE_RGB
    if field is not None and field.opacity > 0.0:
        _lay_over(picture, plane, field)
    for mask, rgb in ((images.femur, BONE_RGB), (images.lesion, LESION_RGB)):
        if mask is not None:
            picture[border(image_on(plane, frame, grid, mask) > 0.5)] = rgb
    return picture


def _lay_over(picture: FloatArray, plane: ImagePlane, field: SliceField) -> None:
    """Mix the colours of a field into a picture, in place: it is ours."""
    cell = cells_on(plane, field.solid)
    value = np.where(cell >= 0, field.values[cell], np.nan)
    known = np.isfinite(value)
    if known.any():
        colour = field.scale.rgb(value[known])
        picture[known] = (1.0 - field.opacity) * picture[known] + field.opacity * colour
