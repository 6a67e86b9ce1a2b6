"""Studies of many virtual cases: carried out so that they can be interrupted, and their tables."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from femur_risk.cohort import Limits, Outcome, Place, Progress, Task, alone_in, carry_out

__all__ = [
    "carried_out",
    "failures",
    "read_rows",
    "results_of",
    "seconds_per_case",
    "write_rows",
]

type Row = dict[str, Any]


def carried_out(
    tasks: Sequence[Task],
    work: Callable[[Task, Path], Mapping[str, Any]],
    folder: Path,
    *,
    workers: int,
) -> tuple[Outcome, ...]:
    """Return what became of all cases; those that a folder holds are not worked on again."""
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        return tuple(
            carry_out(
                tasks,
                work,
                folder,
                place=Place(workers=workers),
                limits=Limits(),
                listener=_tell,
            )
        )


def results_of(outcomes: Iterable[Outcome]) -> list[Row]:
    """Return the values of the cases that have some."""
    return [dict(outcome.values) for outcome in outcomes if outcome.values is not None]


def failures(outcomes: Iterable[Outcome]) -> list[Row]:
    """Return which cases have no result, and why."""
    return [
        {"case": outcome.case_id, "error": outcome.failure.kind, "found": outcome.failure.found}
        for outcome in outcomes
        if outcome.failure is not None
    ]


def seconds_per_case(outcomes: Iterable[Outcome]) -> float:
    """Return the mean time of a case."""
    return round(float(np.mean([outcome.effort.seconds for outcome in outcomes])), 1)


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a line for each row, numbers to six digits; what a row lacks is left empty."""
    names = dict.fromkeys(name for row in rows for name in row)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _rounded(value) for name, value in row.items()} for row in rows)


def read_rows(path: Path) -> list[Row]:
    """Return the rows of such a table: numbers, truths and words; None where a cell is empty."""
    with path.open(encoding="utf-8", newline="") as stream:
        return [{k: _parsed(text) for k, text in row.items()} for row in csv.DictReader(stream)]


def _tell(progress: Progress) -> None:
    print(f"{progress.done}/{progress.total} cases, {progress.failed} failed", flush=True)


def _rounded(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def _parsed(text: str) -> str | float | bool | None:
    if text in ("", "True", "False"):
        return None if not text else text == "True"
    try:
        return float(text)
    except ValueError:
        return text
