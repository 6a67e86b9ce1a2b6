"""The rigidity of the sections along neck and shaft, beside that of the lesion-free twin (CTRA)."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import FloatArray
from viz.charts.chart import BLUE, GREY, ORANGE, SMALL_PT, TEXT_PT, open_chart, save_chart, tidy

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_rigidity"]

# column of sections.csv, what it is, its unit and what it is divided by
_ROWS = (
    ("EA_N", "Axial rigidity EA", "kN", 1e3, "EA_ratio"),
    ("EI_small_N_mm2", "Smaller bending rigidity EI", "N m2", 1e6, "EI_ratio"),
    ("GJ_N_mm2", "Torsional rigidity GJ", "N m2", 1e6, "GJ_ratio"),
)
_WHERE = {
    "neck": "from the shaft's axis towards the head, mm",
    "shaft": "from the neck's axis downwards, mm",
}


def draw_rigidity(
    path: Path, sections: Mapping[str, Mapping[str, FloatArray]], *, title: str
) -> None:
    """Draw EA, EI and GJ along neck and shaft, and mark the section that has lost most.

    Parameters
    ----------
    path : Path
        A PNG or SVG file to write.
    sections : mapping of part to columns
        `neck` and `shaft`, those that the scan shows: the columns of rigidity/sections.csv,
        (n_sections,) each; those of the twin are NaN without a lesion.
    title : str
        Title of the figure.
    """
    figure = open_chart(title, size=(10.0, 9.0))
    panels = figure.subplots(len(_ROWS), len(sections), squeeze=False, sharex="col")
    for row, (column, name, unit, over, ratio) in enumerate(_ROWS):
        for axes, (part, values) in zip(panels[row], sections.items(), strict=True):
            _draw(axes, values, column, over, ratio)
            if row == 0:
                axes.set_title(part, fontsize=TEXT_PT, weight="bold")
            if row == len(_ROWS) - 1:
                axes.set_xlabel(_WHERE[part], fontsize=TEXT_PT)
        panels[row, 0].set_ylabel(f"{name} ({unit})", fontsize=SMALL_PT)
    panels[0, 0].legend(fontsize=SMALL_PT, frameon=False, loc="best")
    save_chart(figure, path)


def _draw(
    axes: "Axes", values: Mapping[str, FloatArray], column: str, over: float, ratio: str
) -> None:
    """Draw one rigidity; a section that the scan does not show whole is left out."""
    whole = values["complete"] > 0.0
    position = values["position_mm"]
    bone = np.where(whole, values[column], np.nan) / over
    twin = np.where(whole, values[f"healed_{column}"], np.nan) / over
    tidy(axes)
    if np.isfinite(twin).any():
        axes.plot(
            position, twin, color=ORANGE, linewidth=2.0, linestyle="--", label="lesion-free twin"
        )
    axes.plot(position, bone, color=BLUE, linewidth=2.0, label="bone")
    axes.set_ylim(bottom=0.0)
    left = np.where(whole, values[ratio], np.nan)
    if np.isfinite(left).any():
        _mark_weakest(axes, position, bone, left)


def _mark_weakest(axes: "Axes", position: FloatArray, bone: FloatArray, left: FloatArray) -> None:
    k = int(np.nanargmin(left))
    axes.axvline(position[k], color=GREY, linewidth=1.0, linestyle=":")
    axes.plot(position[k], bone[k], marker="v", color=BLUE, markersize=8)
    axes.text(
        0.98, 0.04, f"least: {100.0 * left[k]:.0f} % of the twin's, at {position[k]:.0f} mm",
        transform=axes.transAxes, ha="right", fontsize=SMALL_PT, color=GREY,
    )  # fmt: skip
