"""COHORT.csv: one line for each case, read strictly.

A fault of the table itself (a column that nobody knows, two cases of one name) is refused before
any work; a fault of one case (a missing scan, a side that is none) is for that case to tell.
"""

import csv
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from femur_fea.errors import MissingInputError
from femur_risk.cohort.columns import Kind
from femur_risk.config import CASE_ID_PATTERN, CalibrationConfig
from femur_risk.errors import CohortError

__all__ = ["PATHS", "Cell", "CohortCase", "carried_kinds", "read_cohort", "typed"]

type Cell = str | int | float | bool

PATHS = ("ct", "femur", "lesion", "rods")
_INPUT = (*PATHS, "series", "femur_label", "lesion_label", "side", "mass_kg", "simulated")
_REQUIRED = ("case_id", "ct", "femur")

# carried to the table of results and heeded by nothing yet, as is all of a virtual patient
_CLINICAL: Mapping[str, Kind] = {
    "age_years": "number",
    "sex": "text",
    "height_cm": "number",
    "primary": "text",
    "pain": "text",
}
_POSSIBLE: Mapping[str, tuple[float, float]] = {
    "age_years": (0.0, 120.0),
    "height_cm": (40.0, 280.0),
}
_VIRTUAL = "simulated_"
_CALIBRATION = tuple(
    f"calibration.{key}" for key in CalibrationConfig.model_fields if key != "phantom"
)
_SETTINGS = (*_CALIBRATION, "calibration.phantom.name", "risk.pain", "risk.steps_per_day")
_MAX_NAMED = 5  # faults of a kind that a message lists


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCase:
    """One line of COHORT.csv.

    Attributes
    ----------
    case_id : str
        Pseudonym.
    settings : mapping of str to mapping of str to value
        What differs from case to case of a configuration, by section and key, sections within
        sections likewise; paths are absolute.
    carried : mapping of str to text or None
        Cells of the columns that are carried to the table of results.
    """

    case_id: str
    settings: Mapping[str, Mapping[str, Any]]
    carried: Mapping[str, str | None]


def read_cohort(path: Path) -> tuple[CohortCase, ...]:
    """Return the cases of COHORT.csv, in its order.

    Columns are `case_id`, `ct` and `femur`; as far as they are wanted `lesion`, `rods`, `series`,
    `femur_label`, `lesion_label`, `side`, `mass_kg`, `simulated`, keys of a calibration such as
    `calibration.slope_g_per_cm3_per_HU` or `calibration.phantom.name`, `risk.pain` and
    `risk.steps_per_day`, and, to be carried along, `age_years`, `sex`, `height_cm`,
    `primary`, `pain` and any that begins with `simulated_`. An empty cell is an absent value.
    Paths are relative to the folder of the file.

    Raises
    ------
    MissingInputError
        If there is no such file.
    CohortError
        If it is not a table as above, or two cases have one name.
    """
    rows = _rows(path)
    header = [name.strip() for name in rows[0]]
    _check_header(header)
    cases = [
        _case(line, dict(zip(header, cells, strict=True)), path.parent)
        for line, cells in _full_rows(rows, len(header))
    ]
    if not cases:
        raise _fault("a table of no case", "a line for each case", "add them")
    _check_names(cases)
    return tuple(cases)


def _rows(path: Path) -> list[list[str]]:
    if not path.is_file():
        raise MissingInputError(
            found="no cohort file at the given path",
            expected="a table in CSV, such as 'femur-fea simulate' writes",
            remedy="check the path",
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream, strict=True))
    except UnicodeDecodeError:
        raise _fault("text that is not UTF-8", "UTF-8", "save the table as CSV in UTF-8") from None
    except (csv.Error, OSError) as error:
        told = error.strerror if isinstance(error, OSError) else str(error)
        raise _fault(f"a table that cannot be read ({told})", "CSV", "mend the file") from None
    if not rows:
        raise _fault("an empty file", f"a first line with {', '.join(_REQUIRED)}", "fill it")
    return rows


