"""How far each thing that is not known moves the strength."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from viz.charts.chart import BLUE, GREY, ORANGE, SMALL_PT, TEXT_PT, open_chart, save_chart, tidy

__all__ = ["draw_tornado"]

_NORMAL_95 = 1.6448536269514722
_ROW_INCHES = 0.42


def draw_tornado(
    path: Path,
    shares: Sequence[tuple[str, float]],
    *,
    strength: float,
    sd_of_ln: float,
    interval: tuple[float, float],
    unit: str,
    title: str,
) -> None:
    """Draw the 90 % interval that each source would leave alone, the widest above.

    Parameters
    ----------
    path : Path
        A PNG or SVG file to write.
    shares : sequence of (name, share)
        Share of each source in the variance of the logarithm of the strength. One without a
        stated error has none, and is named below.
    strength : float, `unit`
        As it is with everything as stated.
    sd_of_ln : float
        Standard deviation of its logarithm.
    interval : (low, high), `unit`
        Ends of its 90 % interval by all sources.
    unit : str
        N or N m.
    title : str
        Title of the figure.
    """
    known = sorted((each for each in shares if each[1] > 0.0), key=lambda each: -each[1])
    silent = [name for name, share in shares if share <= 0.0]
    figure = open_chart(title, size=(10.0, 2.2 + _ROW_INCHES * (len(known) + 1)))
    axes = figure.add_subplot()
    tidy(axes)
    for row, (_, share) in enumerate(known):
        wide = _NORMAL_95 * sd_of_ln * np.sqrt(share)
        low, high = strength * np.exp(-wide), strength * np.exp(wide)
        axes.barh(row, strength - low, left=low, color=ORANGE, height=0.6)
        axes.barh(row, high - strength, left=strength, color=BLUE, height=0.6)
        axes.annotate(
            f"{100.0 * share:.0f} % of the variance", (high, row), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=SMALL_PT, color=GREY,
        )  # fmt: skip
    axes.plot(
        interval, (len(known), len(known)), color="black", linewidth=4.0, solid_capstyle="butt"
    )
    axes.axvline(strength, color="black", linewidth=1.2)
    axes.set_yticks(
        range(len(known) + 1), [*(name for name, _ in known), "all together"], fontsize=TEXT_PT
    )
    axes.set_ylim(len(known) + 0.6, -0.6)
    axes.set_xlim(right=axes.get_xlim()[1] + 0.18 * np.ptp(axes.get_xlim()))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel(f"90 % interval of the strength ({unit})", fontsize=TEXT_PT)
    if silent:
        figure.supxlabel(
            f"moves nothing here, for nobody states its error: {', '.join(silent)}",
            x=0.01, ha="left", fontsize=SMALL_PT, color=GREY, parse_math=False,
        )  # fmt: skip
    save_chart(figure, path)
