"""The pictures of a run, drawn from its artefacts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LabelMask, LoadCase, WeakestSite
from femur_fea.io import read_json, read_mesh
from femur_fea.loads import LOAD_CASES
from femur_fea.strength import von_mises
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_bone, read_lesion
from femur_risk.pipeline.choices import load_names
from femur_risk.pipeline.run import Run
from femur_risk.report import ReportFigure

__all__ = ["draw_figures"]

_TITLE = "Strain over its limit at failure"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Solved:
    """What the figures need of one load, for the bone as it is or its twin.

    Attributes
    ----------
    strength : float, N
        Failure load.
    site : WeakestSite
        Where it fails.
    at_reference : (n_cells,), dimensionless
        Largest ratio of strain to its limit on each cell's surface at the reference force.
    stress : (n_cells,), MPa
        Von Mises stress of each cell at the reference force.
    reference : float, N
        The reference force.
    E_modulus : (n_cells,), MPa
        Mean modulus of each cell.
    """

    strength: float
    site: WeakestSite
    at_reference: FloatArray
    stress: FloatArray
    reference: float
    E_modulus: FloatArray

    def stress_at(self, force: float) -> FloatArray:
        """Return the von Mises stress of each cell at a force in N, (n_cells,), MPa."""
        return self.stress * (force / self.reference)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Quantity:
    """One quantity to draw: values on the cells, of the bone and then of its twin if there is one.

    `path`, `title`, `unit`, `limits` and `caption` are those of the figure.
    """

    path: Path
    title: str
    unit: str
    limits: tuple[float, float]
    values: Sequence[FloatArray]
    caption: str


def draw_figures(run: Run, place: Path) -> tuple[ReportFigure, ...]:
    """Draw all figures below `place`: the weakest load first, the stiffness last."""
    mesh, frame = read_bone(run.folder, run.config)
    lesion = read_lesion(run.folder) if run.has_lesion else None
    folder = place / layout.FIGURES
    folder.mkdir(parents=True)
    solved = {name: _read(run, name, frame) for name in load_names(run.config)}
    weakest_first = sorted(solved, key=lambda name: solved[name].strength)
    drawn = [
        figure
        for name in weakest_first
        for figure in _draw_load(run, folder, name, solved[name], mesh, frame, lesion)
    ]
    section = _draw_section(folder, solved[weakest_first[0]], mesh, frame, lesion)
    return (*drawn, section)


def _draw_load(
    run: Run,
    folder: Path,
    name: str,
    solved: _Solved,
    mesh: BoneMesh,
    frame: FemoralFrame,
    lesion: LabelMask | None,
) -> tuple[ReportFigure, ReportFigure]:
    """Draw the strain over its limit and the stress under one load at failure."""
    from viz import common_limits

    twin = _read(run, layout.twin_name(name, healed=True), frame) if lesion else None
    # over its own maximum, so that rounding does not lift the weakest site above 1
    highest = float(np.nanmax(solved.at_reference))
    stress = [side.stress_at(solved.strength) for side in (solved, twin) if side is not None]
    simulated = " (simulated)" if run.config.input.simulated else ""
    quantities = (
        _Quantity(
            path=folder / f"{name}.png",
            title=f"{_TITLE}, {name}, {solved.strength:.0f} N{simulated}",
            unit="",
            limits=(0.0, 1.0),
            values=[s.at_reference / highest for s in (solved, twin) if s is not None],
            caption=_caption(name, solved),
        ),
        _Quantity(
            path=folder / f"{name}_stress.png",
            title=f"Von Mises stress at failure, {name}, {solved.strength:.0f} N{simulated}",
            unit="MPa",
            limits=common_limits(*stress),
            values=stress,
            caption=f"Von Mises stress when the bone fails under {name} at "
            f"{solved.strength:.0f} N, mean of each cell at the surface.",
        ),
    )
    load = _load_at_failure(run, name, mesh, frame, solved.strength)
    first, second = (
        _draw_quantity(quantity, mesh, frame, solved, twin, load=load, lesion=lesion)
        for quantity in quantities
    )
    return first, second


def _draw_quantity(
    quantity: _Quantity,
    mesh: BoneMesh,
    frame: FemoralFrame,
    solved: _Solved,
    twin: _Solved | None,
    **marks: Any,
) -> ReportFigure:
    """Draw one quantity on the bone, and on its twin below where there is one."""
    from viz import draw_comparison, draw_field

    words = {"title": quantity.title, "unit": quantity.unit, "limits": quantity.limits}
    marks = {**words, "weakest_site": solved.site, **marks}
    if twin is None:
        draw_field(quantity.path, mesh, frame, *quantity.values, **marks)
        return ReportFigure(png=quantity.path, caption=quantity.caption)
    draw_comparison(
        quantity.path, mesh, frame, *quantity.values, healed_weakest_site=twin.site, **marks
    )
    return ReportFigure(
        png=quantity.path,
        caption=f"{quantity.caption} Below, the lesion-free twin under the same load; it "
        f"fails at {twin.strength:.0f} N.",
    )


def _draw_section(
    folder: Path, solved: _Solved, mesh: BoneMesh, frame: FemoralFrame, lesion: LabelMask | None
) -> ReportFigure:
    from viz import common_limits, draw_section

    path = folder / "stiffness.png"
    stiffness = solved.E_modulus / 1000.0
    draw_section(
        path,
        mesh,
        frame,
        stiffness,
        title="Young's modulus in the frontal plane",
        unit="GPa",
        limits=common_limits(stiffness),
        lesion=lesion,
    )
    return ReportFigure(png=path, caption="Young's modulus in the frontal plane of head and neck.")


def _caption(name: str, solved: _Solved) -> str:
    return (
        f"Strain over its limit when the bone fails under {name} at {solved.strength:.0f} N. The "
        f"ring marks the weakest site: {solved.site.region}, in {solved.site.mode}."
    )


def _load_at_failure(
    run: Run, name: str, mesh: BoneMesh, frame: FemoralFrame, strength: float
) -> LoadCase:
    fixed_length = run.config.loads.fixed_length_mm
    load = LOAD_CASES[name].apply(mesh, frame, fixed_length=fixed_length)
    traction = load.traction * (strength / load.magnitude)
    return replace(load, traction=traction, magnitude=strength)


def _read(run: Run, name: str, frame: FemoralFrame) -> _Solved:
    result = read_json(run.folder / layout.result_file(name))
    fields = read_mesh(
        run.folder / layout.field_file(name), kind=run.config.mesh.element, side=frame.side
    ).cell_data
    site = result["weakest_site"]
    return _Solved(
        strength=result["strength_N"],
        site=WeakestSite(
            point=np.array(site["point_mm"]), region=site["region"], mode=site["mode"]
        ),
        at_reference=np.asarray(fields["risk_factor"], dtype=float),
        stress=von_mises(np.asarray(fields["stress_MPa"], dtype=float)),
        reference=result["reference_force_N"],
        E_modulus=np.asarray(fields["E_modulus_MPa"], dtype=float),
    )
