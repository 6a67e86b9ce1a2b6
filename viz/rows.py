"""Rows of views of one femur, each row with a field of its own, all on one colour scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    FemoralFrame,
    FloatArray,
    LabelMask,
    LoadCase,
    TriangleSurface,
    WeakestSite,
)
from femur_fea.errors import OutOfRangeError
from viz.arrows import Arrow, load_arrows
from viz.bodies import (
    ARROW_RGB,
    FIXED_RGB,
    NOT_EVALUATED_RGB,
    Body,
    arrow_body,
    bone_body,
    bone_surface,
    facet_values,
    fixed_facets,
    lesion_surface,
)
from viz.layout import MARGIN, fit_windows, panel_lefts
from viz.picture import Panel, Picture, Window
from viz.render import is_visible, render, silhouette
from viz.scale import ColourScale
from viz.sheet import FOOTER, Sheet
from viz.views import VIEWS, View

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["Marks", "Row", "describe_largest", "describe_side", "draw_rows"]

_WIDTH = 1600
_HEADER = 104
_ROW_HEADING = 48
_ABOVE_PANEL, _BELOW_PANEL = 38, 44
# height of all rows of panels together, so that the sheet fits on a page of A4
_TALLEST = 760, 1100
_MARGIN_MM = 6.0
_WHOLE_NUMBERS_FROM = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One state of the bone.

    Attributes
    ----------
    heading : str or None
        What tells it from the other rows.
    values : (n_facets,) or (n_cells,)
        Its field.
    weakest_site : WeakestSite or None
        The place to ring.
    """

    heading: str | None
    values: FloatArray
    weakest_site: WeakestSite | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marks:
    """What is drawn over every row.

    Attributes
    ----------
    load : LoadCase or None
        Arrows and support.
    lesion : LabelMask, TriangleSurface or None
        Its projected border.
    at_rest : BoneMesh or None
        The bone before it was deformed, whose border is drawn.
    """

    load: LoadCase | None
    lesion: LabelMask | TriangleSurface | None
    at_rest: BoneMesh | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Scene:
    """What all rows share, in the coordinates of the frame."""

    frame: FemoralFrame
    bone: "pv.PolyData"
    arrows: tuple[Arrow, ...]
    arrow_bodies: tuple[Body, ...]
    lesion: "pv.PolyData | None"
    at_rest: "pv.PolyData | None"
    fixed: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Look:
    """One view, the same in every row: what it shows, and where lesion and bone at rest lie."""

    view: View
    window: Window
    lesion: BoolArray | None
    at_rest: BoolArray | None


