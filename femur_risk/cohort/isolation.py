"""Cases in processes of their own, watched and ended where they pass a limit."""

import json
import os
import pickle
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psutil  # type: ignore[import-untyped] # it has no type information

from femur_risk.cohort.case_process import ANSWER, JOB, too_much_memory
from femur_risk.cohort.task import Effort, Failure, Limits, Task, Work
from femur_risk.errors import CaseDiedError, TimeLimitError

__all__ = ["CaseProcess", "Ended", "no_word"]

_LOOK_SECONDS = 0.1
# one thread a case: the cases share the cores, and sums are made in one order
_ONE_THREAD = dict.fromkeys(
    (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "MKL_NUM_THREADS",
        "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
        "VTK_SMP_MAX_THREADS",
    ),
    "1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one attempt at a case ended.

    Attributes
    ----------
    values : dict or None
        The row.
    failure : Failure or None
        Why there is none.
    effort : Effort
        What it took.
    died : bool
        Whether something from outside, or a crash, ended its process.
    """

    values: dict[str, Any] | None
    failure: Failure | None
    effort: Effort
    died: bool = False


class CaseProcess:
    """A process that works on one case after the other; whoever ends it ends the case."""

    def __init__(self) -> None:
        command = [sys.executable, "-P", "-m", "femur_risk.cohort.case_process"]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,  # nothing that was told lies in a buffer that `select` does not see
            env=os.environ | _ONE_THREAD,
            start_new_session=True,  # Ctrl-C in a terminal is for the program that it runs
        )
        self._jobs: IO[bytes] = self._process.stdin  # type: ignore[assignment] # a pipe
        self._answers: IO[bytes] = self._process.stdout  # type: ignore[assignment] # a pipe

    @property
    def is_alive(self) -> bool:
        """Whether it can take another case."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it, and the case that it works on; safe to call from another thread."""
        self._process.kill()
        self._process.wait()
        self._jobs.close()
        self._answers.close()

    def run(self, work: Work, task: Task, folder: Path, limits: Limits) -> Ended:
        """Return how the work on one case ended."""
        with tempfile.TemporaryDirectory(prefix="femur-fea-case-") as name:
            place = Path(name)
            call = pickle.dumps((work, task, folder))
            (place / JOB).write_bytes(pickle.dumps({"path": sys.path, "call": call}))
            began = time.monotonic()
            told, excess = self._watch({"place": name, "imports": _imports(work)}, limits)
            effort = Effort(
                seconds=round(time.monotonic() - began, 3),
                cpu_seconds=round(told.get("cpu_seconds", 0.0), 3),
                peak_memory_MB=round(told.get("peak_memory_MB", 0.0), 1),
                attempts=1,
            )
            if excess is not None:
                return Ended(values=None, failure=excess, effort=effort)
            if told.get("status") != 0:
                return Ended(values=None, failure=no_word(), effort=effort, died=True)
            answer = pickle.loads((place / ANSWER).read_bytes())
        if isinstance(answer, Failure):
            return Ended(values=None, failure=answer, effort=effort)
        return Ended(values=answer, failure=None, effort=effort)

    def _watch(self, job: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], Failure | None]:
        """Return what the process tells at the end of a case, and the limit that it passed."""
        if not self._ask(job):
            return {}, None
        begun = self._line()
        excess, check = None, _excess(limits)
        while begun and not self._has_told():
            if excess is None and (excess := check(begun["process"])) is not None:
                _end(begun["process"])
        return (self._line() if begun else {}), excess

    def _ask(self, job: dict[str, Any]) -> bool:
        """Send the job; return whether the process was there to take it."""
        try:
            self._jobs.write(f"{json.dumps(job)}\n".encode())
        except (OSError, ValueError):  # it has ended, or was closed
            return False
        return True

    def _has_told(self) -> bool:
        try:
            return bool(select.select([self._answers], [], [], _LOOK_SECONDS)[0])
        except ValueError:  # closed by another thread
            return True

    def _line(self) -> dict[str, Any]:
        """Return what the process tells next; nothing if it has ended."""
        try:
            line = self._answers.readline()
        except ValueError:  # closed by another thread
            return {}
        told: dict[str, Any] = json.loads(line) if line.endswith(b"\n") else {}
        return told


def _imports(work: Work) -> list[str]:
    """Return what the module of the work wants to be imported once for all cases."""
    return list(getattr(sys.modules[work.__module__], "PRELOADED", ()))


def _excess(limits: Limits) -> Callable[[int], Failure | None]:
    """Return what tells which limit a process has passed, given its number."""
    end = None if limits.seconds is None else time.monotonic() + limits.seconds

    def check(process: int) -> Failure | None:
        if end is not None and time.monotonic() > end:
            return Failure.of(_too_long(limits))
        if limits.memory_MB is not None and _resident_MB(process) > limits.memory_MB:
            return Failure.of(too_much_memory())
        return None

    return check


def _resident_MB(process: int) -> float:
    """Return the memory of a case and all that it started; none once it has ended."""
    try:
        case = psutil.Process(process)
        everyone = (case, *case.children(recursive=True))
        return float(sum(each.memory_info().rss for each in everyone) / 1e6)
    except psutil.NoSuchProcess:
        return 0.0


def _end(process: int) -> None:
    for end in (os.killpg, os.kill):  # it may not have made its group yet
        try:
            end(process, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _too_long(limits: Limits) -> TimeLimitError:
    return TimeLimitError(
        found=f"a case that was not done after {limits.seconds:g} s",
        expected="a case within the limit",
        remedy="raise --time-limit-s, or take a larger edge length",
    )


def no_word() -> Failure:
    """Return the failure of a case whose process ended and did not say why."""
    return Failure.of(
        CaseDiedError(
            found="a process that ended without a word each time the case was tried",
            expected="a result or an error",
            remedy="run this case alone with 'femur-fea run'; if it works there, the machine ended "
            "it: see its log for a lack of memory",
        )
    )
