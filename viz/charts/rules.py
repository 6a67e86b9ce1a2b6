"""What the rules of today's practice say, beside each other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from viz.charts.chart import GREY, SMALL_PT, TEXT_PT, open_chart, save_chart

__all__ = ["draw_rules"]

_HEADS = ("rule", "found", "at risk", "verdict", "with the risk")
_AT = (0.0, 0.42, 0.57, 0.72, 0.85)  # share of the width
# a verdict has a shape and a word besides its colour
_VERDICTS = {
    "at risk": ("▲", "#b2182b"),
    "not at risk": ("●", "#1f4e8c"),
    "undecided": ("◆", "#8a6d00"),
    "not assessable": ("-", GREY),
}
_ROW_INCHES = 0.38


def draw_rules(path: Path, rules: Sequence[Mapping[str, Any]], *, title: str) -> None:
    """Draw a table of the rules: what was found, the threshold, and what follows.

    Parameters
    ----------
    path : Path
        A PNG or SVG file to write.
    rules : sequence of mappings
        As they are in risk.json.
    title : str
        Title of the figure.
    """
    rows = len(rules) + 1
    figure = open_chart(title, size=(11.0, 0.7 + _ROW_INCHES * rows))
    axes = figure.add_subplot()
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(rows - 0.4, -0.6)
    axes.set_axis_off()
    for x, words in zip(_AT, _HEADS, strict=True):
        axes.text(x, 0, words, fontsize=TEXT_PT, weight="bold", va="center")
    axes.axhline(0.5, color=GREY, linewidth=1.0)
    for row, rule in enumerate(rules, start=1):
        mark, colour = _VERDICTS[rule["verdict"]]
        unverified = "*" if rule["provenance"] == "unverified" else ""
        side = {"above": "from", "below": "below"}[rule["at_risk"]]
        cells = (
            rule["title"],
            _found(rule),
            f"{side} {rule['threshold']:g}{_unit(rule)}{unverified}",
            f"{mark} {rule['verdict']}",
            rule["agreement"],
        )
        for k, (x, words) in enumerate(zip(_AT, cells, strict=True)):
            shade = colour if k == len(_AT) - 2 else "black"
            axes.text(x, row, words, fontsize=SMALL_PT, va="center", color=shade, parse_math=False)
    if any(rule["provenance"] == "unverified" for rule in rules):
        figure.supxlabel(
            "* threshold not checked against its source", x=0.01, ha="left", fontsize=SMALL_PT,
            color=GREY,
        )  # fmt: skip
    save_chart(figure, path)


def _found(rule: Mapping[str, Any]) -> str:
    if rule["value"] is None:
        return "-"
    low, high = (f"{end:.3g}" for end in rule["value"])
    return f"{low}{_unit(rule)}" if low == high else f"{low} to {high}{_unit(rule)}"


def _unit(rule: Mapping[str, Any]) -> str:
    short = {"body weights": "BW", "points": ""}.get(rule["unit"], rule["unit"])
    return f" {short}" if short else ""
