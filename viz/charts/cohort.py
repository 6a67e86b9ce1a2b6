"""All femora of a cohort in one figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea.errors import OutOfRangeError
from viz.charts.chart import BLUE, GREY, ORANGE, SMALL_PT, TEXT_PT, open_chart, save_chart, tidy

__all__ = ["CohortCase", "draw_strength_by_weight", "draw_waterfall"]

_MOST_NAMES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCase:
    """What an overview shows of a femur; NaN where it is not known.

    Attributes
    ----------
    case_id : str
        Pseudonym.
    body_weight : float, N
        Weight of the body.
    strength : float, N
        Strength under one load.
    loss : float
        Share of the strength that the lesion takes.
    """

    case_id: str
    body_weight: float
    strength: float
    loss: float


def draw_strength_by_weight(
    path: Path, cases: Sequence[CohortCase], *, threshold: float, title: str
) -> int:
    """Draw strength against body weight, over the areas that a rule tells apart.

    Parameters
    ----------
    path : Path
        A PNG or SVG file to write.
    cases : sequence of CohortCase
        The femora.
    threshold : float, body weights
        Strength below which the rule calls a femur at risk.
    title : str
        Title of the figure.

    Returns
    -------
    int
        Femora that are drawn: those of known weight and strength.

    Raises
    ------
    OutOfRangeError
        If there is none.
    """
    points = np.array([(case.body_weight, case.strength) for case in cases]).reshape(-1, 2)
    shown = points[np.isfinite(points).all(axis=1)]
    _check(len(shown), "weight and strength")
    weak = shown[:, 1] < threshold * shown[:, 0]
    figure = open_chart(title, size=(8.0, 6.4))
    axes = figure.add_subplot()
    tidy(axes)
    right = 1.1 * shown[:, 0].max()
    top = 1.15 * max(shown[:, 1].max(), threshold * right)  # both areas are seen
    ends = np.array((0.0, right))
    axes.fill_between(ends, 0.0, threshold * ends, color="#f4c3b5", linewidth=0.0, alpha=0.6)
    axes.plot(ends, threshold * ends, color=GREY, linewidth=1.2)
    for chosen, colour, mark, name in (
        (weak, ORANGE, "v", f"below {threshold:g} body weights"),
        (~weak, BLUE, "o", f"{threshold:g} body weights or more"),
    ):
        axes.plot(
            *shown[chosen].T, linestyle="none", marker=mark, color=colour, markersize=7,
            label=f"{name}: {int(chosen.sum())}",
        )  # fmt: skip
    axes.set_xlim(0.9 * shown[:, 0].min(), right)
    axes.set_ylim(0.0, top)
    axes.set_xlabel("body weight (N)", fontsize=TEXT_PT)
    axes.set_ylabel("strength (N)", fontsize=TEXT_PT)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.legend(fontsize=SMALL_PT, frameon=False, loc="upper left")
    save_chart(figure, path)
    return len(shown)


def draw_waterfall(path: Path, cases: Sequence[CohortCase], *, title: str) -> int:
    """Draw the loss of strength of every femur, the largest first.

    Parameters
    ----------
    path : Path
        A PNG or SVG file to write.
    cases : sequence of CohortCase
        The femora.
    title : str
        Title of the figure.

    Returns
    -------
    int
        Femora that are drawn: those of known loss.

    Raises
    ------
    OutOfRangeError
        If there is none.
    """
    known = sorted((each for each in cases if np.isfinite(each.loss)), key=lambda each: -each.loss)
    _check(len(known), "loss of strength")
    figure = open_chart(title, size=(10.0, 4.8))
    axes = figure.add_subplot()
    tidy(axes)
    losses = [100.0 * each.loss for each in known]
    axes.bar(range(len(known)), losses, color=BLUE, width=0.85)
    axes.axhline(0.0, color="black", linewidth=1.0)
    axes.set_ylabel("loss of strength by the lesion (%)", fontsize=TEXT_PT)
    axes.set_xlim(-0.6, len(known) - 0.4)
    if len(known) <= _MOST_NAMES:
        names = [each.case_id for each in known]
        axes.set_xticks(range(len(known)), names, rotation=60, ha="right", fontsize=SMALL_PT)
    else:
        axes.set_xticks([])
        axes.set_xlabel(f"{len(known)} femora", fontsize=TEXT_PT)
    save_chart(figure, path)
    return len(known)


def _check(count: int, what: str) -> None:
    if count == 0:
        raise OutOfRangeError(
            found=f"a cohort without a femur of known {what}",
            expected="at least one",
            remedy="check the table of results",
        )
