"""What a finished command shows: the artefacts' content, as a table or as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from femur_fea.io import read_frame, read_json
from femur_risk.cli.calibration_result import show_calibration
from femur_risk.cli.risk_result import show_risk, show_risk_tables
from femur_risk.pipeline import layout, read_risk
from femur_risk.report import (
    ENGLISH,
    doubt_of_loss,
    find_words,
    loss_cell,
    loss_percent,
    rough_values,
    whole_percent,
)

if TYPE_CHECKING:
    from femur_risk.cli.screen import Screen
    from femur_risk.pipeline import Goal

__all__ = ["show_result"]

_WORDS = find_words(ENGLISH)
_RESEARCH_ONLY = "For research only: not a medical device, not for decisions about patients."


def show_result(screen: "Screen", goal: "Goal", folder: Path) -> None:
    """Show what a run that ended at `goal` left in `folder`."""
    if goal == "calibration":
        show_calibration(screen, folder)
    elif goal == "mesh":
        _show_mesh(screen, folder)
    elif goal == "risk" and screen.wants_json:
        screen.print_json(read_json(folder / layout.RISK))
    else:
        strength = read_json(folder / layout.STRENGTH)
        if screen.wants_json:
            screen.print_json(strength)
            return
        _show_strength(screen, strength)
        _show_roughness(screen, folder)
        if goal in ("risk", "report"):
            show_risk(screen, read_risk(folder))
        if goal == "risk":
            show_risk_tables(screen, read_risk(folder))
        _show_unverified(screen, strength["unverified"])
        screen.console.print(_RESEARCH_ONLY, highlight=False)
        if goal == "report":
            _point_to(screen, "report", folder / layout.REPORT)
            _point_to(screen, "report", folder / layout.REPORT_PDF)
            for picture in sorted((folder / layout.FIGURES).glob("*.png")):
                _point_to(screen, "picture", picture)
        _point_to(screen, "result", folder / layout.STRENGTH)
        if goal in ("risk", "report"):
            _point_to(screen, "risk", folder / layout.RISK)


def _show(screen: "Screen", folder: Path, *names: Path) -> None:
    content = {name: read_json(folder / name) for name in names}
    if screen.wants_json:
        screen.print_json(next(iter(content.values())))
        return
    from rich.table import Table

    for name, values in content.items():
        table = Table("", "", title=str(name), show_header=False, title_justify="left")
        for key, value in values.items():
            table.add_row(key, _text(value))
        screen.console.print(table, markup=False)
    _point_to(screen, "artefacts", folder)


def _show_mesh(screen: "Screen", folder: Path) -> None:
    names = (layout.FRAME, layout.MESH_QUALITY)
    if screen.wants_json:
        frame, quality = (read_json(folder / name) for name in names)
        screen.print_json({"schema_version": 1, "frame": frame, "quality": quality})
        return
    _show(screen, folder, *names)


def _show_strength(screen: "Screen", strength: Mapping[str, Any]) -> None:
    from rich.table import Table

    title = f"{strength['side']} femur, {strength['case_id']}; {strength['calibration']}"
    simulated = "; simulated" if strength["simulated"] else ""
    table = Table(title=f"{title}{simulated}", title_justify="left")
    for heading in ("load", "strength", "lesion-free twin", "loss", "body weights", "weakest site"):
        table.add_column(heading)
    for load, found in strength["loads"].items():
        table.add_row(
            _name(load, found["weakest_direction"]),
            _strength(found, ""),
            _strength(found, "healed_"),
            loss_cell(_WORDS, *_loss(found)),
            _or_dash(found["strength_BW"], "{:.2f}"),
            found["weakest_site"]["region"],
        )
    screen.console.print(table, markup=False)
    _show_directions(screen, strength["loads"])
    _show_doubts_of_loss(screen, strength["loads"])
    _show_intervals(screen, strength["loads"])


def _show_roughness(screen: "Screen", folder: Path) -> None:
    frame = read_frame(folder / layout.FRAME)
    rough = rough_values(_WORDS, frame.shaft_reference, frame.shaft_words)
    if rough is not None:
        screen.console.print(rough, style="yellow", highlight=False, markup=False)


def _show_directions(screen: "Screen", loads: Mapping[str, Mapping[str, Any]]) -> None:
    """Say what the name of each weakest direction stands for."""
    from femur_fea.loads import LOAD_FAMILIES

    for name, found in loads.items():
        weakest = found["weakest_direction"]
        if weakest is not None:
            told = (
                f"{name}, weakest in {weakest}: {LOAD_FAMILIES[name].describe_direction(weakest)}"
            )
            screen.console.print(told, highlight=False, markup=False)


def _show_doubts_of_loss(screen: "Screen", loads: Mapping[str, Mapping[str, Any]]) -> None:
    for name, found in loads.items():
        doubt = doubt_of_loss(_WORDS, *_loss(found))
        if doubt is not None:
            screen.console.print(f"{name}: {doubt}", highlight=False, markup=False)


def _loss(found: Mapping[str, Any]) -> tuple[float | None, float | None, Any]:
    """Return a loss, what of the lesion is hidden, and the interval of the loss."""
    keys = ("strength_loss_fraction", "lesion_hidden_fraction", "strength_loss_interval_90")
    loss, hidden, interval = (found[key] for key in keys)
    return loss, hidden, interval


def _show_intervals(screen: "Screen", loads: Mapping[str, Mapping[str, Any]]) -> None:
    """Say in one line how far the strengths spread, and what moves them most."""
    parts = [_interval(name, found) for name, found in loads.items() if _ends(found) is not None]
    if parts:
        mode = next(iter(loads.values()))["uncertainty"]["mode"]
        screen.console.print(
            f"90 % intervals ({mode}): {'; '.join(parts)}", highlight=False, markup=False
        )


def _interval(load: str, found: Mapping[str, Any]) -> str:
    low, high = _ends(found) or (0.0, 0.0)
    unit = "N" if found["interval_90_Nm"] is None else "N m"
    most = max(found["uncertainty"]["sources"], key=lambda source: source["share"])
    loss = found["strength_loss_interval_90"]
    of_loss = (
        ""
        if loss is None
        else f", loss {loss_percent(_WORDS, loss[0])} to {loss_percent(_WORDS, loss[1])}"
    )
    share = f"{whole_percent(_WORDS, most['share'])} by {most['name']}"
    return f"{load} {low:.0f} to {high:.0f} {unit}{of_loss}, {share}"


def _ends(found: Mapping[str, Any]) -> list[float] | None:
    force: list[float] | None = found["interval_90_N"]
    moment: list[float] | None = found["interval_90_Nm"]
    return moment if force is None else force


def _show_unverified(screen: "Screen", names: Sequence[str]) -> None:
    if names:
        screen.console.print(
            f"Constants not checked against their source: {', '.join(names)}.",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _strength(found: Mapping[str, Any], prefix: str) -> str:
    """Return a strength with the unit of its load, or a dash."""
    force, moment = found[f"{prefix}strength_N"], found[f"{prefix}strength_Nm"]
    return _or_dash(force, "{:.0f} N") if moment is None else f"{moment:.0f} N m"


def _name(load: str, weakest_direction: str | None) -> str:
    return load if weakest_direction is None else f"{load}: {weakest_direction}"


def _or_dash(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return str(value)


def _point_to(screen: "Screen", what: str, path: Path) -> None:
    screen.console.print(f"{what:<9} {path}", highlight=False, markup=False, soft_wrap=True)