def draw_rows(
    path: Path,
    mesh: BoneMesh,
    frame: FemoralFrame,
    rows: Sequence[Row],
    *,
    scale: ColourScale,
    marks: Marks,
    views: Sequence[str],
) -> Picture:
    """Draw every row in every view and write the sheet as PNG."""
    scene = _scene(mesh, frame, marks)
    fields = [_checked(facet_values(mesh, row.values), scene.fixed) for row in rows]
    visible = [field[~scene.fixed] for field in fields]
    shown = [VIEWS[name] for name in views]
    windows = _windows(scene, shown, height=_TALLEST[len(rows) - 1] // len(rows))
    tallest = max(w.size[1] for w in windows)
    step = _ABOVE_PANEL + tallest + _BELOW_PANEL + (_ROW_HEADING if rows[0].heading else 0)
    footer = _HEADER + step * len(rows)
    sheet = Sheet((_WIDTH, footer + FOOTER))
    looks = _looks(scene, shown, windows)
    side = f"{describe_side(frame)}{_describe_grey(visible)}"
    remark = describe_largest(visible[0], scale)
    sheet.heading(scale.title, side if rows[0].heading else f"{side}; {remark}")
    panels = [
        panel
        for k, (row, field) in enumerate(zip(rows, fields, strict=True))
        for panel in _draw_row(
            sheet, scene, row, field, top=_HEADER + k * step, scale=scale, looks=looks
        )
    ]  # fmt: skip
    sheet.colour_bar(scale, visible, top=footer + 8)
    sheet.scale_bar(windows[0].scale, top=footer + 8)
    _legend(sheet, rows, visible, marks, turns=any(arrow.turns for arrow in scene.arrows))
    sheet.legend(top=footer + 140)
    sheet.save(path)
    return Picture(path=path, size=sheet.size, limits=scale.limits, panels=tuple(panels))


def _describe_grey(fields: Sequence[FloatArray]) -> str:
    if not any(np.isnan(field).any() for field in fields):
        return ""
    return "; light grey is not judged: the lesion, and bone at the load and the support"


def describe_side(frame: FemoralFrame) -> str:
    """Return which femur it is and how it is drawn."""
    return "Right femur" if frame.side == "right" else "Left femur, drawn as a right one"


def describe_largest(field: FloatArray, scale: ColourScale) -> str:
    """Return the largest value that a picture shows, with its unit."""
    value = float(np.nanmax(field))
    number = f"{value:,.0f}" if abs(value) >= _WHOLE_NUMBERS_FROM else f"{value:.3g}"
    return f"largest value shown {number} {scale.unit}".rstrip()


def _describe_row(row: Row, field: FloatArray, scale: ColourScale) -> str:
    if row.weakest_site is None:
        return describe_largest(field, scale)
    site = f"weakest site: {row.weakest_site.region}, {row.weakest_site.mode}"
    return f"{describe_largest(field, scale)}; {site}"


def _checked(values: FloatArray, fixed: BoolArray) -> FloatArray:
    if not np.isfinite(values[~fixed]).any():
        raise OutOfRangeError(
            found="a surface without a finite value of the field",
            expected="a field evaluated on a part of the surface that is not held",
            remedy="check how the field was computed",
        )
    return values


def _scene(mesh: BoneMesh, frame: FemoralFrame, marks: Marks) -> _Scene:
    arrows = load_arrows(mesh, marks.load) if marks.load else ()
    return _Scene(
        frame=frame,
        bone=bone_surface(mesh, frame),
        arrows=arrows,
        arrow_bodies=tuple(arrow_body(arrow, frame) for arrow in arrows),
        lesion=lesion_surface(marks.lesion, frame) if marks.lesion else None,
        at_rest=bone_surface(marks.at_rest, frame) if marks.at_rest else None,
        fixed=fixed_facets(mesh, marks.load),
    )


def _windows(scene: _Scene, views: Sequence[View], *, height: int) -> tuple[Window, ...]:
    surfaces = [scene.bone, *(body.surface for body in scene.arrow_bodies)]
    surfaces += [] if scene.at_rest is None else [scene.at_rest]
    points = np.vstack([np.asarray(s.points, dtype=float) for s in surfaces])
    boxes = []
    for view in views:
        plane = view.project(points)
        boxes.append((plane.min(axis=0) - _MARGIN_MM, plane.max(axis=0) + _MARGIN_MM))
    return fit_windows(boxes, width=_WIDTH - 2 * MARGIN, height=height)


def _looks(scene: _Scene, views: Sequence[View], windows: Sequence[Window]) -> tuple[_Look, ...]:
    return tuple(
        _Look(
            view=view,
            window=window,
            lesion=None if scene.lesion is None else silhouette(scene.lesion, view, window),
            at_rest=None if scene.at_rest is None else silhouette(scene.at_rest, view, window),
        )
        for view, window in zip(views, windows, strict=True)
    )


def _draw_row(
    sheet: Sheet,
    scene: _Scene,
    row: Row,
    field: FloatArray,
    *,
    top: int,
    scale: ColourScale,
    looks: Sequence[_Look],
) -> list[Panel]:
    if row.heading:
        sheet.row_heading(top, row.heading, _describe_row(row, field[~scene.fixed], scale))
        top += _ROW_HEADING
    bone = bone_body(scene.bone, field, scene.fixed, scale)
    panels = []
    lefts = panel_lefts([look.window for look in looks], width=_WIDTH)
    for look, left in zip(looks, lefts, strict=True):
        corner = (left, top + _ABOVE_PANEL)
        panel = Panel(view=look.view, frame=scene.frame, window=look.window, corner=corner)
        _draw_panel(sheet, panel, scene, bone, look, row.weakest_site)
        panels.append(panel)
    return panels


def _draw_panel(
    sheet: Sheet,
    panel: Panel,
    scene: _Scene,
    bone: Body,
    look: _Look,
    site: WeakestSite | None,
) -> None:
    image = render([bone, *scene.arrow_bodies], panel.view, panel.window)
    axes = sheet.add_panel(panel, image, panel.view.name)
    if look.lesion is not None:
        sheet.lesion_outline(axes, look.lesion, panel)
    if look.at_rest is not None:
        sheet.rest_outline(axes, look.at_rest, panel)
    if site is None:
        return
    point = scene.frame.to_frame(np.asarray(site.point, dtype=float)[None])
    if is_visible(scene.bone, point[0], panel.view):
        taken = image[:, :, 3] > 0.0
        sheet.mark_site(axes, panel.view.project(point)[0], taken, panel)


def _legend(
    sheet: Sheet, rows: Sequence[Row], fields: Sequence[FloatArray], marks: Marks, *, turns: bool
) -> None:
    sites = [row.weakest_site for row in rows if row.weakest_site is not None]
    if len(sites) == 1:
        sheet.legend_site(f"weakest site: {sites[0].region}, {sites[0].mode}")
    elif sites:
        sheet.legend_site("weakest site")
    if marks.load is not None:
        sheet.legend_arrow(_describe_load(marks.load, turns=turns), ARROW_RGB)
        sheet.legend_area("held fixed", FIXED_RGB)
    if any(np.isnan(field).any() for field in fields):
        sheet.legend_area("not judged", NOT_EVALUATED_RGB)
    if marks.lesion is not None:
        sheet.legend_lesion("lesion, projected")
    if marks.at_rest is not None:
        sheet.legend_rest("bone at rest")


def _describe_load(load: LoadCase, *, turns: bool) -> str:
    """Return how large the load is; a driven one is known by its way alone."""
    if load.quantity == "moment":
        sense = ", right-handed" if turns else ""
        return f"load: a moment of {load.magnitude / 1000.0:,.1f} N m{sense}"
    if load.magnitude > 0.0:
        plate = "" if load.plate_force is None else f", {load.plate_force:,.0f} N on the plate"
        return f"load: {load.magnitude:,.0f} N on the head{plate}"
    return f"load: {load.stroke:.2f} mm of the cup on the head"
