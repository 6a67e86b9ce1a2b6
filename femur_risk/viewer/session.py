"""One open page: what it shows follows what it chooses."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import InputError
from femur_risk.opened import (
    FIELDS,
    Solution,
    ViewedRun,
    ViewedScan,
    read_scan,
    read_solution,
)
from femur_risk.viewer.choice import BENEATH, SUBJECTS, Choice, loads_of, read_choice, subjects_of
from femur_risk.viewer.compose import Composed, Solved, common_scale, compose
from femur_risk.viewer.reading import cell_around, cell_at, read_images, read_place, read_values
from femur_risk.viewer.slicing import draw_slices, planes_through
from viz import VIEWS
from viz.scene import SceneWindow, gradient

__all__ = ["Session"]

_ONLY_OF_THE_BONE = "density"  # that of the twin is not stored


class Session:
    """The windows of one or two runs; solutions are read when first chosen.

    Slices, cursor and what is read at a point belong to the first run.

    Attributes
    ----------
    runs : tuple of ViewedRun
        The runs, from left to right.
    windows : tuple of SceneWindow
        A window of each.

    Raises
    ------
    InputError
        If there is no load under which all of them were solved.
    """

    def __init__(self, runs: Sequence[ViewedRun]) -> None:
        self.runs = tuple(runs)
        if not loads_of(self.runs):
            raise InputError(
                found="two runs that were solved under different loads",
                expected="a load under which both were solved",
                remedy="call 'femur-fea run' with the same --loads for both",
            )
        self.windows = tuple(SceneWindow() for _ in self.runs)
        self._solutions: dict[tuple[int, str, bool], Solution] = {}
        self.shown = self.show(self.first_page())
        self.look("anterior")

    @cached_property
    def scan(self) -> ViewedScan:
        """The images of the first run, read when first asked for."""
        return read_scan(self.runs[0].folder)

    def first_page(self) -> dict[str, Any]:
        """Return what a page chooses before its user does."""
        load = loads_of(self.runs)[0]
        names = self._fields(load)
        low, high = self._box()
        first = self.runs[0]
        return {
            "case_ids": [run.case_id for run in self.runs],
            "sides": [run.frame.side for run in self.runs],
            "loads": list(loads_of(self.runs)),
            "load": load,
            "subject": "bone",
            "fields": [{"title": FIELDS[name].title, "value": name} for name in names],
            "field": names[0],
            "deformation": 0.0,
            "threshold": 0.0,
            "cut_axis": "none",
            "cut_position": 0.0,
            "cut_low": [float(np.floor(value)) for value in low],
            "cut_high": [float(np.ceil(value)) for value in high],
            "opacity": 1.0,
            "lesion": True,
            "has_lesion": any(run.lesion is not None for run in self.runs),
            "site": True,
            "slices": False,
            "cursor": np.round(
                first.frame.to_frame(self._solution(0, load, healed=False).site[None])[0], 1
            ).tolist(),
            "beneath": "ct",
            "beneath_items": [{"title": title, "value": name} for name, title in BENEATH.items()],
            "overlay": 0.4,
            "pictures": [],
            "readings": [],
        }

    def show(self, page: Mapping[str, Any]) -> dict[str, Any]:
        """Show what a page chooses; return what it shows around the scene."""
        loads = loads_of(self.runs)
        load = page["load"] if page["load"] in loads else loads[0]
        asked = read_choice(page, self.runs, self._fields(load))
        choice = replace(asked, subject="bone") if asked.field == _ONLY_OF_THE_BONE else asked
        self._solved = [self._pair(k, choice) for k in range(len(self.runs))]
        scale = common_scale(choice, self._solved)
        self._composed = [
            compose(run, choice if k == 0 else replace(choice, slices=False), *pair, scale)
            for k, (run, pair) in enumerate(zip(self.runs, self._solved, strict=True))
        ]
        for window, composed in zip(self.windows, self._composed, strict=True):
            window.show(composed.scene)
        self._choice = choice
        subjects = ("bone",) if choice.field == _ONLY_OF_THE_BONE else subjects_of(self.runs, load)
        return {
            "subjects": [{"title": SUBJECTS[each], "value": each} for each in subjects],
            "subject": choice.subject,
            "bar_label": scale.label,
            "bar_colours": ", ".join(gradient(scale)),
            "bar_ticks": [f"{value:.3g}" for value in np.linspace(*scale.limits, 5)],
            "words": [", ".join(composed.words) for composed in self._composed],
            "site_words": [self._site_words(choice, pair) for pair in self._solved],
            "pictures": self._pictures(choice, self._composed[0]),
        }

    def look(self, view: str) -> None:
        """Look from a standard view at the whole of all bones, with one camera."""
        for window in self.windows:
            window.look(VIEWS[view], *self._box())

    def pick(self, point: Any) -> tuple[list[dict[str, str]], list[float]]:
        """Return what is stored where a point of the frame, (3,), mm, is drawn, and the cursor.

        The cursor is the point itself, of a bone that is drawn deformed the middle of its cell.
        """
        place = np.asarray(point, dtype=float).reshape(3)
        cell = cell_at(self._composed[0], place)
        run, rest = self.runs[0], place
        if self._choice.deformation:
            rest = run.frame.to_frame(run.mesh.centroids[[cell]])[0]
        rows = [*read_values(cell, self._sides()), *self._images(rest)]
        return [rows[0], *read_place(place), *rows[1:]], np.round(rest, 2).tolist()

    def aim(self, axis: Any, across: Any, down: Any) -> tuple[list[dict[str, str]], list[float]]:
        """Return what is stored at a place of a slice, and the cursor there.

        Parameters
        ----------
        axis : {0, 1, 2}
            Axis that the slice crosses.
        across, down : float
            Shares of its width and height.
        """
        cursor = np.array(self._choice.cursor)
        plane = planes_through(self.runs[0], cursor)[min(max(int(axis), 0), 2)]
        height, width = plane.shape
        share = np.clip(np.nan_to_num(np.array((across, down), dtype=float)), 0.0, 1.0)
        place = plane.point_at(share[0] * width, share[1] * height)
        # what is drawn deformed lies elsewhere
        cell = None if self._choice.deformation else cell_around(self._composed[0], place)
        stored = read_values(cell, self._sides()) if cell is not None else []
        rows = [*stored[:1], *read_place(place), *stored[1:], *self._images(place)]
        return rows, np.round(place, 2).tolist()

    def _images(self, place: FloatArray) -> list[dict[str, str]]:
        return read_images(self.scan, self.runs[0].frame, place)

    def _sides(self) -> list[tuple[str, Solution]]:
        load = self._choice.load
        sides = [("as it is", self._solution(0, load, healed=False))]
        if load in self.runs[0].twins:
            sides.append(("twin", self._solution(0, load, healed=True)))
        return sides

    def _pictures(self, choice: Choice, composed: Composed) -> list[dict[str, Any]]:
        return draw_slices(self.runs[0], self.scan, choice, composed) if choice.slices else []

    def _site_words(self, choice: Choice, pair: Solved) -> str:
        bone, twin = pair
        return (twin if twin is not None and choice.subject == "healed" else bone).site_words

    def _fields(self, load: str) -> list[str]:
        """Return the names of the fields that all runs have."""
        solved = [self._solution(k, load, healed=False) for k in range(len(self.runs))]
        return [name for name in FIELDS if all(name in each.fields for each in solved)]

    def _pair(self, k: int, choice: Choice) -> Solved:
        """Return the solutions of bone and twin of a run; a twin only where it has the field."""
        has_twin = choice.load in self.runs[k].twins and choice.field != _ONLY_OF_THE_BONE
        bone = self._solution(k, choice.load, healed=False)
        return bone, self._solution(k, choice.load, healed=True) if has_twin else None

    def _solution(self, k: int, load: str, *, healed: bool) -> Solution:
        if (k, load, healed) not in self._solutions:
            self._solutions[k, load, healed] = read_solution(self.runs[k], load, healed=healed)
        return self._solutions[k, load, healed]

    def _box(self) -> tuple[FloatArray, FloatArray]:
        lows, highs = zip(*(run.box for run in self.runs), strict=True)
        return np.min(lows, axis=0), np.max(highs, axis=0)
