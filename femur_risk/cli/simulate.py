"""`simulate`: a virtual cohort."""

from pathlib import Path
from typing import Annotated

import typer

from femur_risk.cli.cohort_options import (
    MemoryLimit,
    Scheduler,
    TimeLimit,
    Workers,
    limits_of,
    place_of,
)
from femur_risk.cli.words import read_whole

__all__ = ["simulate"]


def simulate(
    n: Annotated[str, typer.Option("--n", metavar="N", help="How many patients.")],
    out: Annotated[Path, typer.Option(help="Folder for COHORT.csv and the patients.")],
    seed: Annotated[str, typer.Option(metavar="S", help="Which cohort.")] = "0",
    workers: Workers = None,
    scheduler: Scheduler = None,
    memory_limit_mb: MemoryLimit = None,
    time_limit_s: TimeLimit = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the result as JSON, all else to stderr.")
    ] = False,
) -> None:
    """Write a virtual cohort: CT, masks and the table that 'femur-fea batch' reads."""
    from femur_risk.cli.cases import shown_progress
    from femur_risk.cli.screen import open_screen
    from femur_risk.cohort import simulate as make

    number, which = read_whole("n", n, at_least=1), read_whole("seed", seed, at_least=0)
    place, limits = place_of(workers, scheduler), limits_of(memory_limit_mb, time_limit_s)
    with open_screen(as_json=as_json) as screen:
        screen.console.print(
            "Virtual patients: no person was scanned, and the numbers hold for nobody.",
            highlight=False,
        )
        with shown_progress(screen.console) as listener:
            table = make(out, n=number, seed=which, place=place, limits=limits, listener=listener)
        if screen.wants_json:
            screen.print_json({"schema_version": 1, "patients": number, "cohort": str(table)})
        else:
            screen.console.print(
                f"cohort    {table}", highlight=False, markup=False, soft_wrap=True
            )
