"""Options of all commands that work on a cohort: who works, and how much a case may take."""

from typing import TYPE_CHECKING, Annotated

import typer

from femur_fea.errors import ConfigError
from femur_risk.cli.words import read_positive, read_whole

if TYPE_CHECKING:
    from femur_risk.cohort import Limits, Place

__all__ = ["MemoryLimit", "Scheduler", "TimeLimit", "Workers", "limits_of", "place_of"]

Workers = Annotated[
    str | None,
    typer.Option(metavar="N", help="Cases at a time on this machine; its cores where absent."),
]
Scheduler = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="A Dask scheduler whose workers do it instead."),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit-mb",
        metavar="MB",
        help="Memory of one case, which is ended above it; an equal share where absent.",
    ),
]
TimeLimit = Annotated[
    str | None,
    typer.Option(
        "--time-limit-s", metavar="SECONDS", help="Time of one case, which is ended after it."
    ),
]


def place_of(workers: str | None, scheduler: str | None) -> "Place":
    """Return who works on the cases.

    Raises
    ------
    ConfigError
        If both are given, or the number is none.
    """
    from femur_fea.cores import count_processors
    from femur_risk.cohort import Place

    if workers is not None and scheduler is not None:
        raise ConfigError(
            found="--workers beside --scheduler",
            expected="one of them: a scheduler has its own workers",
            remedy="leave one out",
        )
    if workers is not None:
        return Place(workers=read_whole("workers", workers, at_least=1))
    return Place(workers=count_processors(), scheduler=scheduler)


def limits_of(memory_limit_mb: str | None, time_limit_s: str | None) -> "Limits":
    """Return what one case may take.

    Raises
    ------
    ConfigError
        If one is no positive number.
    """
    from femur_risk.cohort import Limits

    return Limits(
        memory_MB=_limit("memory-limit-mb", memory_limit_mb),
        seconds=_limit("time-limit-s", time_limit_s),
    )


def _limit(option: str, text: str | None) -> float | None:
    return None if text is None else read_positive(option, text)
