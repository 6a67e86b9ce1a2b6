"""From what is chosen to the parts of a scene and their scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_risk.opened import FIELDS, Solution, ViewedRun
from femur_risk.viewer.choice import Choice
from viz import ColourScale, common_limits
from viz.scene import (
    CutPlane,
    DifferenceScale,
    Scene,
    ScenePart,
    SceneScale,
    bone_solid,
    carried,
    cell_colours,
    cursor_part,
    lesion_part,
    shown_part,
    site_part,
    visible_parts,
)

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["Composed", "Solved", "common_scale", "compose"]

type Solved = tuple[Solution, Solution | None]

_RESOLVED_PERCENTILE = 99.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Composed:
    """A scene with what is needed to explain and to read it.

    Attributes
    ----------
    scene : Scene
        Its parts.
    scale : SceneScale
        Its colours.
    values : (n_cells,)
        The field that is shown.
    part : pyvista.UnstructuredGrid
        The cells that the threshold leaves, deformed as they are drawn, in the frame.
    words : tuple of str
        At which load the field holds, one line of each solution.
    shown : (n_cells,), bool
        Which cells the threshold leaves.
    """

    scene: Scene
    scale: SceneScale
    values: FloatArray
    part: "pv.UnstructuredGrid"
    words: tuple[str, ...]
    shown: BoolArray


def compose(
    run: ViewedRun,
    choice: Choice,
    bone: Solution,
    twin: Solution | None,
    scale: SceneScale,
) -> Composed:
    """Return the scene that is chosen.

    Parameters
    ----------
    run : ViewedRun
        The run.
    choice : Choice
        What is chosen.
    bone : Solution
        Under the chosen load.
    twin : Solution or None
        Of the lesion-free twin, where there is one.
    scale : SceneScale
        As from `common_scale`.
    """
    drawn = twin if twin is not None and choice.subject == "healed" else bone
    values = _field(choice, bone, twin)
    solid = bone_solid(run.mesh, run.frame, drawn.displacement, choice.deformation)
    shown = _shown(values, scale, choice.threshold)
    part = shown_part(solid, shown)
    plane = (
        None
        if choice.cut_axis is None
        else CutPlane(axis=choice.cut_axis, position=choice.cut_position)
    )
    surface, face = visible_parts(part, plane)
    scene = {
        "bone": ScenePart(
            surface=surface,
            rgb=cell_colours(surface, values, scale),
            opacity=choice.opacity,
            is_pickable=True,
        ),
        "face": ScenePart(
            surface=face, rgb=cell_colours(face, values, scale), is_pickable=True, is_lit=False
        ),
    }
    for name, mark in _marks(run, choice, drawn).items():
        scene[name] = carried(mark, run.mesh, run.frame, drawn.displacement, choice.deformation)
    if choice.slices:
        scene["cursor"] = cursor_part(np.array(choice.cursor), *run.box)
    words = [f"{name}: {each.load_words}" for name, each in _sides(choice, bone, twin)]
    return Composed(
        scene=scene, scale=scale, values=values, part=part, words=tuple(words), shown=shown
    )


def _marks(run: ViewedRun, choice: Choice, drawn: Solution) -> Scene:
    """Return what is shown beside the bone, where it lies at rest."""
    marks = {}
    if choice.lesion and run.lesion is not None:
        marks["lesion"] = lesion_part(run.lesion, run.frame)
    if choice.site:
        marks["site"] = site_part(drawn.site, run.frame)
    return marks


def common_scale(choice: Choice, solved: Sequence[Solved]) -> SceneScale:
    """Return a scale that holds for all bones that are shown, and for their twins alike.

    Parameters
    ----------
    choice : Choice
        What is chosen.
    solved : sequence of (bone, twin)
        The solutions of each run under the chosen load.
    """
    kind = FIELDS[choice.field]
    if choice.subject == "difference":
        largest = max(
            np.nanpercentile(np.abs(_judged(choice, bone, twin)), _RESOLVED_PERCENTILE)
            for bone, twin in solved
        )
        title = f"{kind.title}, as it is less twin"
        return DifferenceScale(title=title, unit=kind.unit, largest=_at_least(largest))
    fields = [
        each.fields[choice.field][_counted(choice, bone)]
        for bone, twin in solved
        for each in (bone, twin)
        if each is not None
    ]
    return ColourScale(
        title=kind.title, unit=kind.unit, limits=common_limits(*fields), threshold=kind.threshold
    )


def _sides(choice: Choice, bone: Solution, twin: Solution | None) -> list[tuple[str, Solution]]:
    sides = [("as it is", bone)] if choice.subject != "healed" else []
    if twin is not None and choice.subject != "bone":
        sides.append(("twin", twin))
    return sides


def _field(choice: Choice, bone: Solution, twin: Solution | None) -> FloatArray:
    """Return what is shown of each cell."""
    values = bone.fields[choice.field]
    if twin is None or choice.subject == "bone":
        return values
    healed = twin.fields[choice.field]
    return healed if choice.subject == "healed" else values - healed


def _judged(choice: Choice, bone: Solution, twin: Solution | None) -> FloatArray:
    """Return what is shown of the cells that the scale is made for."""
    return _field(choice, bone, twin)[_counted(choice, bone)]


def _counted(choice: Choice, bone: Solution) -> BoolArray:
    """Return the cells that the scale is made for, shape (n_cells,)."""
    judged = bone.judged
    return judged if FIELDS[choice.field].is_of_judged else np.ones_like(judged)


def _at_least(largest: float) -> float:
    """Return the end of a scale of differences, of which there may be none."""
    return max(float(largest), float(np.finfo(np.float32).tiny))


def _shown(values: FloatArray, scale: SceneScale, threshold: float) -> BoolArray:
    """Return the cells whose colour lies above a share of the scale; those without a value at 0."""
    if threshold == 0.0:
        return np.ones(len(values), dtype=bool)
    low, high = scale.limits
    ends_at_zero = low == 0.0
    size = values if ends_at_zero else np.abs(values)  # a difference counts in either direction
    return np.asarray(np.nan_to_num(size, nan=-np.inf) >= threshold * high)
