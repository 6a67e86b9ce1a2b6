"""The picture of force against displacement under one load, drawn from the artefacts of a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.io import read_json
from femur_risk.pipeline import layout
from femur_risk.pipeline.run import Run
from femur_risk.report import ENGLISH, ReportFigure, describe_curve_end, find_words

if TYPE_CHECKING:
    from viz import CurveLine

__all__ = ["draw_curve"]


def draw_curve(run: Run, folder: Path, name: str) -> ReportFigure:
    """Draw the curve of a nonlinear model under the load `name`, with that of the twin."""
    from viz import draw_curves

    labels = {"bone": name}
    if run.has_lesion:
        labels["lesion-free twin"] = layout.twin_name(name, healed=True)
    results = {
        label: read_json(run.folder / layout.result_file(place)) for label, place in labels.items()
    }
    simulated = " (simulated)" if run.config.input.simulated else ""
    path = folder / f"{name}_curve.png"
    draw_curves(
        path,
        [_line(run, label, place, results[label]) for label, place in labels.items()],
        title=f"Force against displacement, {name}{simulated}",
    )
    words = find_words(ENGLISH)
    ends = [
        f"The curve of the {label} {describe_curve_end(words, found['curve_end'])}."
        for label, found in results.items()
    ]
    caption = (
        f"Force against displacement of the load under {name}{simulated}. Rings: first yield. "
        f"Diamonds: strength, at which the other pictures are taken. {' '.join(ends)}"
    )
    return ReportFigure(png=path, caption=caption)


def _line(run: Run, label: str, place: str, result: dict[str, Any]) -> "CurveLine":
    from viz import CurveLine

    path = run.folder / layout.curve_file(place)
    curve = np.genfromtxt(path, delimiter=",", names=True)
    return CurveLine(
        label=label,
        displacement=curve["displacement_mm"],
        force=curve["force_N"],
        first_yield=result["first_yield_N"],
        failure=(result["fields_displacement_mm"], result["strength_N"]),
    )
