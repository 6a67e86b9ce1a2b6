"""From what is chosen to the parts of a scene and their scale."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_risk.viewer.choice import Choice
from femur_risk.viewer.fields import FIELDS
from femur_risk.viewer.open_run import Solution, ViewedRun
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
    lesion_part,
    shown_part,
    site_part,
    visible_parts,
)

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["Composed", "compose"]

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
    """

    scene: Scene
    scale: SceneScale
    values: FloatArray
    part: "pv.UnstructuredGrid"
    words: tuple[str, ...]


def compose(run: ViewedRun, choice: Choice, bone: Solution, twin: Solution | None) -> Composed:
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
    """
    drawn = twin if twin is not None and choice.subject == "healed" else bone
    values, scale = _field(choice, bone, twin)
    solid = bone_solid(run.mesh, run.frame, drawn.displacement, choice.deformation)
    part = shown_part(solid, _shown(values, scale, choice.threshold))
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
    words = [f"{name}: {each.load_words}" for name, each in _sides(choice, bone, twin)]
    return Composed(scene=scene, scale=scale, values=values, part=part, words=tuple(words))


def _marks(run: ViewedRun, choice: Choice, drawn: Solution) -> Scene:
    """Return what is shown beside the bone, where it lies at rest."""
    marks = {}
    if choice.lesion and run.lesion is not None:
        marks["lesion"] = lesion_part(run.lesion, run.frame)
    if choice.site:
        marks["site"] = site_part(drawn.site, run.frame)
    return marks


def _sides(choice: Choice, bone: Solution, twin: Solution | None) -> list[tuple[str, Solution]]:
    sides = [("as it is", bone)] if choice.subject != "healed" else []
    if twin is not None and choice.subject != "bone":
        sides.append(("twin", twin))
    return sides


def _field(choice: Choice, bone: Solution, twin: Solution | None) -> tuple[FloatArray, SceneScale]:
    """Return what is shown of each cell, and a scale that holds for the bone and its twin alike."""
    kind = FIELDS[choice.field]
    sides = [bone] if twin is None else [bone, twin]
    values = [each.fields[choice.field] for each in sides]
    judged = bone.judged if kind.is_of_judged else np.ones_like(bone.judged)
    if choice.subject == "difference":
        apart = values[0] - values[-1]
        largest = np.nanpercentile(np.abs(apart[judged]), _RESOLVED_PERCENTILE)
        title = f"{kind.title}, as it is less twin"
        return apart, DifferenceScale(title=title, unit=kind.unit, largest=_at_least(largest))
    scale = ColourScale(
        title=kind.title,
        unit=kind.unit,
        limits=common_limits(*(each[judged] for each in values)),
        threshold=kind.threshold,
    )
    return values[-1] if choice.subject == "healed" else values[0], scale


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