def _check_header(header: Sequence[str]) -> None:
    known = (*_REQUIRED[:1], *_INPUT, *_CLINICAL, *_SETTINGS)
    if len(header) == 1 and ";" in header[0]:
        raise _fault("columns separated by ';'", "commas", "save the table with commas")
    for name in header:
        if header.count(name) > 1:
            raise _fault(f"the column {name!r} twice", "each column once", "remove one of them")
        if name not in known and not name.startswith(_VIRTUAL):
            near = difflib.get_close_matches(name, known, n=1)
            raise _fault(
                f"a column {name[:40]!r}",
                f"columns among {', '.join(known)}",
                f"did you mean {near[0]!r}?" if near else "remove that column",
            )
    missing = [name for name in _REQUIRED if name not in header]
    if missing:
        raise _fault(f"no column {', '.join(missing)}", ", ".join(_REQUIRED), "add what is missing")


def _full_rows(rows: Sequence[Sequence[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each line that is not blank."""
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != width:
            raise _fault(
                f"row {line} with {len(cells)} cells",
                f"{width}, as the first one has",
                "mend that row; a text that holds a comma stands in quotes",
            )
        yield line, [cell.strip() for cell in cells]


def _case(line: int, cells: Mapping[str, str], folder: Path) -> CohortCase:
    case_id = cells["case_id"]
    if not re.fullmatch(CASE_ID_PATTERN, case_id):
        raise _fault(
            f"a case_id in row {line} that cannot be one",
            "1 to 64 letters (a to z, A to Z), digits, '_' and '-'",
            "give a pseudonym of these",
        )
    given = {name: cell for name, cell in cells.items() if cell and name != "case_id"}
    settings: dict[str, Any] = {"input": {"case_id": case_id}}
    for name, cell in given.items():
        if _is_carried(name):
            continue
        section, _, key = name.rpartition(".")
        is_path = name in PATHS
        value = str((folder / cell).absolute()) if is_path else _value(cell)
        table = settings
        for part in (section or "input").split("."):
            table = table.setdefault(part, {})
        table[key] = value
    carried = {name: cell or None for name, cell in cells.items() if _is_carried(name)}
    for name, text in carried.items():
        if _CLINICAL.get(name) == "number" and not isinstance(typed(text, "number"), float | None):
            raise _fault(f"{name} in row {line} that is no number", "a number", "correct it")
    _check_possible(line, carried)
    return CohortCase(case_id=case_id, settings=settings, carried=carried)


def _check_possible(line: int, carried: Mapping[str, str | None]) -> None:
    for name, (low, high) in _POSSIBLE.items():
        value = typed(carried.get(name), "number")
        if isinstance(value, float) and not low <= value <= high:
            raise _fault(
                f"{name} = {value:g} in row {line}",
                f"{low:g} to {high:g}",
                "correct it and check the unit of the column",
            )


def _value(cell: str) -> Cell:
    """Return the number or truth value that a cell is, or its text."""
    if cell.lower() in ("true", "false"):
        return cell.lower() == "true"
    for kind in (int, float):
        with suppress(ValueError):
            return kind(cell)
    return cell


def carried_kinds(cases: Sequence[CohortCase]) -> dict[str, Kind]:
    """Return what the carried columns hold; one of a virtual patient, what all its cells are."""
    return {
        name: _CLINICAL.get(name) or _kind([case.carried[name] for case in cases])
        for name in cases[0].carried
    }


def typed(cell: str | None, kind: Kind) -> str | float | bool | None:
    """Return what a cell of a kind says; its text where it is not of that kind."""
    if cell is None or kind == "text":
        return cell
    value = _value(cell)
    if kind == "truth":
        return value if isinstance(value, bool) else cell
    is_number = not isinstance(value, bool | str) and abs(value) < float("inf")
    return float(value) if is_number else cell


def _kind(cells: Sequence[str | None]) -> Kind:
    kinds: tuple[Kind, ...] = ("truth", "number")
    for kind in kinds:
        if not any(isinstance(typed(cell, kind), str) for cell in cells):
            return kind
    return "text"


def _is_carried(name: str) -> bool:
    return name in _CLINICAL or name.startswith(_VIRTUAL)


def _check_names(cases: Sequence[CohortCase]) -> None:
    names = [case.case_id for case in cases]
    seen: dict[str, int] = {}
    twice = [
        f"{seen[name]} and {n}" for n, name in enumerate(names, 1) if seen.setdefault(name, n) != n
    ]
    if twice:
        raise _fault(
            f"{len(twice)} case_id that another case has: cases {', '.join(twice[:_MAX_NAMED])}",
            "another case_id for each case",
            "rename them, or remove those that are double",
        )


def _fault(found: str, expected: str, remedy: str) -> CohortError:
    return CohortError(found=f"{found} in the cohort file", expected=expected, remedy=remedy)
