"""One open page: what it shows follows what it chooses."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from femur_risk.viewer.choice import SUBJECTS, read_choice, subjects_of
from femur_risk.viewer.compose import compose
from femur_risk.viewer.fields import FIELDS
from femur_risk.viewer.open_run import Solution, ViewedRun, read_solution
from femur_risk.viewer.reading import cell_at, read_values
from viz import VIEWS
from viz.scene import SceneWindow, gradient

__all__ = ["Session"]


class Session:
    """The window of a run and what is read of it; solutions are read when first chosen.

    Attributes
    ----------
    run : ViewedRun
        The run.
    window : SceneWindow
        The window.
    """

    def __init__(self, run: ViewedRun) -> None:
        self.run = run
        self.window = SceneWindow()
        self._solutions: dict[tuple[str, bool], Solution] = {}
        self.shown = self.show(self.first_page())
        self.look("anterior")

    def first_page(self) -> dict[str, Any]:
        """Return what a page chooses before its user does."""
        load = self.run.loads[0]
        solved = self._solution(load, healed=False)
        low, high = self._box()
        return {
            "case_id": self.run.case_id,
            "side": self.run.frame.side,
            "loads": list(self.run.loads),
            "load": load,
            "subject": "bone",
            "fields": [
                {"title": kind.title, "value": name}
                for name, kind in FIELDS.items()
                if name in solved.fields
            ],
            "field": next(name for name in FIELDS if name in solved.fields),
            "deformation": 0.0,
            "threshold": 0.0,
            "cut_axis": "none",
            "cut_position": 0.0,
            "cut_low": [float(np.floor(value)) for value in low],
            "cut_high": [float(np.ceil(value)) for value in high],
            "opacity": 1.0,
            "lesion": True,
            "has_lesion": self.run.lesion is not None,
            "site": True,
            "readings": [],
        }

    def show(self, page: Mapping[str, Any]) -> dict[str, Any]:
        """Show what a page chooses; return what it shows around the scene."""
        load = page["load"] if page["load"] in self.run.loads else self.run.loads[0]
        self._bone = self._solution(load, healed=False)
        self._twin = self._solution(load, healed=True) if load in self.run.twins else None
        choice = read_choice(page, self.run, tuple(self._bone.fields))
        self._composed = compose(self.run, choice, self._bone, self._twin)
        self.window.show(self._composed.scene)
        scale = self._composed.scale
        return {
            "subjects": [
                {"title": SUBJECTS[each], "value": each} for each in subjects_of(self.run, load)
            ],
            "subject": choice.subject,
            "bar_label": scale.label,
            "bar_colours": ", ".join(gradient(scale)),
            "bar_ticks": [f"{value:.3g}" for value in np.linspace(*scale.limits, 5)],
            "words": list(self._composed.words),
            "site_words": (
                self._twin if self._twin and choice.subject == "healed" else self._bone
            ).site_words,
        }

    def look(self, view: str) -> None:
        """Look from a standard view at the whole bone."""
        self.window.look(VIEWS[view], *self._box())

    def pick(self, point: Any) -> list[dict[str, str]]:
        """Return what is stored of the cell that is drawn at a point of the frame, (3,), mm."""
        place = np.asarray(point, dtype=float).reshape(3)
        sides = [("as it is", self._bone), ("twin", self._twin)]
        solved = [(name, each) for name, each in sides if each is not None]
        return read_values(cell_at(self._composed, place), place, solved)

    def _solution(self, load: str, *, healed: bool) -> Solution:
        if (load, healed) not in self._solutions:
            self._solutions[load, healed] = read_solution(self.run, load, healed=healed)
        return self._solutions[load, healed]

    def _box(self) -> tuple[Any, Any]:
        points = self.run.frame.to_frame(self.run.mesh.points)
        return points.min(axis=0), points.max(axis=0)
