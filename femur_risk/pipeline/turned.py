"""The bone that can be turned in the report, read from the artefacts of a run."""

from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_bone, read_lesion
from femur_risk.pipeline.choices import load_names
from femur_risk.pipeline.quantities import QUANTITIES
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.solved import SolvedLoad, read_solved
from femur_risk.report import ColouredSide, LoadedBone, ReportModel

if TYPE_CHECKING:
    from viz import ReducedSurface

__all__ = ["gather_model"]

_N_COLOURS = 256


def gather_model(run: Run) -> ReportModel:
    """Return the surface of a run's bone, with what leads to failure under every load."""
    from viz import reduced_bone, reduced_lesion

    mesh, frame = read_bone(run.folder)
    bone = reduced_bone(mesh, frame)
    lesion = reduced_lesion(read_lesion(run.folder), frame) if run.has_lesion else None
    return ReportModel(
        points=bone.points,
        triangles=bone.triangles,
        lesion_points=np.empty((0, 3)) if lesion is None else lesion.points,
        lesion_triangles=np.empty((0, 3), dtype=int) if lesion is None else lesion.triangles,
        loads=tuple(_loaded(run, name, mesh, frame, bone) for name in load_names(run.config)),
    )


def _loaded(
    run: Run, name: str, mesh: BoneMesh, frame: FemoralFrame, bone: "ReducedSurface"
) -> LoadedBone:
    from viz import ColourScale

    sides = _sides(run, name, frame)
    model = PRESETS[run.config.preset.name].model
    quantity = QUANTITIES[model](name, sides)[0]
    scale = ColourScale(title=quantity.title, unit=quantity.unit, limits=quantity.limits)
    shown = [
        _side(mesh, frame, bone, values, side)
        for values, side in zip(quantity.values, sides, strict=True)
    ]
    return LoadedBone(
        load=name,
        quantity=quantity.title,
        unit=quantity.unit,
        limits=quantity.limits,
        rgb=scale.rgb(np.linspace(*quantity.limits, _N_COLOURS)),
        bone=shown[0],
        twin=shown[1] if len(shown) > 1 else None,
    )


def _sides(run: Run, name: str, frame: FemoralFrame) -> list[SolvedLoad]:
    """Return the bone, and its twin unless that is weakest in another direction."""
    bone = read_solved(run, name, frame)
    if not run.has_lesion:
        return [bone]
    twin = read_solved(run, layout.twin_name(name, healed=True), frame)
    return [bone, twin] if twin.load == bone.load else [bone]


def _side(
    mesh: BoneMesh,
    frame: FemoralFrame,
    bone: "ReducedSurface",
    values: FloatArray,
    solved: SolvedLoad,
) -> ColouredSide:
    from viz import facet_values

    site = frame.to_frame(np.asarray(solved.site.point, dtype=float)[None])[0]
    return ColouredSide(values=facet_values(mesh, values)[bone.facets], site=site)
