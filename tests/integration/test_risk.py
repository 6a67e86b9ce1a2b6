"""Patients of whom no probability is told, by the commands alone."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        ("steps_per_day = 50", "with 50 steps a day the leg bears too little"),
        # 1.3 body weights in stance: nobody walks with that
        ("mass_kg = 300", "the bone has borne 1 days of this life"),
    ],
)
def test_what_the_bone_has_borne_has_to_tell_of_it_and_to_fit(
    demo: Path, femur_fea: Any, tmp_path: Path, setting: str, why: str
) -> None:
    run, images = tmp_path / "virtual-4547", demo / "virtual-4547-input"
    shutil.copytree(demo / "virtual-4547", run)
    name = setting.split(" ", maxsplit=1)[0]
    changed, n = re.subn(rf"{name} = [0-9.]+", setting, (run / "run.toml").read_text("utf-8"))
    assert n == 1
    (tmp_path / "changed.toml").write_text(changed, encoding="utf-8")
    done = femur_fea(
        "risk", "--config", tmp_path / "changed.toml", "--out", tmp_path,
        "--ct", images / "ct.nii.gz", "--femur", images / "femur.nii.gz",
        "--lesion", images / "lesion.nii.gz",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    card = json.loads((run / "risk.json").read_text(encoding="utf-8"))
    assert card["assessable"] is False
    assert card["risk_class"] is None
    assert any(why in each for each in card["not_assessable"])
