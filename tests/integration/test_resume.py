"""A run that is repeated, damaged, interrupted or killed."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from femur_fea.errors import InputError
from femur_fea.io import read_image, write_image
from femur_risk.config import RunConfig
from femur_risk.pipeline.fingerprint import hash_file
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.segmentation import SEGMENTATION
from femur_risk.pipeline.stages import STAGES

COARSE = ("--edge-length-mm", "10")


def _made(case: Path) -> list[str]:
    stages: dict[str, dict[str, Any]] = json.loads((case / "manifest.json").read_text())["stages"]
    return [name for name, record in stages.items() if not record["reused"]]


def _inputs(demo: Path) -> list[object]:
    images = demo / "virtual-4547-input"
    return [
        *("--ct", images / "ct.nii.gz"),
        *("--femur", images / "femur.nii.gz"),
        *("--lesion", images / "lesion.nii.gz"),
    ]


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration's run that may be damaged."""
    shutil.copytree(demo / "virtual-4547", tmp_path / "virtual-4547")
    return tmp_path / "virtual-4547"


def _solve(femur_fea: Any, demo: Path, case: Path) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = femur_fea(
        "solve", *_inputs(demo), "--config", case / "run.toml", "--out", case.parent
    )
    assert done.returncode == 0, done.stderr
    return done


def test_a_run_from_its_own_settings_makes_nothing_again(
    femur_fea: Any, demo: Path, copied: Path
) -> None:
    before = (copied / "strength.json").read_bytes()
    _solve(femur_fea, demo, copied)
    assert _made(copied) == []
    assert (copied / "strength.json").read_bytes() == before


def test_a_damaged_field_redoes_its_stage_and_what_follows_alone(
    femur_fea: Any, demo: Path, copied: Path
) -> None:
    old = json.loads((copied / "strength.json").read_text())
    (copied / "fe/fall/field.vtu").write_bytes(b"half a file")
    _solve(femur_fea, demo, copied)
    assert _made(copied) == ["fe", "strength"]
    assert not (copied / "report").exists()  # it rested on what is gone
    new = json.loads((copied / "strength.json").read_text())
    for load in old["loads"]:
        # the same mesh, image and laws: the same numbers but for the order of summation
        expected = old["loads"][load]["strength_N"]
        assert new["loads"][load]["strength_N"] == pytest.approx(expected, rel=1e-6)


def test_a_deleted_result_redoes_the_strength_from_what_is_left(
    femur_fea: Any, demo: Path, copied: Path
) -> None:
    (copied / "strength.json").unlink()
    _solve(femur_fea, demo, copied)
    assert _made(copied) == ["strength"]


def test_another_body_mass_solves_nothing_again(femur_fea: Any, demo: Path, copied: Path) -> None:
    settings = ("--config", copied / "run.toml", "--mass-kg", "100", "--out", copied.parent)
    done = femur_fea("solve", *_inputs(demo), *settings)
    assert done.returncode == 0, done.stderr
    assert _made(copied) == ["strength"]
    found = json.loads((copied / "strength.json").read_text())["loads"]["stance"]
    assert found["strength_BW"] == pytest.approx(found["strength_N"] / 980.665, rel=1e-12)


def test_without_the_lesion_mask_the_twin_is_gone_and_its_keys_are_null(
    femur_fea: Any, demo: Path, copied: Path
) -> None:
    done = femur_fea(
        "solve", *_inputs(demo)[:4], "--config", copied / "run.toml", "--out", copied.parent
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (copied / "fe").iterdir()) == ["fall", "stance"]
    for found in json.loads((copied / "strength.json").read_text())["loads"].values():
        assert found["healed_strength_N"] is None
        assert found["strength_loss_fraction"] is None


