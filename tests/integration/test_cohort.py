"""A cohort of coarse virtual femora with planted faults, from the command line."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from pyarrow import parquet

from benchmarks.speed.cases import FAULTS, write_cohort
from femur_fea.io import read_json

pytestmark = pytest.mark.slow

SETTINGS = ("--loads", "stance", "--uncertainty", "off", "--edge-length-mm", "10")
TABLES = ("results.csv", "results.parquet")
N = 12
LIMIT_SECONDS = 300.0


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_cohort(tmp_path_factory.mktemp("cohort"), N, faults=True)


@pytest.fixture(scope="module")
def results(femur_fea: Any, cohort: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a batch with one worker; leave the folder as it is."""
    out = tmp_path_factory.mktemp("results")
    done = femur_fea("batch", cohort, "--out", out, "--workers", "1", "--json", *SETTINGS)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["cases"], summary["failed"]) == (N, len(FAULTS))
    assert f"{N}/{N} cases" in done.stderr
    assert "cases/h" in done.stderr
    return out


def _rows(out: Path) -> list[dict[str, str]]:
    with (out / "results.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_each_planted_fault_is_an_error_in_its_row_and_stops_nobody(results: Path) -> None:
    rows = _rows(results)
    assert [row["case_id"] for row in rows] == [f"case-{k:03d}" for k in range(N)]
    assert [row["status"] for row in rows] == ["done"] * (N - 5) + ["failed"] * 5
    assert [row["error"] for row in rows[-5:]] == [
        "MissingInputError",
        "ImageError",
        "GridMismatchError",
        "SideError",
        "EmptyMaskError",
    ]
    assert all(row["error_remedy"] and not row["stance_strength_N"] for row in rows[-5:])


def test_no_path_is_repeated_in_a_message(results: Path, cohort: Path) -> None:
    told = "".join(row["error_found"] + row["error_remedy"] for row in _rows(results))
    assert str(cohort.parent) not in told
    assert "nii" not in told.replace(".nii, .nii.gz", "")


def test_the_row_of_a_case_is_what_its_run_found(results: Path) -> None:
    row = parquet.read_table(results / "results.parquet").to_pylist()[0]
    strength = read_json(results / "cases/case-000/strength.json")["loads"]["stance"]
    assert row["stance_strength_N"] == strength["strength_N"]
    assert row["stance_healed_strength_N"] == strength["healed_strength_N"]
    assert row["stance_weakest_region"] == strength["weakest_site"]["region"]
    assert row["mass_kg"] == 60.0
    # without an interval of the strength there is no probability, and the row says why
    assert row["risk_assessable"] is False
    assert "the strength has no interval" in row["risk_not_assessable"]
    empty = ("fracture_probability_6_months", "risk_class", "calibrated_probability_6_months")
    assert [row[name] for name in empty] == [None] * len(empty)
    assert row["simulated"]


def test_metadata_tell_settings_and_versions(results: Path) -> None:
    about = parquet.read_schema(results / "results.parquet").metadata
    assert b'names = [\n    "stance",\n]' in about[b"femur_fea.config"]
    assert b"femur-fea" in about[b"femur_fea.versions"]


def test_an_interrupted_cohort_ends_with_the_same_bytes(
    cohort: Path, results: Path, tmp_path: Path
) -> None:
    for how, code in ((signal.SIGKILL, -9), (signal.SIGTERM, 128 + 15), (signal.SIGINT, 130)):
        program = _start(cohort, tmp_path)
        left = len(list((tmp_path / "journal").glob("*.json")))
        _wait_for_more(tmp_path, left, program)
        below = psutil.Process(program.pid).children(recursive=True)
        program.send_signal(how)
        _, told = program.communicate(timeout=60)
        assert program.returncode == code
        assert "Traceback" not in told
        _, alive = psutil.wait_procs(below, timeout=30)
        assert not alive
    _, told = _start(cohort, tmp_path).communicate(timeout=LIMIT_SECONDS)
    assert "from before" in told
    for name in TABLES:
        assert (tmp_path / name).read_bytes() == (results / name).read_bytes()


def _start(cohort: Path, out: Path) -> "subprocess.Popen[str]":
    words = ["batch", cohort, "--out", out, "--workers", "2", "--json", *SETTINGS]
    return subprocess.Popen(
        [sys.executable, "-m", "femur_risk.cli", *map(str, words)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def _wait_for_more(out: Path, left: int, program: "subprocess.Popen[str]") -> None:
    end = time.monotonic() + LIMIT_SECONDS
    while len(list((out / "journal").glob("*.json"))) < left + 2:
        assert program.poll() is None
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_second_batch_in_the_same_folder_is_refused(
    femur_fea: Any, cohort: Path, tmp_path: Path
) -> None:
    program = _start(cohort, tmp_path)
    _wait_for_more(tmp_path, 0, program)
    second = femur_fea("batch", cohort, "--out", tmp_path, *SETTINGS)
    program.terminate()
    program.communicate(timeout=60)
    assert second.returncode == 2
    assert "another cohort at work" in second.stderr


def test_a_cohort_without_any_result_says_so(femur_fea: Any, cohort: Path, tmp_path: Path) -> None:
    lines = cohort.read_text().splitlines()
    table = cohort.with_name("BAD.csv")
    table.write_text(f"{lines[0]}\n{lines[-5]}\n")
    done = femur_fea("batch", table, "--out", tmp_path, *SETTINGS)
    assert done.returncode == 2
    assert "none with a result" in done.stderr
    assert (tmp_path / "results.csv").is_file()


def test_a_repaired_case_is_worked_on_alone(femur_fea: Any, cohort: Path, tmp_path: Path) -> None:
    lines = cohort.read_text().splitlines()
    table = tmp_path / "COHORT.csv"
    head = lines[0]
    cells = [line.split(",") for line in (lines[1], lines[-2])]
    absolute = [
        [str(cohort.parent / cell) if cell.endswith(".gz") else cell for cell in row]
        for row in cells
    ]
    for side in ("left", "right"):
        absolute[1][head.split(",").index("side")] = side
        table.write_text("\n".join([head, *(",".join(row) for row in absolute)]) + "\n")
        done = femur_fea("batch", table, "--out", tmp_path / "out", *SETTINGS)
        assert done.returncode == 0, done.stderr
    assert "1/2 cases  1 from before" in done.stdout
    assert [row["status"] for row in _rows(tmp_path / "out")] == ["done", "done"]


def test_a_virtual_cohort_is_the_same_for_any_number_of_workers_and_of_patients(
    femur_fea: Any, tmp_path: Path
) -> None:
    for n, workers in ((1, 1), (2, 2)):
        done = femur_fea(
            "simulate", "--n", n, "--seed", "7", "--workers", workers, "--out", tmp_path / str(n)
        )
        assert done.returncode == 0, done.stderr
    one, two = tmp_path / "1", tmp_path / "2"
    for name in ("ct", "femur", "lesion"):
        file = f"patients/virtual-7-00000/{name}.nii.gz"
        assert (one / file).read_bytes() == (two / file).read_bytes()
    other = two / "patients/virtual-7-00001/ct.nii.gz"
    assert other.read_bytes() != (two / "patients/virtual-7-00000/ct.nii.gz").read_bytes()
    lines = (two / "COHORT.csv").read_text().splitlines()
    assert lines[:2] == (one / "COHORT.csv").read_text().splitlines()
    assert len(lines) == 3
