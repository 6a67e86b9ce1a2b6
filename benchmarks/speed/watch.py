"""A program run to its end or to its limits, and what it took."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

__all__ = ["Limits", "Outcome", "Usage", "watch"]

POLL_SECONDS = 0.05

type Outcome = Literal["solved", "time limit", "memory limit", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a program may take."""

    seconds: float
    memory_MB: float
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a program took.

    Attributes
    ----------
    outcome : str
        "solved", or why it was ended.
    seconds : float
        Wall time of the whole program, also where it was ended.
    peak_memory_MB : float
        Largest sum of the resident sizes of all its processes.
    """

    outcome: Outcome
    seconds: float
    peak_memory_MB: float


def watch(command: list[str], folder: Path, limits: Limits) -> Usage:
    """Run a program in `folder`, and end it and all its processes where it passes a limit."""
    start, peak, outcome = time.perf_counter(), 0.0, None
    with (folder / "stderr.txt").open("w+b") as errors:
        process = psutil.Popen(
            command,
            cwd=folder,
            env=_environment(limits.threads),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        while process.poll() is None:
            peak = max(peak, _resident_MB(process))
            outcome = _excess(time.perf_counter() - start, peak, limits)
            if outcome is not None:
                _end(process)
                break
            time.sleep(POLL_SECONDS)
        seconds = time.perf_counter() - start
        if outcome is None and process.wait() != 0:
            outcome = "failed"
            errors.seek(0)
            print(errors.read().decode(errors="replace")[-2000:], file=sys.stderr)
    return Usage(
        outcome=outcome or "solved", seconds=round(seconds, 2), peak_memory_MB=round(peak, 1)
    )


def _environment(threads: int) -> dict[str, str]:
    """Return the environment of a program: compiled Python is kept, as on any user's machine."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"OMP_NUM_THREADS": str(threads)}


def _resident_MB(process: psutil.Process) -> float:
    """Return the resident size of a process and of all below it; what they share counts often."""
    total = 0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss
    except psutil.NoSuchProcess:
        pass  # it has just ended, which the next look tells
    return total / 2**20


def _excess(seconds: float, peak: float, limits: Limits) -> Outcome | None:
    if seconds > limits.seconds:
        return "time limit"
    return "memory limit" if peak > limits.memory_MB else None


def _end(process: psutil.Process) -> None:
    everyone = [process, *process.children(recursive=True)]
    for each in everyone:
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(everyone)
