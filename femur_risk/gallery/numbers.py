"""The charts of a run: rigidity along the bone, risk, rules and what is not known."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.io import read_json
from femur_risk.assessment import CLASS_MONTHS
from femur_risk.opened import ViewedRun
from femur_risk.pipeline import LOAD_UNITS, layout

__all__ = ["draw_numbers"]

_SUFFIXES = ("png", "svg")
_PARTS = ("neck", "shaft")


def draw_numbers(run: ViewedRun, out: Path) -> Iterator[Path]:
    """Draw all charts that the artefacts of a run allow, each as PNG and SVG."""
    for suffix in _SUFFIXES:
        yield from _rigidity(run, out, suffix)
        yield from _risk(run, out, suffix)
        yield from _tornados(run, out, suffix)


def _rigidity(run: ViewedRun, out: Path, suffix: str) -> Iterator[Path]:
    from viz.charts import draw_rigidity

    if not (run.folder / layout.SECTIONS).is_file():
        return
    path = out / f"rigidity.{suffix}"
    draw_rigidity(
        path,
        _read_sections(run.folder / layout.SECTIONS),
        title=run.titled("Rigidity along the bone (CTRA)"),
    )
    yield path


def _read_sections(path: Path) -> dict[str, dict[str, FloatArray]]:
    """Return the columns of sections.csv by part; an empty cell is NaN."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [name for name in rows[0] if name != "part"]
    return {
        part: {
            name: np.array([float(row[name] or "nan") for row in rows if row["part"] == part])
            for name in names
        }
        for part in _PARTS
        if any(row["part"] == part for row in rows)
    }


def _risk(run: ViewedRun, out: Path, suffix: str) -> Iterator[Path]:
    from viz.charts import draw_gauge, draw_rules

    if not (run.folder / layout.RISK).is_file():
        return
    card = read_json(run.folder / layout.RISK)
    if card["horizons"]:
        path = out / f"risk.{suffix}"
        draw_gauge(
            path,
            [_shown(each, card["calibrated"]) for each in card["horizons"]],
            limits=(card["intermediate_from"], card["high_from"]),
            class_months=CLASS_MONTHS,
            title=run.titled(f"Probability of a fracture: {card['risk_class']}; {_basis(card)}"),
        )
        yield path
    path = out / f"rules.{suffix}"
    draw_rules(path, card["rules"], title=run.titled("Rules of today's practice"))
    yield path


def _shown(
    horizon: dict[str, Any], calibrated: dict[str, Any] | None
) -> tuple[float, float, tuple[float, float]]:
    """Return months, probability and interval, of the time of the classes recalibrated ones."""
    held = calibrated if horizon["months"] == CLASS_MONTHS and calibrated else horizon
    return horizon["months"], held["probability"], held["interval_90"]


def _basis(card: dict[str, Any]) -> str:
    if card["calibrated"] is None:
        return "not fitted to outcomes"
    fitted = "simulated outcomes" if card["calibrated"]["simulated"] else "outcomes"
    return f"at {CLASS_MONTHS:g} months fitted to {fitted}, else not"


def _tornados(run: ViewedRun, out: Path, suffix: str) -> Iterator[Path]:
    from viz.charts import draw_tornado

    if not (run.folder / layout.STRENGTH).is_file():
        return
    loads = read_json(run.folder / layout.STRENGTH)["loads"]
    for name, load in loads.items():
        found, units = load["uncertainty"], LOAD_UNITS[load["quantity"]]
        if found is None or found["sd_of_ln_strength"] is None:
            continue
        path = out / f"{name}_uncertainty.{suffix}"
        draw_tornado(
            path,
            _shares(found["sources"]),
            strength=load[f"strength_{units.suffix}"],
            sd_of_ln=found["sd_of_ln_strength"],
            interval=tuple(load[f"interval_90_{units.suffix}"]),
            unit=units.label,
            title=run.titled(f"What the strength under {name} rests on"),
        )
        yield path


def _shares(sources: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(each["name"], each["share"] or 0.0) for each in sources]
