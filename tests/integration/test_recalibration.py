"""From outcomes to a recalibrated card, by the commands alone."""

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np


def test_a_card_is_recalibrated_by_what_validate_has_fitted(
    demo: Path, femur_fea: Any, tmp_path: Path
) -> None:
    run = tmp_path / "virtual-4547"
    shutil.copytree(demo / "virtual-4547", run)
    before = json.loads((run / "risk.json").read_text(encoding="utf-8"))
    table = write_table(tmp_path / "predictions.csv", model=before["model"])
    fitted = femur_fea(
        "validate", table, "--out", tmp_path / "validation", "--recalibrate", "platt",
        "--resamples", "40", "--deaths", "censored",
    )  # fmt: skip
    assert fitted.returncode == 0, fitted.stderr
    images = demo / "virtual-4547-input"
    done = femur_fea(
        "risk", "--config", run / "run.toml", "--out", tmp_path,
        "--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz",
        "--lesion", images / "lesion.nii.gz",
        "--recalibration", tmp_path / "validation/recalibration.json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    after = json.loads((run / "risk.json").read_text(encoding="utf-8"))
    calibrated = after["calibrated"]
    assert calibrated["method"] == "platt"
    assert calibrated["simulated"] is True
    assert after["calibrated_to_outcomes"] is False  # simulated ones are none
    mechanics = next(each for each in after["horizons"] if each["months"] == 6.0)
    assert mechanics == next(each for each in before["horizons"] if each["months"] == 6.0)
    # four times the odds were planted
    odds = mechanics["probability"] / (1.0 - mechanics["probability"])
    assert calibrated["probability"] > mechanics["probability"]
    low, high = calibrated["interval_90_of_recalibration"]
    assert low < 4.0 * odds / (1.0 + 4.0 * odds)
    assert high > odds / (1.0 + odds)


def write_table(path: Path, *, model: str) -> Path:
    """Write simulated femora whose odds to break are four times the predicted ones."""
    rng = np.random.default_rng(1)
    predicted = rng.uniform(0.02, 0.6, 300)
    odds = 4.0 * predicted / (1.0 - predicted)
    broke = rng.random(300) < odds / (1.0 + odds)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("probability_engine", "fractured", "model", "simulated"))
        writer.writerows(
            (p, "yes" if b else "no", model, "yes") for p, b in zip(predicted, broke, strict=True)
        )
    return path
