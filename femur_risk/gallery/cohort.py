"""The overviews of a cohort, drawn from its table of results."""

import csv
import math
from collections.abc import Callable
from pathlib import Path

from femur_fea.errors import InputError
from femur_risk.comparators import RULES

__all__ = ["draw_cohort"]

_STANDARD_GRAVITY = 9.80665  # m/s2
_STRENGTH = "_strength_N"
_HEALED = "_healed"
_AXIAL_LOADS = ("axial", "stance")  # of which the rule of strength over weight speaks


def draw_cohort(table: Path, out: Path, *, drawn: Callable[[str], None]) -> list[Path]:
    """Draw strength against body weight and the losses, for each load, and return the files.

    Parameters
    ----------
    table : Path
        results.csv of `femur-fea batch`.
    out : Path
        Folder for the figures; it is made.
    drawn : callable
        Called with the name of each file when it is there.

    Raises
    ------
    InputError
        If the table holds no strength.
    """
    from viz.charts import CohortCase, draw_strength_by_weight, draw_waterfall

    with table.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["status"] == "done"]
    loads = [
        name.removesuffix(_STRENGTH)
        for name in (rows[0] if rows else ())
        if name.endswith(_STRENGTH) and not name.removesuffix(_STRENGTH).endswith(_HEALED)
    ]
    if not loads:
        raise InputError(
            found="a table of results without a strength in N",
            expected="at least one case that was solved under a load that is a force",
            remedy="look into the column 'error' of results.csv",
        )
    out.mkdir(parents=True, exist_ok=True)
    rule = RULES["strength_over_weight"]
    figures = []
    for load in loads:
        cases = [
            CohortCase(
                case_id=row["case_id"],
                body_weight=_STANDARD_GRAVITY * _number(row.get("mass_kg")),
                strength=_number(row[f"{load}{_STRENGTH}"]),
                loss=_number(row.get(f"{load}_strength_loss_fraction")),
            )
            for row in rows
        ]
        for suffix in ("png", "svg"):
            known = any(math.isfinite(case.body_weight + case.strength) for case in cases)
            if known and load in _AXIAL_LOADS:
                figures.append(out / f"{load}_by_weight.{suffix}")
                title = f"Strength against body weight, {load} (threshold: {rule.provenance})"
                draw_strength_by_weight(figures[-1], cases, threshold=rule.threshold, title=title)
                drawn(figures[-1].name)
            if any(math.isfinite(case.loss) for case in cases):
                figures.append(out / f"{load}_losses.{suffix}")
                draw_waterfall(figures[-1], cases, title=f"Loss of strength, {load}")
                drawn(figures[-1].name)
    return figures


def _number(text: str | None) -> float:
    return float(text) if text else math.nan
