"""Force against displacement of one or more bones in one axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.io import atomic_path

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CurveLine", "draw_curves"]

_SIZE_INCHES = (10.0, 5.2)
_DPI = 160
_TITLE_PT, _TEXT_PT, _SMALL_PT = 14, 11, 10
# colours that differ in lightness, too: the bone dark, what it is compared with light
_RGB = ((0.10, 0.30, 0.55), (0.90, 0.55, 0.10))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurveLine:
    """One curve and the places on it that are marked.

    Attributes
    ----------
    label : str
        Whose curve it is.
    displacement : (n,), mm
        Displacement of the load.
    force : (n,), N
        The load.
    first_yield : float, N
        Force at which the bone ceases to be elastic.
    failure : (displacement, force), mm and N
        Where strength is read off.
    """

    label: str
    displacement: FloatArray
    force: FloatArray
    first_yield: float
    failure: tuple[float, float]


def draw_curves(path: Path, lines: Sequence[CurveLine], *, title: str) -> None:
    """Draw up to two curves with first yield and strength marked, and write them as PNG.

    Parameters
    ----------
    path : Path
        The PNG file to write, 1600 pixels wide.
    lines : sequence of CurveLine
        The bone, and its lesion-free twin where there is one.
    title : str
        Title of the figure.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE_INCHES, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for line, rgb in zip(lines, _RGB, strict=False):
        _draw(axes, line, rgb)
    axes.set_title(title, loc="left", fontsize=_TITLE_PT, weight="bold", parse_math=False)
    axes.set_xlabel("Displacement of the load (mm)", fontsize=_TEXT_PT)
    axes.set_ylabel("Force (N)", fontsize=_TEXT_PT)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlim(left=0.0)
    axes.set_ylim(0.0, 1.12 * max(float(line.force.max()) for line in lines))
    axes.grid(color="0.9")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(fontsize=_SMALL_PT, frameon=False, loc="lower right")
    with atomic_path(path) as temporary:
        figure.savefig(temporary, dpi=_DPI, format="png")


def _draw(axes: "Axes", line: CurveLine, rgb: tuple[float, float, float]) -> None:
    axes.plot(
        line.displacement, line.force, color=rgb, linewidth=2.0, marker=".", markersize=5,
        label=f"{line.label}: computed states",
    )  # fmt: skip
    # up to first yield the curve is straight
    start = float(np.interp(line.first_yield, line.force[:2], line.displacement[:2]))
    axes.plot(
        start, line.first_yield, linestyle="none", marker="o", markersize=9, color=rgb,
        markerfacecolor="white", markeredgewidth=2.0,
        label=f"{line.label}: first yield, {line.first_yield:,.0f} N",
    )  # fmt: skip
    axes.plot(
        *line.failure, linestyle="none", marker="D", markersize=9, color=rgb,
        label=f"{line.label}: strength, {line.failure[1]:,.0f} N",
    )  # fmt: skip
