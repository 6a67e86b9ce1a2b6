"""A lesion as a solid within a bone that one can see through."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LabelMask, TriangleSurface
from viz.bodies import LESION_RGB, NOT_EVALUATED_RGB, Body, bone_surface, lesion_surface
from viz.layout import MARGIN, fit_windows, panel_lefts
from viz.picture import Panel, Picture
from viz.render import render
from viz.rows import describe_side
from viz.sheet import Sheet
from viz.views import VIEWS

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["draw_lesion"]

_WIDTH, _TALLEST = 1600, 760
_HEADER, _ABOVE_PANEL, _BELOW_PANEL, _FOOTER = 104, 38, 44, 110
_MARGIN_MM = 6.0
_OPACITY = 0.5


def draw_lesion(
    path: Path,
    mesh: BoneMesh,
    frame: FemoralFrame,
    lesion: LabelMask | TriangleSurface,
    *,
    title: str,
    views: Sequence[str] = ("anterior", "posterior", "medial", "lateral"),
) -> Picture:
    """Draw a lesion in its bone in the standard views, and write it as PNG.

    Parameters
    ----------
    path : Path
        The PNG file to write, 1600 pixels wide.
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its frame.
    lesion : LabelMask or TriangleSurface
        Drawn opaque, also where it lies within the bone.
    title : str
        Title of the figure.
    views : sequence of names in `VIEWS`
        From left to right.

    Returns
    -------
    Picture
        What is shown where; its limits are those of no field, (0, 1).

    Raises
    ------
    EmptyMaskError
        If the mask of the lesion holds no voxel.
    """
    bone = _body(bone_surface(mesh, frame), NOT_EVALUATED_RGB)
    ill = _body(lesion_surface(lesion, frame), LESION_RGB)
    shown = [VIEWS[name] for name in views]
    points = np.vstack([np.asarray(each.surface.points, dtype=float) for each in (bone, ill)])
    planes = [view.project(points) for view in shown]
    boxes = [(p.min(axis=0) - _MARGIN_MM, p.max(axis=0) + _MARGIN_MM) for p in planes]
    windows = fit_windows(boxes, width=_WIDTH - 2 * MARGIN, height=_TALLEST)
    below = _HEADER + _ABOVE_PANEL + max(w.size[1] for w in windows) + _BELOW_PANEL
    sheet = Sheet((_WIDTH, below + _FOOTER))
    sheet.heading(title, describe_side(frame))
    panels = []
    lefts = panel_lefts(windows, width=_WIDTH)
    for view, window, left in zip(shown, windows, lefts, strict=True):
        corner = (left, _HEADER + _ABOVE_PANEL)
        panel = Panel(view=view, frame=frame, window=window, corner=corner)
        image = _within(render([bone], view, window), render([ill], view, window))
        sheet.add_panel(panel, image, view.name)
        panels.append(panel)
    sheet.scale_bar(windows[0].scale, top=below - 16)
    sheet.legend_area("lesion", LESION_RGB)
    sheet.legend_area("bone, as glass", NOT_EVALUATED_RGB)
    sheet.legend(top=below + 30)
    sheet.save(path)
    return Picture(path=path, size=sheet.size, limits=(0.0, 1.0), panels=tuple(panels))


def _within(bone: FloatArray, ill: FloatArray) -> FloatArray:
    """Return a picture of the lesion over one of the bone that is as faint as glass."""
    image = bone.copy()
    image[..., :3] = 1.0 - _OPACITY * (1.0 - bone[..., :3])
    covered = ill[..., 3:]
    image[..., :3] = covered * ill[..., :3] + (1.0 - covered) * image[..., :3]
    image[..., 3:] = np.maximum(image[..., 3:], covered)
    return image


def _body(surface: "pv.PolyData", rgb: tuple[float, float, float]) -> Body:
    return Body(surface=surface, rgb=np.tile(rgb, (surface.n_cells, 1)))
