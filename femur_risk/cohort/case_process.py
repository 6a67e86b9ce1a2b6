"""`python -m femur_risk.cohort.case_process`: works on cases, each in a fresh copy of itself.

It imports once what the work needs, and forks for each case: a case finds the same state whatever
came before it, may crash, and costs no start of Python. It reads jobs from the standard input, and
answers on the standard output with a line when a case has begun and one when it has ended.
"""

import contextlib
import ctypes
import importlib
import json
import os
import pickle
import select
import signal
import sys
import tempfile
import traceback
from pathlib import Path
from typing import IO, Any

from femur_fea.errors import FemurFEAError
from femur_risk.cohort.task import Failure
from femur_risk.errors import MemoryLimitError

__all__ = ["ANSWER", "IDLE_SECONDS", "JOB", "main"]

JOB, ANSWER = "job.pickle", "answer.pickle"
IDLE_SECONDS = 600.0  # then it ends: whoever started it may have forgotten it

_PR_SET_PDEATHSIG = 1  # sys/prctl.h
_OURS = ("femur_fea", "meshing", "calibration", "surrogate", "viz", "femur_risk")


def main() -> None:
    """Answer jobs until the input ends, nothing comes for a while, or the starter dies."""
    _die_with(os.getppid())
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    silence = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(silence, descriptor)
    while select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
        line = sys.stdin.readline()
        if not line:
            return
        job = json.loads(line)
        for name in job["imports"]:
            importlib.import_module(name)
        _work_on(Path(job["place"]), answers)


def _work_on(place: Path, answers: IO[str]) -> None:
    """Carry out the job in folder `place` in a copy of this process, and wait for its end."""
    ours = os.getpid()
    child = os.fork()
    if child == 0:
        _be_a_case(place, ours)
    answers.write(json.dumps({"process": child}) + "\n")
    _, status, usage = os.wait4(child, 0)
    ended = {
        "status": os.waitstatus_to_exitcode(status),
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_memory_MB": usage.ru_maxrss * 1024 / 1e6,
    }
    answers.write(json.dumps(ended) + "\n")


def _be_a_case(place: Path, parent: int) -> None:
    """Do the work, write its answer and end; nothing of the copied process is run after it."""
    status = 1
    try:
        os.setpgid(0, 0)  # what the case starts is ended with it
        _die_with(parent)
        _be_first_to_go()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started all this
        tempfile.tempdir = os.environ["TMPDIR"] = str(place)
        answer = place / ANSWER
        answer.with_suffix(".part").write_bytes(pickle.dumps(_answer(place)))
        answer.with_suffix(".part").replace(answer)
        status = 0
    finally:
        os._exit(status)


def _answer(place: Path) -> "dict[str, Any] | Failure":
    """Return the row of a case, or why it has none."""
    from femur_fea.io import explain_write_error

    job = pickle.loads((place / JOB).read_bytes())
    sys.path[:] = job["path"]
    try:
        work, task, folder = pickle.loads(job["call"])
        return dict(work(task, folder))
    except FemurFEAError as error:
        return Failure.of(error)
    except MemoryError:
        return Failure.of(too_much_memory())
    except Exception as error:  # noqa: BLE001 # a case that fails must not stop the others
        if isinstance(error, OSError) and (told := explain_write_error(error, "what it writes")):
            return Failure.of(told)
        return _bug(error)


def too_much_memory() -> MemoryLimitError:
    """Return the error of a case that takes more memory than it may."""
    return MemoryLimitError(
        found="more memory than one case may take",
        expected="a case within the limit",
        remedy="raise --memory-limit-mb, take fewer --workers, or a larger edge length",
    )


def _bug(error: Exception) -> Failure:
    """Return a failure that tells where, and not what: the message may hold a file's name."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if any(f"/{name}/" in frame.filename for name in _OURS)]
    frame = (ours or frames)[-1]
    where = Path(frame.filename)
    return Failure(
        kind=type(error).__name__,
        found=f"an error that the program does not expect, in {where.parent.name}/{where.name}, "
        f"line {frame.lineno}",
        expected="a result, or an error that says what to do",
        remedy="run this case alone with 'femur-fea run', and report what it prints",
        is_bug=True,
    )


def _die_with(parent: int) -> None:
    """End this process when the one that started it ends, however that comes about."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def _be_first_to_go() -> None:
    """Let a system without memory end this case rather than all of them."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


if __name__ == "__main__":
    main()
