"""A section along the neck and the shaft."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    FemoralFrame,
    FloatArray,
    LabelMask,
    TriangleSurface,
    check_shape,
)
from femur_fea.errors import OutOfRangeError
from viz.bodies import Body, lesion_surface
from viz.layout import MARGIN, fit_windows, panel_lefts
from viz.picture import Panel, Picture
from viz.render import render
from viz.rows import describe_largest, describe_side
from viz.scale import ColourScale
from viz.sheet import FOOTER, Sheet
from viz.views import VIEWS

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["draw_section"]

_WIDTH = 1000
_TALLEST = 1000
_HEADER = 140
_BELOW_PANEL = 44
_MARGIN_MM = 4.0


def draw_section(
    path: Path,
    mesh: BoneMesh,
    frame: FemoralFrame,
    values: FloatArray,
    *,
    title: str,
    unit: str,
    limits: tuple[float, float],
    lesion: LabelMask | TriangleSurface | None = None,
) -> Picture:
    """Draw a field of the cells in the frontal plane through head and neck, and write it as PNG.

    The plane holds the centre of the head, the neck axis and the direction of the shaft: the
    plane of x and z of the frame. It is seen from anterior.

    Parameters
    ----------
    path : Path
        The PNG file to write, 1000 pixels wide.
    mesh, frame
        The bone and its frame.
    values : (n_cells,)
        The field, such as Young's modulus.
    title, unit, limits
        As in `draw_field`.
    lesion : LabelMask or TriangleSurface, optional
        Where the plane cuts it is drawn as a dashed line.

    Returns
    -------
    Picture
        What is shown where.

    Raises
    ------
    ShapeError
        If the field does not have one value for every cell.
    OutOfRangeError
        If the limits are not finite and ascending, or the plane misses the bone.
    """
    check_shape("values", values, (mesh.n_cells,))
    scale = ColourScale(title=title, unit=unit, limits=limits)
    cut = _cut(mesh, frame)
    shown = values[np.asarray(cut.cell_data["cell"])]
    view = VIEWS["anterior"]
    plane = view.project(np.asarray(cut.points, dtype=float))
    box = (plane.min(axis=0) - _MARGIN_MM, plane.max(axis=0) + _MARGIN_MM)
    (window,) = fit_windows([box], width=_WIDTH - 2 * MARGIN, height=_TALLEST)
    footer = _HEADER + window.size[1] + _BELOW_PANEL
    (left,) = panel_lefts([window], width=_WIDTH)
    panel = Panel(view=view, frame=frame, window=window, corner=(left, _HEADER))
    sheet = Sheet((_WIDTH, footer + FOOTER))
    sheet.heading(title, f"{describe_side(frame)}; {describe_largest(shown, scale)}")
    image = render([Body(surface=cut, rgb=scale.rgb(shown), is_flat=True)], view, window)
    axes = sheet.add_panel(panel, image, "frontal section, seen from anterior")
    if lesion is not None:
        for border in _borders(lesion, frame):
            sheet.curve(axes, view.project(border))
        sheet.legend_lesion("lesion")
    sheet.colour_bar(scale, [shown], top=footer + 8)
    sheet.scale_bar(window.scale, top=footer + 8)
    sheet.legend(top=footer + 140)
    sheet.save(path)
    return Picture(path=path, size=sheet.size, limits=limits, panels=(panel,))


def _cut(mesh: BoneMesh, frame: FemoralFrame) -> "pv.PolyData":
    """Return the polygons in which the plane cuts the cells, with the index of each cell."""
    import pyvista as pv

    cell_type = pv.CellType.HEXAHEDRON if mesh.kind == "hex8" else pv.CellType.TETRA
    solid = pv.UnstructuredGrid({cell_type: mesh.cells}, frame.to_frame(mesh.points))
    solid.cell_data["cell"] = np.arange(mesh.n_cells)
    cut = solid.slice(normal=(0.0, 1.0, 0.0), origin=(0.0, 0.0, 0.0)).triangulate()
    if not cut.n_cells:
        raise OutOfRangeError(
            found="a bone that the frontal plane of its frame does not cut",
            expected="a frame whose origin lies in the head",
            remedy="check that mesh and frame belong to the same femur",
        )
    return cut


def _borders(lesion: LabelMask | TriangleSurface, frame: FemoralFrame) -> list[FloatArray]:
    """Return the closed lines in which the plane cuts the lesion, each (n, 3), mm."""
    lines = lesion_surface(lesion, frame).slice(normal=(0.0, 1.0, 0.0), origin=(0.0, 0.0, 0.0))
    if not lines.n_points:
        return []
    strips = lines.strip(max_length=100_000, join=True)
    return [np.asarray(strips.points[ids], dtype=float) for ids in _polylines(strips.lines)]


def _polylines(lines: FloatArray) -> list[FloatArray]:
    """Split VTK's flat list (n, id, id, ...) into the ids of each line."""
    found, k = [], 0
    while k < len(lines):
        found.append(lines[k + 1 : k + 1 + int(lines[k])])
        k += 1 + int(lines[k])
    return found
