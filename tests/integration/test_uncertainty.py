"""Uncertainty from the sources of a run to strength.json, terminal and report."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

SAMPLES = 20
ACTIVE = {
    "calibration",
    "density-modulus law",
    "segmentation, below a voxel",
    "load direction, frontal",
    "load direction, sagittal",
}


@pytest.fixture(scope="module")
def loads(demo: Path) -> dict[str, dict[str, Any]]:
    content = json.loads((demo / "virtual-4547/strength.json").read_text())
    found: dict[str, dict[str, Any]] = content["loads"]
    return found


def test_a_run_is_by_default_given_an_interval_round_its_strength(
    loads: dict[str, dict[str, Any]],
) -> None:
    for found in loads.values():
        assert found["uncertainty"]["mode"] == "fast"
        low, high = found["interval_90_N"]
        assert low < found["strength_N"] < high
        # of a strength that is log-normal
        assert low * high == pytest.approx(found["strength_N"] ** 2, rel=1e-9)


def test_shares_add_to_one_and_what_is_not_stated_has_none(
    loads: dict[str, dict[str, Any]],
) -> None:
    for found in loads.values():
        sources = found["uncertainty"]["sources"]
        for key in ("share", "share_of_loss"):
            assert sum(source[key] for source in sources) == pytest.approx(1.0, abs=1e-9)
        for source in sources:
            if source["sd"] is None:
                assert source["provenance"] == "not stated"
                assert source["share"] == 0.0
    moving = {s["name"] for s in loads["stance"]["uncertainty"]["sources"] if s["share"] > 0.0}
    assert moving == ACTIVE


def test_the_direction_of_a_load_of_which_nothing_was_read_moves_nothing(
    loads: dict[str, dict[str, Any]],
) -> None:
    by_name = {source["name"]: source for source in loads["fall"]["uncertainty"]["sources"]}
    assert by_name["load direction, frontal"]["sd"] is None
    assert by_name["load direction, frontal"]["share"] == 0.0


def test_the_loss_is_known_better_than_the_strength(loads: dict[str, dict[str, Any]]) -> None:
    for found in loads.values():
        low, high = found["strength_loss_interval_90"]
        assert low < found["strength_loss_fraction"] < high
        spread = found["uncertainty"]
        assert spread["sd_of_ln_ratio_to_healed"] < 0.5 * spread["sd_of_ln_strength"]
        by_name = {source["name"]: source for source in spread["sources"]}
        # a factor of both moduli cancels
        assert by_name["density-modulus law"]["share_of_loss"] == pytest.approx(0.0, abs=1e-9)


def test_report_and_terminal_tell_the_interval(
    femur_fea: Any, demo: Path, loads: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    page = (demo / "virtual-4547/report/report.html").read_text()
    assert "What is not known exactly" in page
    assert "segmentation, below a voxel" in page
    shutil.copytree(demo / "virtual-4547", tmp_path / "virtual-4547")
    images = demo / "virtual-4547-input"
    done = femur_fea(
        *("solve", "--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz"),
        *("--lesion", images / "lesion.nii.gz", "--config", tmp_path / "virtual-4547/run.toml"),
        *("--out", tmp_path),
    )
    said = " ".join(done.stdout.split())
    assert f"90 % intervals (fast): stance {loads['stance']['interval_90_N'][0]:.0f} to" in said


def _full(demo: Path, out: Path) -> list[str]:
    images = demo / "virtual-4547-input"
    config = out / "samples.toml"
    config.write_text(f"[uncertainty]\nsamples = {SAMPLES}\nseed = 3\n")
    arguments = [
        *("solve", "--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz"),
        *("--lesion", images / "lesion.nii.gz", "--config", config, "--case-id", "case"),
        *("--edge-length-mm", "7", "--loads", "stance", "--uncertainty", "full", "--out", out),
    ]
    return [sys.executable, "-m", "femur_risk.cli", *map(str, arguments)]


@pytest.mark.slow
def test_samples_of_a_run_that_is_killed_are_kept_and_not_drawn_again(
    demo: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(_full(demo, tmp_path), env=environment, stderr=subprocess.DEVNULL)
    samples = tmp_path / "case/uncertainty/samples.jsonl"
    deadline = time.monotonic() + 240.0
    while not (samples.is_file() and len(samples.read_text().splitlines()) > 4):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = samples.read_text().splitlines()
    done = subprocess.run(
        _full(demo, tmp_path), env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    lines = samples.read_text().splitlines()
    assert len(lines) == 2 + SAMPLES  # what they rest on, the bone as it is, and all samples
    whole = [line for line in kept if line.endswith("]]}")]
    assert lines[1 : 1 + len(whole)] == whole
    found = json.loads((tmp_path / "case/strength.json").read_text())["loads"]["stance"]
    assert found["uncertainty"]["mode"] == "full"
    low, high = found["interval_90_N"]
    assert low < found["strength_N"] < high
    assert min(found["uncertainty"]["interval_standard_error_N"]) > 0.0


def test_a_nonlinear_model_has_no_interval_and_none_is_pretended(
    femur_fea: Any, demo: Path, tmp_path: Path
) -> None:
    images = demo / "virtual-4547-input"
    done = femur_fea(
        *("run", "--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz"),
        *("--preset", "keaveny_open", "--uncertainty", "fast", "--out", tmp_path),
    )
    assert done.returncode == 2
    assert "uncertainty.mode" in done.stderr
