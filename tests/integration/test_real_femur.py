"""A real clinical CT: coarse, uncalibrated, and cut below the lesser trochanter."""

import json
from pathlib import Path
from typing import Any

import pytest

from femur_fea.io import read_frame

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def case(femur_fea: Any, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shared_data / "ct-pelvis-3mm"
    out = tmp_path_factory.mktemp("real")
    done = femur_fea(
        "run",
        *("--ct", folder / "ct.nii.gz"),
        *("--femur", folder / "femur_right.nii.gz"),
        *("--mass-kg", "75"),
        *("--edge-length-mm", "4"),
        *("--out", out),
    )
    assert done.returncode == 0, done.stderr
    (case,) = out.iterdir()
    return case


def test_a_real_femur_runs_to_a_report(case: Path) -> None:
    assert (case / "report/report.html").is_file()


def test_its_strength_is_that_of_a_human_femur(case: Path) -> None:
    strength = json.loads((case / "strength.json").read_text())
    assert strength["side"] == "right"
    for found in strength["loads"].values():
        # tested femora broke between 0.5 and 20 kN; the bone here is cut and uncalibrated
        assert 500.0 < found["strength_N"] < 20000.0
        assert found["strength_BW"] == pytest.approx(found["strength_N"] / (75 * 9.80665))
        assert found["healed_strength_N"] is None


def test_the_manifest_warns_of_the_missing_shaft_and_calibration(case: Path) -> None:
    manifest = json.loads((case / "manifest.json").read_text())
    shaft = read_frame(case / "mesh/frame.json").shaft_words
    assert any(text.startswith(f"the scan shows {shaft}") for text in manifest["warnings"])
    assert f"Rough values: the scan shows {shaft}" in (case / "report/report.html").read_text()
    assert any("tube voltage" in text for text in manifest["warnings"])
    assert "calibration average" in manifest["unverified_constants"]


def test_its_name_is_a_hash_and_not_taken_from_the_path(case: Path) -> None:
    assert case.name.startswith("case-")
    assert "pelvis" not in (case / "manifest.json").read_text() + (case / "run.toml").read_text()
