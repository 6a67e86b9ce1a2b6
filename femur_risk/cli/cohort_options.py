"""Options of all commands that work on a cohort: who works, and how much a case may take."""

from typing import TYPE_CHECKING, Annotated

import typer

from femur_fea.errors import ConfigError

if TYPE_CHECKING:
    from femur_risk.cohort import Limits, Place

__all__ = ["MemoryLimit", "Scheduler", "TimeLimit", "Workers", "limits_of", "place_of", "whole"]

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
        return Place(workers=whole("--workers", workers, at_least=1))
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
        memory_MB=_positive("--memory-limit-mb", memory_limit_mb),
        seconds=_positive("--time-limit-s", time_limit_s),
    )


def whole(option: str, text: str, *, at_least: int) -> int:
    """Return the whole number that an option is.

    Raises
    ------
    ConfigError
        If it is none.
    """
    if not (text.isascii() and text.isdecimal() and int(text) >= at_least):
        raise ConfigError(
            found=f"{option} = {text!r}",
            expected=f"a whole number of at least {at_least}",
            remedy="correct that value",
        )
    return int(text)


def _positive(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value < float("inf"):
        raise ConfigError(
            found=f"{option} = {text!r}",
            expected="a number above 0",
            remedy="correct that value, or leave the option out for no such limit",
        )
    return value
