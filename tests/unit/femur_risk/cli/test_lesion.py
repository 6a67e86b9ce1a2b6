"""The command that puts lesions into a CT."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.io import read_ct, read_json, read_mask


def scan(shared_data: Path) -> list[object]:
    folder = shared_data / "ct-pelvis-3mm"
    return ["--ct", folder / "ct.nii.gz", "--femur", folder / "femur_right.nii.gz"]


@pytest.mark.realdata
def test_a_lesion_in_a_real_ct_changes_nothing_beside_it(
    call: Any, shared_data: Path, tmp_path: Path
) -> None:
    how = ["--site", "neck_anterior", "--diameter-mm", 18, "--kind", "lytic", "--json"]
    growth = ["--growth-mm", "12,18", "--out", tmp_path / "with"]
    answer = call("lesion", *scan(shared_data), *how, *growth)
    assert answer.code == 0
    described = json.loads(answer.out)
    assert described == read_json(tmp_path / "with" / "lesion.json")
    assert described["simulated"] is True
    image, healed = (read_ct(tmp_path / "with" / f"{name}.nii.gz") for name in ("ct", "healed"))
    given = read_ct(shared_data / "ct-pelvis-3mm" / "ct.nii.gz")
    assert np.array_equal(healed.hu, given.hu)
    centre = np.array([described["lesions"][0]["centre_mm"]])
    changed = given.grid.to_world(np.argwhere(image.hu != given.hu).astype(float)) - centre
    # within the radius, its waves, the blur and the voxels of 3 mm
    assert np.linalg.norm(changed, axis=1).max() < 9.0 * 1.4 + 2.0 + 3.0
    lesion = read_mask(tmp_path / "with" / "lesion.nii.gz")
    assert described["volume_in_bone_mm3"] == pytest.approx(lesion.volume)
    assert image.hu[lesion.inside].mean() == pytest.approx(50.0, abs=25.0)  # tumour, mixed edges
    assert [point["diameter_mm"] for point in described["growth"]] == [12.0, 18.0]
    early, late = (
        read_mask(tmp_path / "with" / point["folder"] / "lesion.nii.gz").inside
        for point in described["growth"]
    )
    assert not np.any(early & ~late)
    assert np.array_equal(late, lesion.inside)


@pytest.mark.realdata
def test_a_site_that_the_scan_does_not_show_leaves_no_folder(
    call: Any, shared_data: Path, tmp_path: Path
) -> None:
    how = ["--site", "diaphyseal_lateral", "--diameter-mm", 18, "--kind", "mixed"]
    answer = call("lesion", *scan(shared_data), *how, "--out", tmp_path / "with")
    assert (answer.code, answer.explains) == (2, True)
    assert "diaphyseal_lateral" in answer.err
    assert list(tmp_path.iterdir()) == []


GOOD = {"--site": ["neck_medial"], "--diameter-mm": ["18"], "--kind": ["lytic"]}


@pytest.mark.parametrize(
    ("option", "given", "told"),
    [
        ("--diameter-mm", ["big"], "a number"),
        ("--kind", ["cystic"], "lytic, blastic, mixed"),
        ("--seed", ["-1"], "a whole number"),
        ("--side", ["middle"], "left or right"),
        ("--diameter-mm", ["18", "20"], "once, or 1 times"),
        ("--growth-mm", ["10,x"], "a number"),
    ],
)
def test_a_wrong_word_is_explained(
    call: Any, tmp_path: Path, option: str, given: list[str], told: str
) -> None:
    words = [
        word
        for name, values in {**GOOD, option: given}.items()
        for value in values
        for word in (name, value)
    ]
    paths = ["--ct", tmp_path / "no", "--femur", tmp_path / "no", "--out", tmp_path / "o"]
    answer = call("lesion", *paths, *words)
    assert (answer.code, answer.explains) == (2, True)
    assert told in answer.err


def test_a_ct_that_is_missing_is_named(call: Any, tmp_path: Path) -> None:
    words = [word for name, values in GOOD.items() for word in (name, values[0])]
    paths = ["--ct", tmp_path / "no", "--femur", tmp_path / "no", "--out", tmp_path / "o"]
    answer = call("lesion", *paths, *words)
    assert (answer.code, answer.explains) == (2, True)
    assert "the CT" in answer.err
