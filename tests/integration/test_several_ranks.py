"""The command line on several MPI ranks: one strength, one voice, one exit status."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from femur_fea.io import read_json

pytestmark = pytest.mark.mpi

# coarse: what is compared holds on any mesh
LINEAR = ("--loads", "stance", "--edge-length-mm", "7")
# one way of several ranks is enough for all that is solved besides the bone
BONE_ALONE = ("--uncertainty", "off")
NONLINEAR = ("--loads", "axial", "--edge-length-mm", "9")
YIELDING = """
[calibration]
method = "fixed"
slope_g_per_cm3_per_HU = 0.0008
intercept_g_per_cm3 = 0.0
phantom_density = "K2HPO4"

[preset]
name = "nijmegen"
"""
LIMIT_SECONDS = 300

type Launched = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def launched() -> Launched:
    """Call the command line under mpiexec on two ranks."""

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        mpiexec = str(Path(sys.executable).with_name("mpiexec"))
        command = [mpiexec, "-n", "2", sys.executable, "-m", "femur_risk.cli"]
        return subprocess.run(
            [*command, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            timeout=LIMIT_SECONDS,
        )

    return call


@pytest.fixture
def scan(demo: Path) -> tuple[object, ...]:
    images = demo / "virtual-4547-input"
    return ("--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz")


def _solver(out: Path, load: str) -> tuple[float, int]:
    (case,) = (path for path in out.iterdir() if path.is_dir())
    found = read_json(case / "strength.json")["loads"][load]
    return found["strength_N"], found["solver"]["ranks"]


def test_strength_is_the_same_on_one_and_two_ranks(
    femur_fea: Any, launched: Launched, scan: Any, tmp_path: Path
) -> None:
    calls = {
        "alone": lambda *words: femur_fea(*words, *BONE_ALONE, "--ranks", "1"),
        "started": lambda *words: femur_fea(*words, *BONE_ALONE, "--ranks", "2"),
        "launched": launched,
    }
    found = {}
    for name, call in calls.items():
        done = call("solve", *scan, *LINEAR, "--out", tmp_path / name, "--json")
        assert done.returncode == 0, done.stderr
        # one process prints: a second result would make this more than one JSON value
        assert list(json.loads(done.stdout)["loads"]) == ["stance"]
        found[name] = _solver(tmp_path / name, "stance")
    assert [ranks for _, ranks in found.values()] == [1, 2, 2]
    for strength, _ in found.values():
        assert strength == pytest.approx(found["alone"][0], rel=1e-6)


def test_strength_beyond_yield_is_the_same_on_one_and_two_ranks(
    femur_fea: Any, scan: Any, tmp_path: Path
) -> None:
    (tmp_path / "run.toml").write_text(YIELDING)
    words = ("solve", *scan, *NONLINEAR, "--config", tmp_path / "run.toml")
    for ranks in ("1", "2"):
        done = femur_fea(*words, "--out", tmp_path / ranks, "--ranks", ranks)
        assert done.returncode == 0, done.stderr
    alone, together = (_solver(tmp_path / ranks, "axial") for ranks in ("1", "2"))
    assert (alone[1], together[1]) == (1, 2)
    assert together[0] == pytest.approx(alone[0], rel=1e-6)


def test_an_error_is_told_once_and_ends_all_ranks(launched: Launched, tmp_path: Path) -> None:
    done = launched("solve", "--ct", tmp_path / "none.nii.gz", "--femur", tmp_path / "none.nii.gz")
    assert done.returncode == 2
    assert done.stderr.count("error     ") == 1


def test_help_is_printed_once_on_several_ranks(launched: Launched) -> None:
    done = launched("--help")
    assert done.returncode == 0
    assert done.stdout.count("Usage:") == 1


def test_ranks_are_asked_for_in_one_place(launched: Launched, scan: Any, tmp_path: Path) -> None:
    done = launched("solve", *scan, *LINEAR, "--ranks", "4", "--out", tmp_path)
    assert done.returncode == 2
    assert "4 ranks asked for in a program that mpiexec has started" in done.stderr


def test_a_word_that_is_no_number_of_ranks_is_refused(
    femur_fea: Any, scan: Any, tmp_path: Path
) -> None:
    done = femur_fea("solve", *scan, "--ranks", "many", "--out", tmp_path)
    assert done.returncode == 2
    assert "solver.ranks" in done.stderr
