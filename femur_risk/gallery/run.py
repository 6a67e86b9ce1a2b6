"""The figures of a run, drawn from what it left on disk."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import FloatArray, WeakestSite
from femur_risk.gallery.numbers import draw_numbers
from femur_risk.opened import FIELDS, Solution, ViewedRun, read_scan, read_solution
from femur_risk.pipeline import layout

__all__ = ["draw_gallery"]

_STRAINS = ("tension", "compression")
_MATERIAL = ("density", "modulus")
_VIEWS = ("anterior", "posterior", "medial", "lateral", "proximal")
_CT_WINDOW = (-250.0, 1350.0)  # HU: fat to the inner cortex; compact bone is white
_DRAWN_MM = 12.0
_PIXEL_MM, _MARGIN_MM = 0.5, 8.0


def draw_gallery(run: ViewedRun, out: Path, *, drawn: Callable[[str], None]) -> list[Path]:
    """Draw all figures of a run into a folder and return their PNG files, the contact sheet last.

    Those of the report and of the calibration are copied; charts are written as SVG, too.

    Parameters
    ----------
    run : ViewedRun
        The run.
    out : Path
        The folder; it is made.
    drawn : callable
        Called with the name of each file when it is there.
    """
    from viz.contact import draw_contact_sheet

    out.mkdir(parents=True, exist_ok=True)
    pictures = []
    for make in (_copied, _surfaces, _slices, draw_numbers):
        for picture in make(run, out):
            drawn(picture.name)
            if picture.suffix == ".png":
                pictures.append(picture)
    sheet = out / "contact.png"
    draw_contact_sheet(
        sheet, pictures, title=run.titled(f"{run.case_id}: all figures; research use only")
    )
    drawn(sheet.name)
    return [*pictures, sheet]


def _copied(run: ViewedRun, out: Path) -> Iterator[Path]:
    """Copy what the stages have drawn."""
    found = sorted((run.folder / layout.FIGURES).glob("*.png"))
    if (run.folder / layout.CURVE_PLOT).is_file():
        found.append(run.folder / layout.CURVE_PLOT)
    for path in found:
        name = "calibration.png" if path.name == layout.CURVE_PLOT.name else path.name
        yield Path(shutil.copyfile(path, out / name))


def _surfaces(run: ViewedRun, out: Path) -> Iterator[Path]:
    """Draw lesion, density and modulus, and of each load the strains of bone and twin alike."""
    from viz import common_limits, draw_field, draw_lesion

    if run.lesion is not None:
        path = out / "lesion.png"
        draw_lesion(
            path,
            run.mesh,
            run.frame,
            run.lesion,
            title=run.titled("The lesion in the bone"),
            views=_VIEWS,
        )
        yield path
    first = read_solution(run, run.loads[0], healed=False)
    for name in _MATERIAL:
        kind, values = FIELDS[name], first.fields[name]
        path = out / f"{name}.png"
        draw_field(
            path, run.mesh, run.frame, values, title=run.titled(kind.title), unit=kind.unit,
            limits=common_limits(values), lesion=run.lesion, views=_VIEWS,
        )  # fmt: skip
        yield path
    for load in run.loads:
        bone = read_solution(run, load, healed=False)
        twin = read_solution(run, load, healed=True) if load in run.twins else None
        for name in _STRAINS:
            path = out / f"{load}_{name}.png"
            _draw_strain(run, path, name, bone, twin)
            yield path
        path = out / f"{load}_deformed.png"
        _draw_deformed(run, path, bone)
        yield path


def _draw_deformed(run: ViewedRun, path: Path, bone: Solution) -> None:
    """Draw the displacement on the deformed bone, whose largest one is drawn 12 mm long."""
    from viz import common_limits, draw_field

    size = np.linalg.norm(bone.displacement, axis=1)
    factor = max(1, round(_DRAWN_MM / float(size.max())))
    bent = replace(run.mesh, points=run.mesh.points + factor * bone.displacement)
    values = size[run.mesh.facets].mean(axis=1)
    draw_field(
        path, bent, run.frame, values,
        title=run.titled(f"Deformed shape, displacement times {factor}, {bone.load_words}"),
        unit="mm",
        limits=common_limits(values), at_rest=run.mesh, views=_VIEWS,
    )  # fmt: skip


def _draw_strain(
    run: ViewedRun, path: Path, name: str, bone: Solution, twin: Solution | None
) -> None:
    from viz import common_limits, draw_comparison, draw_field

    kind = FIELDS[name]
    sides = [bone] if twin is None else [bone, twin]
    marks: dict[str, Any] = {
        "title": run.titled(f"{kind.title}, {bone.load_words}"),
        "unit": kind.unit,
        "limits": common_limits(*(each.fields[name][bone.judged] for each in sides)),
        "weakest_site": _site(bone),
        "lesion": run.lesion,
        "views": _VIEWS,
    }
    values = [each.fields[name] for each in sides]
    if twin is None:
        draw_field(path, run.mesh, run.frame, values[0], **marks)
    else:
        draw_comparison(
            path, run.mesh, run.frame, *values, healed_weakest_site=_site(twin), **marks
        )


def _site(solution: Solution) -> WeakestSite:
    region, mode = solution.site_words.split(", in ")
    return WeakestSite(point=solution.site, region=region, mode=mode)


def _slices(run: ViewedRun, out: Path) -> Iterator[Path]:
    """Draw slices through the weakest site under each load, with the stress over the CT."""
    from viz import ColourScale, SliceField, SliceImages, common_limits
    from viz.scene import bone_solid
    from viz.slice_sheet import draw_slice_sheet

    scan, kind = read_scan(run.folder), FIELDS["stress"]
    images = SliceImages(
        frame=run.frame, grid=scan.grid, values=scan.hu, window=_CT_WINDOW, femur=scan.femur,
        lesion=scan.lesion,
    )  # fmt: skip
    solid = bone_solid(run.mesh, run.frame, np.zeros((run.mesh.n_points, 3)), 0.0)
    for load in run.loads:
        bone = read_solution(run, load, healed=False)
        stress = bone.fields["stress"]
        scale = ColourScale(
            title=kind.title, unit=kind.unit, limits=common_limits(stress[bone.judged])
        )
        cursor = run.frame.to_frame(bone.site[None])[0]
        path = out / f"{load}_slices.png"
        draw_slice_sheet(
            path,
            _planes(run, cursor),
            images,
            SliceField(solid=solid, values=stress, scale=scale, opacity=0.45),
            cursor=cursor,
            scale=scale,
            title=run.titled(f"Slices through the weakest site, {bone.load_words}"),
        )
        yield path


def _planes(run: ViewedRun, cursor: FloatArray) -> list[Any]:
    from viz import PLANES, ImagePlane

    low, high = run.box
    return [
        ImagePlane.around(
            axis, float(cursor[axis]), low - _MARGIN_MM, high + _MARGIN_MM, pixel=_PIXEL_MM
        )
        for axis in range(len(PLANES))
    ]
