"""What a page chooses, checked before anything is drawn by it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from femur_risk.opened import FIELDS, ViewedRun

__all__ = [
    "AXES",
    "BENEATH",
    "MOST_DEFORMED",
    "SUBJECTS",
    "Choice",
    "loads_of",
    "read_choice",
    "subjects_of",
]

type Subject = Literal["bone", "healed", "difference"]

SUBJECTS: Mapping[Subject, str] = {
    "bone": "As it is",
    "healed": "Lesion-free twin",
    "difference": "Difference of both",
}
AXES = ("lateral", "anterior", "proximal")
BENEATH = {"ct": "CT", "density": "Density"}
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
    slices : bool
        Whether slices are shown, and in the scene the lines that meet at the cursor.
    cursor : (3,), mm
        Where the slices meet, in the frame.
    beneath : {"ct", "density"}
        The image of the slices.
    overlay : float
        Opacity of the field over it.
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
    slices: bool
    cursor: tuple[float, float, float]
    beneath: str
    overlay: float


def loads_of(runs: Sequence[ViewedRun]) -> tuple[str, ...]:
    """Return the loads that all of some runs were solved under."""
    return tuple(name for name in runs[0].loads if all(name in run.loads for run in runs))


def subjects_of(runs: Sequence[ViewedRun], load: str) -> tuple[Subject, ...]:
    """Return what there is to show of all of some runs under a load."""
    return tuple(SUBJECTS) if all(load in run.twins for run in runs) else ("bone",)


def read_choice(
    page: Mapping[str, Any], runs: Sequence[ViewedRun], fields: Sequence[str]
) -> Choice:
    """Return what a page asks for, with the default for whatever it cannot have.

    Parameters
    ----------
    page : mapping
        State of the page, which a browser sends.
    runs : sequence of ViewedRun
        The runs that are shown beside each other.
    fields : sequence of names in `FIELDS`
        Those that their solutions have.
    """
    load = _one_of(page["load"], loads_of(runs))
    axis = page["cut_axis"]
    return Choice(
        load=load,
        subject=cast(Subject, _one_of(page["subject"], subjects_of(runs, load))),
        field=_one_of(page["field"], [name for name in FIELDS if name in fields]),
        deformation=_number(page["deformation"], 0.0, MOST_DEFORMED),
        threshold=_number(page["threshold"], 0.0, 1.0),
        cut_axis=AXES.index(axis) if axis in AXES else None,
        cut_position=_number(page["cut_position"], -_FARTHEST_MM, _FARTHEST_MM),
        opacity=_number(page["opacity"], 0.0, 1.0),
        lesion=bool(page["lesion"]),
        site=bool(page["site"]),
        slices=bool(page["slices"]),
        cursor=_place(page["cursor"]),
        beneath=_one_of(page["beneath"], tuple(BENEATH)),
        overlay=_number(page["overlay"], 0.0, 1.0),
    )


def _one_of(asked: object, names: Sequence[str]) -> str:
    return asked if isinstance(asked, str) and asked in names else names[0]


def _place(asked: object) -> tuple[float, float, float]:
    """Return a point of the frame; its origin for what is none."""
    if not isinstance(asked, list | tuple) or len(asked) != len(AXES):
        return 0.0, 0.0, 0.0
    x, y, z = (_coordinate(each) for each in asked)
    return x, y, z


def _coordinate(asked: object) -> float:
    known = isinstance(asked, int | float) and math.isfinite(asked)
    return _number(asked, -_FARTHEST_MM, _FARTHEST_MM) if known else 0.0


def _number(asked: object, low: float, high: float) -> float:
    """Return a number between two limits; the lower one for what is none."""
    if not isinstance(asked, int | float) or not math.isfinite(asked):
        return low
    return min(max(float(asked), low), high)
