"""A cohort carried from CT to strength, and its table of results."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from femur_fea import __version__
from femur_fea.errors import ConfigError
from femur_fea.io import read_json
from femur_risk.cohort.basis import look_of
from femur_risk.cohort.cohort_file import PATHS, CohortCase, carried_kinds, read_cohort, typed
from femur_risk.cohort.columns import Kind, result_columns, values_of
from femur_risk.cohort.engine import ProgressListener, carry_out
from femur_risk.cohort.journal import alone_in, forget_failures
from femur_risk.cohort.tables import write_csv, write_parquet
from femur_risk.cohort.task import Effort, Limits, Outcome, Place, Task
from femur_risk.config import RunConfig, laid_over, resolve_config, resolved_toml
from femur_risk.errors import CohortError
from femur_risk.pipeline import (
    Goal,
    check_settings,
    hash_values,
    installed_versions,
    layout,
    load_names,
    run_case,
)

__all__ = ["BatchResult", "run_batch", "work_on_case"]

CASES = "cases"
SCHEMA_VERSION = 1
# what takes long to import and starts neither MPI nor threads, which no copy of a process survives
PRELOADED = (
    "scipy.ndimage",
    "scipy.optimize",
    "SimpleITK",
    "gmsh",
    "pyvista",
    "matplotlib.figure",
    "ufl",
    "ffcx.codegeneration",
)
_CSV, _PARQUET, _EFFORT = "results.csv", "results.parquet", "effort.csv"
_PER_CASE = ("case_id", *PATHS)
_RECALIBRATION = "recalibration"  # the one input that all cases share


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What a cohort came to.

    Attributes
    ----------
    csv, parquet, effort : Path
        The table of results, twice, and that of what each case took.
    outcomes : tuple of Outcome
        How each case ended, in the order of the table.
    """

    csv: Path
    parquet: Path
    effort: Path
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The cases without a result."""
        return tuple(outcome for outcome in self.outcomes if outcome.failure is not None)


def run_batch(
    cohort: Path,
    out: Path,
    *,
    tables: Mapping[str, Any],
    goal: Goal,
    place: Place,
    limits: Limits,
    listener: ProgressListener,
    retry_failed: bool = False,
) -> BatchResult:
    """Carry every case of COHORT.csv to strength and write one table of all.

    A second call with the same cohort and settings goes on with what is left. The tables are
    sorted by `case_id`, and are the same to the last bit on machines of one kind, whoever worked
    on the cases and however often that was interrupted.

    Parameters
    ----------
    cohort : Path
        COHORT.csv.
    out : Path
        Folder for the tables and for cases/<case_id>.
    tables : mapping
        Tables of a configuration, for all cases.
    goal : {"risk", "report"}
        The last stage of every case.
    place : Place
        Who works.
    limits : Limits
        What one case may take.
    listener : callable
        Is told how far it has come.
    retry_failed : bool
        Whether cases that ended in an error are worked on again, whatever it was.

    Raises
    ------
    CohortError
        If COHORT.csv cannot be used, or no case has a result.
    ConfigError
        If the configuration cannot be used for several cases.
    FemurFEAError
        Another of its kinds, if the environment is at fault.
    """
    cases = sorted(read_cohort(cohort), key=lambda case: case.case_id)
    shared, config = _shared(tables, cases)
    tasks = [_task(case, shared, goal) for case in cases]
    with alone_in(out):
        if retry_failed:
            forget_failures(out, tasks)
        outcomes = carry_out(
            tasks, work_on_case, out, place=place, limits=limits, listener=listener
        )
        result = BatchResult(
            csv=out / _CSV, parquet=out / _PARQUET, effort=out / _EFFORT, outcomes=outcomes
        )
        _write(result, cases, config)
    _check_some(outcomes)
    return result


def work_on_case(task: Task, folder: Path) -> dict[str, Any]:
    """Return the row of one case, carried to the goal in its folder."""
    config = resolve_config(task.given["tables"])
    goal: Goal = task.given["goal"]
    place = run_case(config, folder / CASES, goal=goal, listener=lambda _: None)
    row = values_of(place, result_columns(load_names(config)))
    manifest = read_json(place / layout.MANIFEST)
    row["mass_kg"] = config.input.mass_kg
    row["unverified"] = "; ".join(manifest["unverified_constants"])
    row["warnings"] = " | ".join(manifest["warnings"])
    return row


def _shared(
    tables: Mapping[str, Any], cases: Sequence[CohortCase]
) -> tuple[dict[str, Any], RunConfig]:
    """Return the settings of all cases, as tables and checked.

    Raises
    ------
    ConfigError
        If they name what only one case can have, or several ranks.
    """
    given = tables.get("input", {})
    single = [key for key in _PER_CASE if isinstance(given, Mapping) and key in given]
    if single:
        raise ConfigError(
            found=f"{', '.join(f'input.{key}' for key in single)} in the settings of a cohort",
            expected="what differs from case to case as a column of the cohort file",
            remedy="take it out of the configuration",
        )
    if resolve_config(tables).solver.ranks not in ("auto", 1):
        raise ConfigError(
            found="several ranks a case in a cohort",
            expected="solver.ranks = 1: cases side by side use the cores better",
            remedy="leave solver.ranks out, and choose --workers",
        )
    shared = laid_over(tables, {"solver": {"ranks": 1}})
    if isinstance(given, Mapping) and given.get(_RECALIBRATION) is not None:
        place = str(Path(given[_RECALIBRATION]).absolute())
        shared = laid_over(shared, {"input": {_RECALIBRATION: place}})
    checked = {**shared}
    if any("calibration" in case.settings for case in cases):
        checked["calibration"] = {"method": "multi_tissue"}  # theirs are theirs to check
    check_settings(resolve_config(checked))
    return shared, resolve_config(shared)


def _task(case: CohortCase, shared: Mapping[str, Any], goal: Goal) -> Task:
    tables = laid_over(shared, case.settings)
    given = tables["input"]
    if "lesion" not in given:
        given.pop("lesion_label", None)  # a label for the cases that have a lesion
    paths = (*PATHS, _RECALIBRATION)
    looks = {key: look_of(Path(given[key])) for key in paths if key in given}
    content = {
        "tables": {**tables, "input": {k: v for k, v in given.items() if k not in paths}},
        "looks": looks,
        "goal": goal,
        "versions": installed_versions(),
        "schema_version": SCHEMA_VERSION,
    }
    return Task(
        case_id=case.case_id,
        basis=hash_values(content),
        given={"tables": tables, "goal": goal},
    )


def _write(result: BatchResult, cases: Sequence[CohortCase], config: RunConfig) -> None:
    carried = carried_kinds(cases)
    kinds = _kinds(carried, config)
    rows = [
        _row(case, outcome, carried) for case, outcome in zip(cases, result.outcomes, strict=True)
    ]
    write_csv(result.csv, kinds, rows)
    write_parquet(result.parquet, kinds, rows, about=_about(config))
    efforts = [{"case_id": each.case_id, **asdict(each.effort)} for each in result.outcomes]
    heads = dict.fromkeys(("case_id", *(field.name for field in fields(Effort))), "text")
    write_csv(result.effort, heads, efforts)  # type: ignore[arg-type] # text is a kind


def _kinds(carried: Mapping[str, Kind], config: RunConfig) -> dict[str, Kind]:
    return {
        "case_id": "text",
        "status": "text",
        "error": "text",
        "error_found": "text",
        "error_expected": "text",
        "error_remedy": "text",
        "mass_kg": "number",
        **carried,
        **{column.name: column.kind for column in result_columns(load_names(config))},
        "unverified": "text",
        "warnings": "text",
    }


def _row(case: CohortCase, outcome: Outcome, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    failure = outcome.failure
    error = (
        {}
        if failure is None
        else {
            "error": failure.kind,
            "error_found": failure.found,
            "error_expected": failure.expected,
            "error_remedy": failure.remedy,
        }
    )
    return {
        **{name: typed(cell, kinds[name]) for name, cell in case.carried.items()},
        **(outcome.values or {}),
        **error,
        "case_id": case.case_id,
        "status": "done" if failure is None else "failed",
    }


def _about(config: RunConfig) -> dict[str, str]:
    """Return what the metadata of the Parquet table tells; no date, which would differ."""
    settings = resolved_toml(config)
    return {
        "schema_version": str(SCHEMA_VERSION),
        "version": __version__,
        "versions": "; ".join(f"{name} {number}" for name, number in installed_versions().items()),
        "config": settings,
        "config_sha256": hash_values({"config": settings}),
    }


def _check_some(outcomes: Sequence[Outcome]) -> None:
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    if len(failures) == len(outcomes):
        first = failures[0]
        raise CohortError(
            found=f"{len(failures)} cases and none with a result; the first: {first.kind}, "
            f"{first.found}",
            expected="a case with a result",
            remedy=f"see the column error of {_CSV}; for the first: {first.remedy}",
        )
