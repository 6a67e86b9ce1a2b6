"""The three slices of a page: pictures that meet at its cursor."""

import base64
import io
from typing import Any

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.opened import ViewedRun, ViewedScan
from femur_risk.viewer.choice import Choice
from femur_risk.viewer.compose import Composed
from viz import PLANES, ImagePlane, SliceField, SliceImages, draw_slice
from viz.scene import bone_solid, shown_part

__all__ = ["draw_slices", "planes_through"]

_PIXEL_MM = 0.5
_MARGIN_MM = 8.0
_CT_WINDOW = (-250.0, 1350.0)  # HU: fat to the inner cortex; compact bone is white
_DENSITY_WINDOW = (0.0, 1.2)  # g/cm3: from nothing to compact bone
_CROSS_RGB = (1.0, 0.85, 0.2)
_CROSS_OPACITY = 0.6


def planes_through(run: ViewedRun, cursor: FloatArray) -> tuple[ImagePlane, ...]:
    """Return the planes across the axes of the frame through a point of it, (3,), mm."""
    low, high = run.box
    return tuple(
        ImagePlane.around(
            axis,
            float(cursor[axis]),
            low - _MARGIN_MM,
            high + _MARGIN_MM,
            pixel=_PIXEL_MM,
        )
        for axis in range(len(PLANES))
    )


def draw_slices(
    run: ViewedRun, scan: ViewedScan, choice: Choice, composed: Composed
) -> list[dict[str, Any]]:
    """Return the slices as a page takes them: picture, name, size and what lies at the edges.

    Parameters
    ----------
    run : ViewedRun
        The run.
    scan : ViewedScan
        Its images.
    choice : Choice
        What is chosen.
    composed : Composed
        The scene, of which field, scale and shown cells are taken; the bone lies at rest.
    """
    cursor = np.array(choice.cursor)
    is_ct = choice.beneath == "ct"
    images = SliceImages(
        frame=run.frame,
        grid=scan.grid,
        values=scan.hu if is_ct else scan.rho,
        window=_CT_WINDOW if is_ct else _DENSITY_WINDOW,
        femur=scan.femur,
        lesion=scan.lesion if choice.lesion else None,
    )
    rest = bone_solid(run.mesh, run.frame, np.zeros((run.mesh.n_points, 3)), 0.0)
    field = SliceField(
        solid=shown_part(rest, composed.shown),
        values=composed.values,
        scale=composed.scale,
        opacity=choice.overlay,
    )
    return [_drawn(plane, images, field, cursor) for plane in planes_through(run, cursor)]


def _drawn(
    plane: ImagePlane, images: SliceImages, field: SliceField, cursor: FloatArray
) -> dict[str, Any]:
    picture = draw_slice(plane, images, field)
    _cross(picture, plane, cursor)
    height, width = plane.shape
    left, right = plane.edges
    return {
        "title": f"{plane.name}, {plane.position:.1f} mm",
        "picture": _uri(picture),
        "width": int(width),
        "height": int(height),
        "left": left,
        "right": right,
    }


def _cross(picture: FloatArray, plane: ImagePlane, cursor: FloatArray) -> None:
    """Draw the lines in which the other planes cut, in place: the picture is ours."""
    column, row = np.floor(plane.pixel_of(cursor)).astype(int)
    height, width = plane.shape
    lines = np.zeros(plane.shape, dtype=bool)
    if 0 <= row < height:
        lines[row] = True
    if 0 <= column < width:
        lines[:, column] = True
    picture[lines] = (1.0 - _CROSS_OPACITY) * picture[lines] + _CROSS_OPACITY * np.array(_CROSS_RGB)


def _uri(picture: FloatArray) -> str:
    """Return a picture as PNG within an address."""
    from matplotlib.image import imsave

    stream = io.BytesIO()
    imsave(stream, np.round(255.0 * picture).astype(np.uint8), format="png")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"
