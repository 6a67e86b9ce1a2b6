"""Plots of a validation, as SVG that stands within a page."""

from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.validation.record import (
    CalibrationRecord,
    Estimate,
    SubgroupRecord,
    ValidationRecord,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "areas_over_time",
    "decision_plot",
    "recalibration_plot",
    "reliability_plot",
    "subgroup_plot",
]

_COLOURS = ("#205f9a", "#c25700", "#2a7d4f", "#7a3f98", "#8a6d00", "#a02050", "#3b7f8c", "#555555")
_GREY = "#8a939c"
_BAND = 0.15  # opacity


def reliability_plot(record: ValidationRecord) -> str:
    """Return observed over predicted probability of each probability."""
    lines = {
        f"{each.name} (n {each.n})": each.calibration
        for each in record.predictors
        if each.calibration is not None
    }
    return _reliability(lines, record)


def recalibration_plot(record: ValidationRecord) -> str | None:
    """Return reliability before and after a recalibration; None where none is asked for."""
    found = record.recalibration
    if found is None:
        return None
    return _reliability({"before": found.before, f"after ({found.method})": found.after}, record)


def _reliability(lines: Mapping[str, CalibrationRecord], record: ValidationRecord) -> str:
    def draw(axes: "Axes") -> None:
        axes.plot([0.0, 1.0], [0.0, 1.0], color=_GREY, linewidth=1.0, linestyle=":")
        for (label, line), colour in zip(lines.items(), _cycled(len(lines)), strict=True):
            _curve(axes, line, label, colour)
        axes.set(xlabel="predicted probability", ylabel="observed share, smoothed")
        axes.set(xlim=(0.0, _top(axes)), ylim=(0.0, _top(axes)))
        axes.legend(fontsize=8, frameon=False)

    return _svg(draw, (6.0, 5.0), record)


def decision_plot(record: ValidationRecord) -> str:
    """Return net benefit over the threshold."""

    def draw(axes: "Axes") -> None:
        curves = record.decision_curves
        axes.axhline(0.0, color=_GREY, linewidth=1.0, linestyle=":", label="treat none")
        for each, colour in zip(curves, _cycled(len(curves)), strict=True):
            values, low, high = _arrays(each.net_benefit)
            axes.plot(record.thresholds, values, color=colour, label=f"{each.name} (n {each.n})")
            if each.name == f"probability_{record.settings.engine}":
                axes.fill_between(record.thresholds, low, high, color=colour, alpha=_BAND, lw=0)
        best = max(each.net_benefit[0].value or 0.0 for each in curves)
        axes.set(
            xlabel="threshold probability", ylabel="net benefit", ylim=(-0.3 * best, 1.2 * best)
        )
        axes.legend(fontsize=8, frameon=False)

    return _svg(draw, (6.0, 5.0), record)


def areas_over_time(record: ValidationRecord) -> str | None:
    """Return the area under the curve over time; None where no times are known."""
    drawn = [each for each in record.predictors if each.auroc_at]
    if not drawn:
        return None

    def draw(axes: "Axes") -> None:
        for shift, (each, colour) in enumerate(zip(drawn, _cycled(len(drawn)), strict=True)):
            values, low, high = _arrays([at.auroc for at in each.auroc_at])
            days = np.array([at.time_days for at in each.auroc_at]) + 3.0 * shift
            axes.plot(days, values, "o-", color=colour, label=each.name, markersize=4)
            axes.vlines(days, low, high, color=colour, linewidth=1.0)
        axes.axhline(0.5, color=_GREY, linewidth=1.0, linestyle=":")
        axes.set(xlabel="days", ylabel="area under the curve at that time", ylim=(0.2, 1.0))
        axes.legend(fontsize=8, frameon=False, loc="lower left", ncols=2)

    return _svg(draw, (6.0, 4.0), record)


def subgroup_plot(record: ValidationRecord) -> str | None:
    """Return area and observed over expected by subgroup; None where none is judged."""
    judged = [row for row in record.subgroups.rows if row.judged]
    if not judged:
        return None
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.0, 0.8 + 0.32 * len(judged)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    _forest(left, judged, [row.auroc for row in judged], "AUROC", 0.5)
    _forest(
        right, judged, [row.observed_over_expected for row in judged], "observed / expected", 1.0
    )
    return _text(figure, record)


def _forest(
    axes: "Axes",
    rows: Sequence[SubgroupRecord],
    found: Sequence[Estimate | None],
    label: str,
    neutral: float,
) -> None:
    places = np.arange(len(rows))[::-1]
    values, low, high = _arrays(found)
    colours = ["#a02000" if row.alarms else _COLOURS[0] for row in rows]
    axes.axvline(neutral, color=_GREY, linewidth=1.0, linestyle=":")
    axes.hlines(places, low, high, color=colours)
    axes.scatter(values, places, color=colours, s=18)
    names = [f"{row.attribute}: {row.level} ({row.n_fractured}/{row.n})" for row in rows]
    axes.set_yticks(places, names, fontsize=8)
    axes.set_xlabel(label)


def _curve(axes: "Axes", line: CalibrationRecord, label: str, colour: str) -> None:
    predicted = [point.predicted for point in line.curve]
    values, low, high = _arrays([point.observed for point in line.curve])
    axes.plot(predicted, values, color=colour, label=label)
    axes.fill_between(predicted, low, high, color=colour, alpha=_BAND, linewidth=0)


def _top(axes: "Axes") -> float:
    """Return a common end of both axes: the predictions', a little more."""
    ends = [float(np.max(np.asarray(line.get_xdata(), dtype=float))) for line in axes.lines[1:]]
    return min(1.0, 1.25 * max(ends, default=1.0))


def _arrays(found: Sequence[Estimate | None]) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return values and ends of intervals; NaN where absent, which is not drawn."""
    absent = (np.nan, np.nan)
    values = [np.nan if e is None or e.value is None else e.value for e in found]
    ends = np.array(
        [absent if e is None or e.interval_90 is None else e.interval_90 for e in found]
    )
    return np.array(values), ends[:, 0], ends[:, 1]


def _cycled(n: int) -> list[str]:
    return [_COLOURS[k % len(_COLOURS)] for k in range(n)]


def _svg(
    draw: Callable[["Axes"], None], size: tuple[float, float], record: ValidationRecord
) -> str:
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, layout="constrained")
    draw(figure.subplots())
    return _text(figure, record)


def _text(figure: "Figure", record: ValidationRecord) -> str:
    """Return a figure as SVG, with its label where the evidence is simulated."""
    import matplotlib as mpl

    if record.simulated:
        figure.suptitle("simulated", fontsize=9, color="#a02000", x=0.99, ha="right")
    with mpl.rc_context({"svg.hashsalt": "femur-fea", "svg.fonttype": "path"}):
        stream = StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    return text[text.index("<svg") :]
