"""What a page chooses, checked before anything is drawn by it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from femur_risk.viewer.fields import FIELDS
from femur_risk.viewer.open_run import ViewedRun

__all__ = ["AXES", "MOST_DEFORMED", "SUBJECTS", "Choice", "read_choice", "subjects_of"]

type Subject = Literal["bone", "healed", "difference"]

SUBJECTS: Mapping[Subject, str] = {
    "bone": "As it is",
    "healed": "Lesion-free twin",
    "difference": "Difference of both",
}
AXES = ("lateral", "anterior", "proximal")
MOST_DEFORMED = 50.0
_FARTHEST_MM = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is shown and how.

    Attributes
    ----------
    load : str
        Name of the load.
    subject : {"bone", "healed", "difference"}
        The bone as it is, its lesion-free twin, or the first less the second.
    field : str
        A name in `FIELDS`.
    deformation : float
        How often the displacement is drawn.
    threshold : float
        Share of the colour scale below which cells are hidden; all are shown at 0.
    cut_axis : {0, 1, 2} or None
        Axis of the frame that the cut plane crosses.
    cut_position : float, mm
        Where it does.
    opacity : float
        Of the bone.
    lesion, site : bool
        Whether lesion and weakest site are shown.
    """

    load: str
    subject: Subject
    field: str
    deformation: float
    threshold: float
    cut_axis: int | None
    cut_position: float
    opacity: float
    lesion: bool
    site: bool


def subjects_of(run: ViewedRun, load: str) -> tuple[Subject, ...]:
    """Return what there is to show under a load."""
    return tuple(SUBJECTS) if load in run.twins else ("bone",)


def read_choice(page: Mapping[str, Any], run: ViewedRun, fields: Sequence[str]) -> Choice:
    """Return what a page asks for, with the default for whatever it cannot have.

    Parameters
    ----------
    page : mapping
        State of the page, which a browser sends.
    run : ViewedRun
        The run.
    fields : sequence of names in `FIELDS`
        Those that its solutions have.
    """
    load = _one_of(page["load"], run.loads)
    axis = page["cut_axis"]
    return Choice(
        load=load,
        subject=cast(Subject, _one_of(page["subject"], subjects_of(run, load))),
        field=_one_of(page["field"], [name for name in FIELDS if name in fields]),
        deformation=_number(page["deformation"], 0.0, MOST_DEFORMED),
        threshold=_number(page["threshold"], 0.0, 1.0),
        cut_axis=AXES.index(axis) if axis in AXES else None,
        cut_position=_number(page["cut_position"], -_FARTHEST_MM, _FARTHEST_MM),
        opacity=_number(page["opacity"], 0.0, 1.0),
        lesion=bool(page["lesion"]),
        site=bool(page["site"]),
    )


def _one_of(asked: object, names: Sequence[str]) -> str:
    return asked if isinstance(asked, str) and asked in names else names[0]


def _number(asked: object, low: float, high: float) -> float:
    """Return a number between two limits; the lower one for what is none."""
    if not isinstance(asked, int | float) or not math.isfinite(asked):
        return low
    return min(max(float(asked), low), high)
