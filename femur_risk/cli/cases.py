"""How far a cohort has come: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from femur_risk.cohort import Progress, ProgressListener

__all__ = ["shown_progress"]

_LINES = 20  # of a cohort, where there is no terminal
_HOUR, _MINUTE = 3600.0, 60.0


@contextmanager
def shown_progress(console: "Console") -> Iterator["ProgressListener"]:
    """Yield a listener that shows cases done, failures, rate and the time that is left."""
    began = time.monotonic()
    if not console.is_terminal:
        yield lambda progress: _print_line(console, progress, time.monotonic() - began)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("starting", total=None)

        def show(progress: "Progress") -> None:
            told = _describe(progress, time.monotonic() - began)
            bar.update(task, total=progress.total, completed=progress.done, description=told)

        yield show


def _print_line(console: "Console", progress: "Progress", seconds: float) -> None:
    every = max(1, progress.total // _LINES)
    new = progress.done - progress.kept
    if new == 0 or new % every == 0 or progress.done == progress.total:
        told = _describe(progress, seconds)
        console.print(
            f"{progress.done}/{progress.total} cases  {told}", highlight=False, markup=False
        )


def _describe(progress: "Progress", seconds: float) -> str:
    parts = [f"{progress.kept} from before"] if progress.kept else []
    parts += [f"{progress.failed} without a result"] if progress.failed else []
    new = progress.done - progress.kept
    if new:
        per_case = seconds / new
        parts.append(f"{_HOUR / per_case:.3g} cases/h")
        if left := progress.total - progress.done:
            parts.append(f"{_duration(left * per_case)} left")
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds / _MINUTE:.0f} min"
    return f"{seconds / _HOUR:.1f} h"
