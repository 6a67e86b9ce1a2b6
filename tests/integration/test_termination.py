"""A run that is told to end from outside: nothing of it goes on, nothing half-done is left."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.mpi

LIMIT_SECONDS = 120


def test_a_run_that_is_told_to_end_leaves_no_process_and_no_temporary_file(
    demo: Path, tmp_path: Path
) -> None:
    images, temporary = demo / "virtual-4547-input", tmp_path / "temporary"
    temporary.mkdir()
    scan = ("--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz")
    settings = ("--edge-length-mm", "7", "--ranks", "2", "--case-id", "case", "--out", tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "femur_risk.cli", "solve", *map(str, (*scan, *settings))],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1", "TMPDIR": str(temporary)},
    )
    below = _ranks_of(process)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 128 + signal.SIGTERM
    assert said.splitlines()[-1].startswith("interrupted; finished stages are kept")
    assert "Traceback" not in said
    _, alive = psutil.wait_procs(below, timeout=20)
    assert not alive
    assert list(temporary.glob("femur-fea-*")) == []
    assert list((tmp_path / "case").rglob(".*")) == []
    assert (tmp_path / "case/mesh/bone.vtu").is_file()


def _ranks_of(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Return all processes below one, as soon as two of them are ranks."""
    end = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < end:
        below = psutil.Process(process.pid).children(recursive=True)
        words = [other.cmdline() for other in below if other.is_running()]
        if sum("femur_fea.solver.worker" in line[2:5] for line in words) >= 2:
            return below
        time.sleep(0.05)
    raise TimeoutError
