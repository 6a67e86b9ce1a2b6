"""What is finished of a cohort: one small file for each case, written whole.

Whoever is killed, the file of a case is there or it is not. Nothing else tells what is done.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from femur_fea.errors import InputError
from femur_fea.io import explain_write_error, read_json, write_json
from femur_risk.cohort.task import Limits, Outcome, Task
from femur_risk.errors import FolderInUseError

__all__ = ["alone_in", "finished", "forget_failures", "record"]

_FOLDER = "journal"

# what ended a case from outside and may be over by the next call
_PASSING = frozenset(
    {"CaseDiedError", "DiskSpaceError", "FolderInUseError", "MissingDependencyError"}
)
_LIMITED = frozenset({"MemoryLimitError", "TimeLimitError"})


def record(folder: Path, outcome: Outcome) -> None:
    """Write how a case ended, whole or not at all.

    Raises
    ------
    DiskSpaceError
        If the disk is full.
    ConfigError
        If the folder cannot be written into.
    """
    write_json(_file(folder, outcome.case_id), outcome.to_plain())


def finished(folder: Path, task: Task, limits: Limits) -> Outcome | None:
    """Return how a case ended, None where it is to be worked on.

    A result holds as long as what it rests on. So does an error, unless it came from outside: a
    process that was killed, a full disk, or a limit other than that of today.
    """
    outcome = _read(folder, task)
    if outcome is None or outcome.basis != task.basis:
        return None
    kind = None if outcome.failure is None else outcome.failure.kind
    if kind in _PASSING or (kind in _LIMITED and outcome.limits != limits):
        return None
    return outcome


def forget_failures(folder: Path, tasks: Iterable[Task]) -> None:
    """Have all cases that ended in an error worked on again."""
    for task in tasks:
        outcome = _read(folder, task)
        if outcome is not None and outcome.failure is not None:
            _file(folder, task.case_id).unlink()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Make the folder of a cohort and keep other programs out of it.

    Raises
    ------
    FolderInUseError
        If another one works in it.
    ConfigError
        If it cannot be made or written into.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:
        explained = explain_write_error(error, "the folder --out")
        raise (explained or error) from None
    try:
        _lock(handle)
        for leftover in (folder / _FOLDER).glob(".partial-*"):
            leftover.unlink(missing_ok=True)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUseError(
            found="another cohort at work in the same folder",
            expected="one at a time",
            remedy="wait for it to end, or give another --out",
        ) from None


def _read(folder: Path, task: Task) -> Outcome | None:
    """Return what was written of a case, None where that is nothing, or nothing of ours."""
    try:
        outcome = Outcome.from_plain(read_json(_file(folder, task.case_id)))
    except (InputError, KeyError, TypeError):
        return None
    return outcome if outcome.case_id == task.case_id else None


def _file(folder: Path, case_id: str) -> Path:
    return folder / _FOLDER / f"{case_id}.json"