def test_a_changed_scan_is_made_from_the_start_and_leaves_nothing_of_the_old_one(
    femur_fea: Any, demo: Path, copied: Path, tmp_path: Path
) -> None:
    grid, hu = read_image(demo / "virtual-4547-input" / "ct.nii.gz")
    write_image(tmp_path / "ct.nii.gz", grid, hu + (hu > 300))
    done = femur_fea(
        "calibrate",
        *_inputs(demo),
        *("--ct", tmp_path / "ct.nii.gz"),
        *("--config", copied / "run.toml", "--out", copied.parent),
    )
    assert done.returncode == 0, done.stderr
    assert _made(copied) == ["segmentation", "calibration"]
    left = {path.name for path in copied.iterdir()}
    assert left == {"segmentation", "calibration", "run.toml", "manifest.json", "log.jsonl"}


@pytest.mark.filterwarnings("ignore:truncation")  # of the body, which the scan shows in part
def test_a_scan_that_changes_while_it_is_read_is_refused(demo: Path, tmp_path: Path) -> None:
    images = demo / "virtual-4547-input"
    inputs = {name: images / f"{name}.nii.gz" for name in ("ct", "femur")}
    run = Run(
        case_id="case",
        folder=tmp_path,
        config=RunConfig(),
        inputs=inputs,
        input_sha256={"ct": "what it was before", "femur": hash_file(inputs["femur"])},
        listener=lambda _: None,
        ranks="auto",
        chain=STAGES,
    )
    with pytest.raises(InputError, match=r"the CT .* changed while it was read"):
        SEGMENTATION.make(run, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_partial_run_with_other_settings_leaves_no_result_of_the_old_ones(
    femur_fea: Any, demo: Path, copied: Path
) -> None:
    settings = ("--config", copied / "run.toml", "--loads", "stance", "--out", copied.parent)
    done = femur_fea("mesh", *_inputs(demo), *settings)
    assert done.returncode == 0, done.stderr
    assert _made(copied) == []
    assert not any((copied / name).exists() for name in ("fe", "strength.json", "report"))
    assert femur_fea("report", copied).returncode == 2


def test_no_report_is_made_of_settings_that_the_results_were_not_made_with(
    femur_fea: Any, copied: Path
) -> None:
    settings = (copied / "run.toml").read_text()
    (copied / "run.toml").write_text(settings.replace("mass_kg = ", "mass_kg = 1"))
    done = femur_fea("report", copied)
    assert done.returncode == 2
    assert "strength" in done.stderr
    assert (copied / "report/report.html").is_file(), "the old one, which was not touched"


def test_the_report_is_rebuilt_from_disk(femur_fea: Any, copied: Path) -> None:
    shutil.rmtree(copied / "report")
    done = femur_fea("report", copied, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == json.loads((copied / "strength.json").read_text())
    assert (copied / "report/report.html").is_file()


def test_no_report_is_made_of_a_run_that_was_tampered_with(femur_fea: Any, copied: Path) -> None:
    (copied / "strength.json").write_text("{}")
    done = femur_fea("report", copied)
    assert done.returncode == 2
    assert "strength" in done.stderr


def _start(demo: Path, out: Path) -> subprocess.Popen[str]:
    """Start a run and return it as soon as its mesh is on disk."""
    arguments = ["solve", *_inputs(demo), *COARSE, "--case-id", "case", "--out", out]
    process = subprocess.Popen(
        [sys.executable, "-m", "femur_risk.cli", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("mesh"):
            return process
    pytest.fail(process.communicate()[1])


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_run_that_is_stopped_goes_on_where_it_was(
    femur_fea: Any, demo: Path, tmp_path: Path, how: signal.Signals, code: int
) -> None:
    process = _start(demo, tmp_path)
    process.send_signal(how)
    _, said = process.communicate()
    assert process.returncode == code
    case = tmp_path / "case"
    assert not (case / "fe").exists()
    if how is signal.SIGINT:
        assert "Traceback" not in said
        assert list(case.rglob(".*")) == []
    again = ("solve", *_inputs(demo), *COARSE, "--case-id", "case", "--out", tmp_path)
    done = femur_fea(*again)
    assert done.returncode == 0, done.stderr
    assert _made(case) == ["fe", "fe@healed", "rigidity", "uncertainty", "strength"]
    assert list(case.rglob(".*")) == []
