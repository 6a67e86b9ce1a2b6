"""A cohort that is disturbed in every way, against the same one left alone: bit for bit.

    uv run python benchmarks/speed/disturbed.py [--cases N] [--out FILE]

N coarse cases, five of which cannot be analysed, are carried to strength twice. Once with one
worker and in peace. Once on a Dask cluster: a worker is killed (-9), the scheduler is killed, both
are started again; then the command itself is killed, and called again with two local workers.
Both tables of results must hold the same bytes, and no finished case may have been worked on again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.machine import write_results
from benchmarks.speed.cases import FAULTS, write_cohort

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = ("--loads", "stance", "--uncertainty", "off", "--edge-length-mm", "10")
TABLES = ("results.csv", "results.parquet")


def main() -> int:
    """Carry the cohort out twice, compare, print and write the JSON file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks/results/disturbed.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = write_cohort(folder / "cohort", options.cases, faults=True)
        finish(start(table, folder / "quiet", "--workers", "1"))
        events = disturbed(table, folder / "disturbed", options.cases)
        result = {
            "cases": options.cases,
            "planted_faults": len(FAULTS),
            "events": events,
            "identical": {name: same(folder, name) for name in TABLES},
            "errors": errors(folder / "quiet"),
        }
    print(write_results(options.out, result))
    return 0 if all(result["identical"].values()) else 1


def disturbed(table: Path, out: Path, n: int) -> list[dict[str, Any]]:
    """Carry a cohort out with everything killed once, and tell what was finished when."""
    events = []

    def note(what: str) -> dict[str, int]:
        done = finished(out)
        events.append({"what": what, "finished": len(done)})
        print(f"{len(done)}/{n} cases  {what}", flush=True)
        return done

    with cluster(out.parent) as (address, scheduler, workers):
        batch = start(table, out, "--scheduler", address)
        wait(lambda: len(finished(out)) >= n // 5, batch)
        working(workers).kill()
        note("a Dask worker is killed")
        wait(lambda: len(finished(out)) >= 2 * n // 5, batch)
        scheduler.kill()
        status = batch.wait()
        before = note(f"the scheduler is killed; the command ends with status {status}")
    with cluster(out.parent) as (address, _, _):
        batch = start(table, out, "--scheduler", address)
        wait(lambda: len(finished(out)) >= 3 * n // 5, batch)
        batch.kill()
        batch.wait()
        check_kept(before, finished(out))
        note("the command is killed; a new scheduler had gone on")
    before = finished(out)
    batch = start(table, out, "--workers", "2")
    wait(lambda: len(finished(out)) >= 4 * n // 5, batch)
    working(batch).kill()
    note("the process of a case is killed")
    finish(batch)
    check_kept(before, note("done, with two local workers"))
    return events


def start(table: Path, out: Path, *place: str) -> "subprocess.Popen[bytes]":
    """Start the command."""
    command = [sys.executable, "-m", "femur_risk.cli", "batch", str(table), "--out", str(out)]
    return subprocess.Popen([*command, *place, *SETTINGS], stdout=subprocess.DEVNULL)


def finish(batch: "subprocess.Popen[bytes]") -> None:
    """Wait for a command that must succeed."""
    if batch.wait():
        raise SystemExit(f"the command ended with status {batch.returncode}")


def finished(out: Path) -> dict[str, int]:
    """Return the cases that are finished, and when they were."""
    return {file.stem: file.stat().st_mtime_ns for file in (out / "journal").glob("case-*.json")}


def check_kept(before: dict[str, int], after: dict[str, int]) -> None:
    """Raise if a finished case was worked on again."""
    again = [name for name in before if after.get(name) != before[name]]
    if again:
        raise SystemExit(f"worked on again: {again}")


def wait(happened: Callable[[], bool], batch: "subprocess.Popen[bytes]") -> None:
    """Wait until something has happened, while the command runs."""
    while not happened():
        if batch.poll() is not None:
            raise SystemExit(f"the command ended too early, with status {batch.returncode}")
        time.sleep(0.05)


def working(program: "subprocess.Popen[bytes]") -> psutil.Process:
    """Return what runs a case below a program: a Dask worker, or the process of the case."""
    while True:
        for each in psutil.Process(program.pid).children(recursive=True):
            if "femur_risk.cohort.case_process" in each.cmdline():
                above = each.parent()
                return each if above is None or above.pid == program.pid else above
        time.sleep(0.05)


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, Any, Any]]:
    """Yield address, scheduler and workers of a Dask cluster of two workers."""
    file = folder / "scheduler.json"
    file.unlink(missing_ok=True)
    dask = [sys.executable, "-m", "dask"]
    shared = ["--scheduler-file", str(file), "--no-dashboard"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    scheduler = psutil.Popen(
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *shared], **quiet
    )
    while not file.exists():
        time.sleep(0.05)
    time.sleep(1.0)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    words = ["worker", "--nworkers", "2", "--nthreads", "1", *shared]
    workers = psutil.Popen([*dask, *words], env=os.environ | {"OMP_NUM_THREADS": "1"}, **quiet)
    try:
        yield address, scheduler, workers
    finally:
        for part in (workers, scheduler):
            if part.is_running():
                part.terminate()
            part.wait()


def same(folder: Path, name: str) -> bool:
    """Whether both tables hold the same bytes."""
    return (folder / "quiet" / name).read_bytes() == (folder / "disturbed" / name).read_bytes()


def errors(out: Path) -> dict[str, str]:
    """Return the error of every case that has one."""
    rows = {
        file.stem: json.loads(file.read_text(encoding="utf-8"))["failure"]
        for file in sorted((out / "journal").glob("case-*.json"))
    }
    return {name: failure["kind"] for name, failure in rows.items() if failure}


if __name__ == "__main__":
    sys.exit(main())
