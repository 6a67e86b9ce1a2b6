"""What appears on the screen: stages as they pass, results as tables, JSON alone on stdout."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

    from femur_risk.pipeline import Listener, StageEvent

__all__ = ["Screen", "open_screen"]

_WIDTH_WITHOUT_TERMINAL = 120
_FINISHED = ("made", "reused")


class Screen:
    """Where messages and the result go.

    Parameters
    ----------
    console : Console
        Takes everything that is meant for people.
    result_fd : int or None
        File descriptor that takes the result as JSON; None to show it for people.
    """

    def __init__(self, console: "Console", result_fd: int | None) -> None:
        self.console = console
        self._result_fd = result_fd
        self._warned: set[str] = set()

    @property
    def wants_json(self) -> bool:
        """Whether the result is to be JSON."""
        return self._result_fd is not None

    def print_json(self, result: Mapping[str, Any]) -> None:
        """Write the result, whole, where a program reads it."""
        from femur_fea.io import explain_write_error

        text = json.dumps(result, indent=2, allow_nan=False) + "\n"
        try:
            with os.fdopen(os.dup(self._result_fd or 1), "w", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            explained = explain_write_error(error, "the result on the standard output")
            raise (explained or error) from None

    @contextmanager
    def stages(self, total: int) -> Iterator["Listener"]:
        """Yield a listener that shows stages: a bar on a terminal, one line each elsewhere."""
        if not self.console.is_terminal:
            yield self._print_line
            return
        with _progress(self.console) as progress:
            task = progress.add_task("starting", total=total)

            def show(event: "StageEvent") -> None:
                if event.state == "started":
                    progress.update(task, description=event.stage)
                elif event.state in _FINISHED:
                    progress.advance(task)
                    self._print_warnings(event)

            yield show

    def _print_line(self, event: "StageEvent") -> None:
        if event.state not in _FINISHED:  # an error has a message of its own
            return
        how = "unchanged, reused" if event.state == "reused" else f"{event.seconds:.1f} s"
        self.console.print(f"{event.stage:<14} {how}", highlight=False, markup=False)
        self._print_warnings(event)

    def _print_warnings(self, event: "StageEvent") -> None:
        for text in event.warnings:
            if text in self._warned:  # by another load, or by another stage, such as the twin's
                continue
            self._warned.add(text)
            self.console.print(
                f"warning: {text}", style="yellow", highlight=False, markup=False, soft_wrap=True
            )


@contextmanager
def open_screen(*, as_json: bool) -> Iterator[Screen]:
    """Yield the screen; with `as_json`, nothing but the result reaches stdout.

    Libraries in C print to the file descriptor itself, so it is redirected, not only sys.stdout.
    """
    if not as_json:
        yield Screen(_console(to_stderr=False), None)
        return
    sys.stdout.flush()
    result_fd = os.dup(1)
    os.dup2(2, 1)
    try:
        yield Screen(_console(to_stderr=True), result_fd)
    finally:
        sys.stdout.flush()
        os.dup2(result_fd, 1)
        os.close(result_fd)


def _console(*, to_stderr: bool) -> "Console":
    from rich.console import Console

    console = Console(stderr=to_stderr)
    return (
        console if console.is_terminal else Console(stderr=to_stderr, width=_WIDTH_WITHOUT_TERMINAL)
    )


def _progress(console: "Console") -> "Progress":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
    )
