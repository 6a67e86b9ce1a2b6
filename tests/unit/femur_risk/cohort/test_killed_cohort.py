"""Cohorts that are killed, whole or in parts, and called again."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

HERE = Path(__file__).parent
PROGRAM = HERE / "cohort_program.py"
LIMIT_SECONDS = 120.0
N = 12

pytestmark = pytest.mark.slow


def _start(folder: Path, seconds: float, *address: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(PROGRAM), str(folder), str(N), str(seconds), *address],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": _path(), "OMP_NUM_THREADS": "1"},
    )


def _path() -> str:
    """Return where a program finds the packages and the cheap work."""
    return os.pathsep.join([str(HERE), *(part for part in sys.path if part)])


def _finished(folder: Path) -> dict[str, int]:
    """Return the cases that are written, and when."""
    return {file.stem: file.stat().st_mtime_ns for file in (folder / "journal").glob("case-*.json")}


def _wait(happened: Callable[[], object]) -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)


def _gone(processes: list[psutil.Process]) -> None:
    _, alive = psutil.wait_procs(processes, timeout=30)
    assert not alive


def test_a_killed_cohort_leaves_no_process_and_goes_on_where_it_was(tmp_path: Path) -> None:
    program = _start(tmp_path, 0.3)
    _wait(lambda: len(_finished(tmp_path)) >= 4)
    below = psutil.Process(program.pid).children(recursive=True)
    program.kill()
    program.wait(timeout=LIMIT_SECONDS)
    assert below
    _gone(below)
    before = _finished(tmp_path)
    assert 4 <= len(before) < N
    assert _start(tmp_path, 0.3).wait(timeout=LIMIT_SECONDS) == 0
    after = _finished(tmp_path)
    assert len(after) == N
    assert {name: after[name] for name in before} == before
    begun = (tmp_path / "begun.txt").read_text().split()
    assert all(begun.count(name) == 1 for name in before)


def test_a_killed_process_of_a_case_costs_that_attempt_alone(tmp_path: Path) -> None:
    program = _start(tmp_path, 0.3)
    _wait(lambda: len(_finished(tmp_path)) >= 2)
    below = psutil.Process(program.pid).children(recursive=True)
    below[-1].send_signal(signal.SIGKILL)
    assert program.wait(timeout=LIMIT_SECONDS) == 0
    assert len(_finished(tmp_path)) == N


@contextmanager
def _dask(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Start a part of Dask, and end it with all below it."""
    with subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": _path()},
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                below = psutil.Process(process.pid).children(recursive=True)
                process.terminate()
                process.wait(timeout=LIMIT_SECONDS)
                _gone(below)


@contextmanager
def _cluster(
    folder: Path,
) -> Iterator[tuple[str, "subprocess.Popen[bytes]", "subprocess.Popen[bytes]"]]:
    """Yield address, scheduler and workers of a cluster of two workers."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    quiet = ("--no-dashboard", "--scheduler-file", str(file))
    with _dask("scheduler", "--host", "127.0.0.1", "--port", "0", *quiet) as scheduler:
        _wait(file.exists)
        time.sleep(0.5)  # it is written, not renamed
        address = json.loads(file.read_text())["address"]
        with _dask("worker", *quiet, "--nworkers", "2", "--nthreads", "1") as workers:
            yield address, scheduler, workers


def test_a_killed_dask_worker_is_made_up_for(tmp_path: Path) -> None:
    with _cluster(tmp_path) as (address, _, workers):
        program = _start(tmp_path, 0.5, address)
        _wait(lambda: len(_finished(tmp_path)) >= 2)
        below = psutil.Process(workers.pid).children(recursive=True)
        case = next(each for each in below if "femur_risk.cohort.case_process" in each.cmdline())
        worker = case.parent()
        assert worker is not None
        worker.kill()
        _gone([case])
        assert program.wait(timeout=LIMIT_SECONDS) == 0
    assert len(_finished(tmp_path)) == N


def test_a_killed_scheduler_loses_nothing(tmp_path: Path) -> None:
    with _cluster(tmp_path) as (address, scheduler, _):
        program = _start(tmp_path, 0.5, address)
        _wait(lambda: len(_finished(tmp_path)) >= 3)
        scheduler.kill()
        assert program.wait(timeout=LIMIT_SECONDS) == 2
    before = _finished(tmp_path)
    assert 3 <= len(before) < N
    with _cluster(tmp_path) as (address, _, _):
        assert _start(tmp_path, 0.5, address).wait(timeout=LIMIT_SECONDS) == 0
    after = _finished(tmp_path)
    assert len(after) == N
    assert {name: after[name] for name in before} == before


def test_no_scheduler_at_an_address_is_said(tmp_path: Path) -> None:
    assert _start(tmp_path, 0.0, "tcp://127.0.0.1:1").wait(timeout=LIMIT_SECONDS) == 2
