"""The probability of a fracture, with its interval, against the limits of the classes."""

from collections.abc import Sequence
from pathlib import Path

from viz.charts.chart import BLUE, SMALL_PT, TEXT_PT, open_chart, save_chart

__all__ = ["draw_gauge"]

_AREAS = (("low", "#e6f0f7"), ("intermediate", "#fde9c4"), ("high", "#f4c3b5"))


def draw_gauge(
    path: Path,
    horizons: Sequence[tuple[float, float, tuple[float, float]]],
    *,
    limits: tuple[float, float],
    class_months: float,
    title: str,
) -> None:
    """Draw the probability within each time over the areas of low, intermediate and high.

    Parameters
    ----------
    path : Path
        A PNG or SVG file to write.
    horizons : sequence of (months, probability, (low, high))
        From the shortest to the longest; ends of the 90 % interval.
    limits : (float, float)
        Probabilities from which the class is intermediate, and high.
    class_months : float
        The time that the classes are of.
    title : str
        Title of the figure.
    """
    figure = open_chart(title, size=(10.0, 1.9 + 0.55 * len(horizons)))
    axes = figure.add_subplot()
    edges = (0.0, *(100.0 * limit for limit in limits), 100.0)
    for (name, colour), left, right in zip(_AREAS, edges[:-1], edges[1:], strict=True):
        axes.axvspan(left, right, color=colour, linewidth=0.0)
        axes.text(
            (left + right) / 2.0, 1.02, name, transform=axes.get_xaxis_transform(), ha="center",
            va="bottom", fontsize=SMALL_PT,
        )  # fmt: skip
    for row, (months, probability, (low, high)) in enumerate(horizons):
        axes.plot((100.0 * low, 100.0 * high), (row, row), color=BLUE, linewidth=3.0, alpha=0.45)
        is_judged = months == class_months
        axes.plot(
            100.0 * probability, row, marker="D", color=BLUE, markersize=10 if is_judged else 7
        )
        axes.annotate(
            f"{100.0 * probability:.2g} %", (100.0 * probability, row), xytext=(0, 9),
            textcoords="offset points", ha="center", fontsize=SMALL_PT,
            weight="bold" if is_judged else "normal",
        )  # fmt: skip
    axes.set_yticks(
        range(len(horizons)),
        [f"{months:g} month{'s' if months != 1 else ''}" for months, _, _ in horizons],
        fontsize=TEXT_PT,
    )
    axes.set_ylim(len(horizons) - 0.4, -0.7)
    axes.set_xlim(0.0, 100.0)
    axes.set_xlabel(
        f"probability of a fracture (%); classes hold for {class_months:g} months; bars: 90 % "
        "interval",
        fontsize=TEXT_PT,
    )
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    save_chart(figure, path)
