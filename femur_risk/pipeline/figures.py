"""The pictures of a run, drawn from its artefacts."""

import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

from femur_fea.domain import BoneMesh, FemoralFrame, LabelMask, LoadCase
from femur_fea.errors import FemurFEAWarning
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_bone, read_lesion
from femur_risk.pipeline.choices import directions_of, load_names
from femur_risk.pipeline.curves import draw_curve
from femur_risk.pipeline.quantities import QUANTITIES, Quantity
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.solved import SolvedLoad, read_solved
from femur_risk.report import ReportFigure

__all__ = ["draw_figures"]


def draw_figures(run: Run, place: Path) -> tuple[ReportFigure, ...]:
    """Draw all figures below `place`: loads in their order, the stiffness last."""
    mesh, frame = read_bone(run.folder)
    lesion = read_lesion(run.folder) if run.has_lesion else None
    folder = place / layout.FIGURES
    folder.mkdir(parents=True)
    solved = {name: read_solved(run, name, frame) for name in load_names(run.config)}
    drawn = [
        figure
        for name, load in solved.items()
        for figure in _draw_load(run, folder, name, load, mesh, frame, lesion)
    ]
    section = _draw_section(run, folder, next(iter(solved.values())), mesh, frame, lesion)
    return (*drawn, section)


def _draw_load(
    run: Run,
    folder: Path,
    name: str,
    solved: SolvedLoad,
    mesh: BoneMesh,
    frame: FemoralFrame,
    lesion: LabelMask | None,
) -> list[ReportFigure]:
    """Draw what leads to failure and the stress under one load at failure, and a bone's curve."""
    twin = _twin_under(run, name, solved, frame) if lesion else None
    load = _load_at_failure(run, name, solved, mesh, frame)
    sides = [side for side in (solved, twin) if side is not None]
    where = name if solved.load == name else f"{solved.load}, the weakest direction of {name}"
    model = PRESETS[run.config.preset.name].model
    drawn = [
        _draw_quantity(
            folder / f"{name}{quantity.suffix}.png",
            quantity,
            mesh,
            frame,
            solved,
            twin,
            title=f"{quantity.title}, {solved.load}{_at(solved, twin)}{_simulated(run)}",
            load=load,
            lesion=lesion,
        )
        for quantity in QUANTITIES[model](where, sides)
    ]
    return drawn if model == "linear" else [*drawn, draw_curve(run, folder, name)]


def _simulated(run: Run) -> str:
    return " (simulated)" if run.config.input.simulated else ""


def _at(solved: SolvedLoad, twin: SolvedLoad | None) -> str:
    """Return the force of a picture of one bone; with a twin the force stands over each row."""
    return f", {solved.strength:,.0f} {solved.units.label}" if twin is None else ""


def _twin_under(run: Run, name: str, solved: SolvedLoad, frame: FemoralFrame) -> SolvedLoad | None:
    """Return the twin under the same load; None if it is weakest in another direction."""
    twin = read_solved(run, layout.twin_name(name, healed=True), frame)
    return twin if twin.load == solved.load else None


def _draw_quantity(
    path: Path,
    quantity: Quantity,
    mesh: BoneMesh,
    frame: FemoralFrame,
    solved: SolvedLoad,
    twin: SolvedLoad | None,
    **marks: Any,
) -> ReportFigure:
    """Draw one quantity on the bone, and on its twin below where there is one."""
    from viz import draw_comparison, draw_field

    marks = {
        "unit": quantity.unit,
        "limits": quantity.limits,
        "weakest_site": solved.site,
        **marks,
    }
    if twin is None:
        draw_field(path, mesh, frame, *quantity.values, **marks)
        return ReportFigure(png=path, caption=quantity.caption)
    draw_comparison(
        path,
        mesh,
        frame,
        *quantity.values,
        headings=quantity.headings,
        healed_weakest_site=twin.site,
        **marks,
    )
    return ReportFigure(png=path, caption=f"{quantity.caption} {quantity.twin_caption}")


def _draw_section(
    run: Run,
    folder: Path,
    solved: SolvedLoad,
    mesh: BoneMesh,
    frame: FemoralFrame,
    lesion: LabelMask | None,
) -> ReportFigure:
    from viz import common_limits, draw_section

    path = folder / "stiffness.png"
    stiffness = solved.E_modulus / 1000.0
    draw_section(
        path,
        mesh,
        frame,
        stiffness,
        title=f"Young's modulus in the frontal plane{_simulated(run)}",
        unit="GPa",
        limits=common_limits(stiffness),
        lesion=lesion,
    )
    return ReportFigure(png=path, caption="Young's modulus in the frontal plane of head and neck.")


def _load_at_failure(
    run: Run, name: str, solved: SolvedLoad, mesh: BoneMesh, frame: FemoralFrame
) -> LoadCase:
    """Return the load at the bone's strength, of a family in the direction that is drawn."""
    fixed_length = run.config.loads.fixed_length_mm
    record = next(each for each in directions_of(name) if each.name == solved.load)
    with warnings.catch_warnings():
        # stage fe has recorded whatever the load warns of on this bone
        warnings.simplefilter("ignore", FemurFEAWarning)
        load = record.apply(mesh, frame, fixed_length=fixed_length)
    growth = solved.strength / solved.reference
    return replace(
        load,
        traction=growth * load.traction,
        displacement=growth * load.displacement,
        magnitude=growth * load.magnitude,
        plate_force=solved.plate_force,
    )
