"""The stages one by one, on a run that has them on disk already."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from femur_fea.io import read_json


@pytest.fixture(scope="module")
def case(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stages") / "virtual-4547"
    shutil.copytree(demo / "virtual-4547", folder)
    return folder


def _stage(femur_fea: Any, demo: Path, case: Path, name: str) -> dict[str, Any]:
    images = demo / "virtual-4547-input"
    done = femur_fea(
        name,
        *("--ct", images / "ct.nii.gz"),
        *("--femur", images / "femur.nii.gz"),
        *("--lesion", images / "lesion.nii.gz"),
        *("--config", case / "run.toml"),
        *("--out", case.parent),
        "--json",
    )
    assert done.returncode == 0, done.stderr
    content: dict[str, Any] = json.loads(done.stdout)
    return content


def test_calibrate_prints_the_curve(femur_fea: Any, demo: Path, case: Path) -> None:
    printed = _stage(femur_fea, demo, case, "calibrate")
    assert printed == read_json(case / "calibration/curve.json")


def test_mesh_prints_frame_and_quality(femur_fea: Any, demo: Path, case: Path) -> None:
    printed = _stage(femur_fea, demo, case, "mesh")
    assert printed["frame"] == read_json(case / "mesh/frame.json")
    assert printed["quality"] == read_json(case / "mesh/quality.json")


def test_solve_prints_the_strength(femur_fea: Any, demo: Path, case: Path) -> None:
    assert _stage(femur_fea, demo, case, "solve") == read_json(case / "strength.json")


def test_a_stage_on_its_own_with_the_settings_of_the_run_leaves_what_follows_in_place(
    femur_fea: Any, demo: Path, case: Path
) -> None:
    _stage(femur_fea, demo, case, "mesh")
    assert (case / "strength.json").is_file()
    assert (case / "report/report.html").is_file()


@pytest.mark.slow
def test_the_demonstration_as_it_comes_finds_a_weaker_femur(femur_fea: Any, tmp_path: Path) -> None:
    done = femur_fea("demo", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "research only" in done.stdout.lower()
    assert "virtual patient" in done.stdout.lower()
    strength = read_json(tmp_path / "runs/virtual-4547/strength.json")
    assert all(found["strength_loss_fraction"] > 0.0 for found in strength["loads"].values())
