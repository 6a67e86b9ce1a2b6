"""`batch`: a whole cohort, with the options of `run` for all its cases."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from femur_fea.errors import ConfigError
from femur_risk.cli.cohort_options import (
    MemoryLimit,
    Scheduler,
    TimeLimit,
    Workers,
    limits_of,
    place_of,
)
from femur_risk.cli.settings import overrides_of, with_settings
from femur_risk.config import OPTIONS

if TYPE_CHECKING:
    from femur_fea.solver import Ranks
    from femur_risk.cli.screen import Screen
    from femur_risk.cohort import BatchResult

__all__ = ["batch"]

# of a run, but another one for every case, or, the ranks, always one
_OF_A_CASE = frozenset(
    {
        *(f"input.{key}" for key in ("ct", "series", "femur", "lesion", "rods", "side")),
        *(f"input.{key}" for key in ("mass_kg", "case_id")),
        "solver.ranks",
    }
)
_SHARED = tuple(option for option in OPTIONS if option.place not in _OF_A_CASE)


def batch(
    context: typer.Context,
    cohort: Annotated[
        Path, typer.Argument(metavar="COHORT.csv", help="A line for each case: docs/cohorts.md.")
    ],
    *,
    workers: Workers = None,
    scheduler: Scheduler = None,
    memory_limit_mb: MemoryLimit = None,
    time_limit_s: TimeLimit = None,
    report: Annotated[
        bool, typer.Option("--report", help="Make the report of every case as well.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Work again on cases that ended in an error.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Settings; options come first.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the tables and cases/<case_id>.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a summary as JSON, all else to stderr.")
    ] = False,
    **settings: Any,
) -> None:
    """Carry a whole cohort to strength and write one table; goes on where it was interrupted."""
    from femur_risk.cli.cases import shown_progress
    from femur_risk.cli.screen import open_screen
    from femur_risk.cohort import run_batch
    from femur_risk.config import laid_over, read_overrides, resolve_config

    _refuse_ranks(context.obj)
    place = place_of(workers, scheduler)
    limits = limits_of(memory_limit_mb, time_limit_s)
    tables = read_overrides(config) if config else {}
    overrides = overrides_of(settings, _SHARED)
    resolve_config(tables, overrides)  # an error names the option
    with open_screen(as_json=as_json) as screen:
        with shown_progress(screen.console) as listener:
            result = run_batch(
                cohort,
                out,
                tables=laid_over(tables, overrides),
                goal="report" if report else "risk",
                place=place,
                limits=limits,
                listener=listener,
                retry_failed=retry_failed,
            )
        _show(screen, result)
    if any(outcome.failure and outcome.failure.is_bug for outcome in result.outcomes):
        raise typer.Exit(1)


batch.__signature__ = with_settings(batch, _SHARED)  # type: ignore[attr-defined] # typer reads it


def _refuse_ranks(ranks: "Ranks | None") -> None:
    if ranks is not None:
        raise ConfigError(
            found="a cohort in a program that mpiexec has started",
            expected="one program, whose cases have a process each",
            remedy="start it without mpiexec, and choose --workers or --scheduler",
        )


def _show(screen: "Screen", result: "BatchResult") -> None:
    counted = Counter(outcome.failure.kind for outcome in result.failures if outcome.failure)
    summary = {
        "cases": len(result.outcomes),
        "done": len(result.outcomes) - len(result.failures),
        "failed": len(result.failures),
        "errors": dict(sorted(counted.items())),
    }
    files = {"results": result.parquet, "table": result.csv, "effort": result.effort}
    if screen.wants_json:
        paths = {name: str(path) for name, path in files.items()}
        screen.print_json({"schema_version": 1, **summary, "files": paths})
        return
    told = f"{summary['done']} of {summary['cases']} cases have a result"
    errors = ", ".join(f"{number} {kind}" for kind, number in sorted(counted.items()))
    screen.console.print(f"{told}; errors: {errors}" if errors else told, highlight=False)
    for name, path in files.items():
        screen.console.print(f"{name:<9} {path}", highlight=False, markup=False, soft_wrap=True)
