"""The command that registers the shape model to the femur in a mask."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.domain import LabelMask
from femur_fea.io import read_frame, read_image, read_json, read_mask, write_image
from meshing.femora import Owner, VirtualFemur, draw_femur_of

WANTED = 200.0  # mm
KEPT = 70.0  # mm below the centre of the head: a hip CT that ends under the lesser trochanter


@pytest.fixture(scope="module")
def femur() -> VirtualFemur:
    owner = Owner(age=60.0, sex="female", height=1650.0, side="left")
    return draw_femur_of(owner, seed=3, spacing=2.0)


@pytest.fixture(scope="module")
def short(femur: VirtualFemur, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mask") / "femur.nii.gz"
    mask = femur.mask
    where = np.argwhere(mask.inside)
    frame = femur.geometry.frame
    kept = frame.to_frame(mask.grid.to_world(where.astype(float)))[:, 2] > -KEPT
    inside = np.zeros(mask.grid.shape, dtype=bool)
    inside[tuple(where[kept].T)] = True
    write_image(path, mask.grid, LabelMask(grid=mask.grid, inside=inside).inside)
    return path


def test_a_short_femur_gets_side_frame_regions_and_a_shaft_that_is_marked_as_invented(
    call: Any, femur: VirtualFemur, short: Path, tmp_path: Path
) -> None:
    out = tmp_path / "registered"
    answer = call("register", "--femur", short, "--out", out, "--shaft-length-mm", WANTED, "--json")
    assert answer.code == 0, answer.err
    described = json.loads(answer.out)
    assert described == read_json(out / "registration.json")
    assert described["side"] == "left"
    assert described["fit"]["mean_mm"] < 1.0  # voxels of 2 mm
    assert described["fit"]["seen"] < 0.5
    frame, true = read_frame(out / "frame.json"), femur.geometry.frame
    assert frame.shaft_reference == "model"
    assert np.linalg.norm(frame.origin - true.origin) < 1.0
    # the shaft below was guessed; its axis takes the frame along
    assert np.degrees(np.arccos(frame.axes[2] @ true.axes[2])) < 4.0
    given, regions = read_mask(short), read_image(out / "regions.nii.gz")[1]
    assert np.array_equal(regions > 0, given.inside)
    named = {name for name, number in described["regions"].items() if np.any(regions == number)}
    assert {"head", "neck", "greater_trochanter", "lesser_trochanter"} <= named
    completed, invented = (read_mask(out / f"{n}.nii.gz") for n in ("completed", "invented"))
    assert completed.volume == pytest.approx(given.volume + invented.volume)
    assert described["invented_volume_mm3"] == pytest.approx(invented.volume)
    deepest = frame.to_frame(completed.grid.to_world(np.argwhere(completed.inside).astype(float)))[
        :, 2
    ].min()
    top = frame.to_frame(frame.shaft_point[None])[0, 2]
    assert top - deepest == pytest.approx(WANTED, abs=4.0)  # two voxels


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--side", "middle"), "left or right"),
        (("--shaft-length-mm", "long"), "a number"),
        (("--femur-label", "-1"), "a whole number"),
        (("--side", "left", "--shaft-length-mm", "20"), "more than the"),
    ],
)
def test_a_wrong_word_is_explained(
    call: Any, short: Path, tmp_path: Path, words: tuple[str, ...], told: str
) -> None:
    answer = call("register", "--femur", short, "--out", tmp_path / "out", *words)
    assert answer.code == 2
    assert answer.explains
    assert told in answer.err
    assert not (tmp_path / "out").exists()


def test_a_run_may_take_its_frame_from_the_model(call: Any, short: Path, tmp_path: Path) -> None:
    mask = read_mask(short)
    ct = tmp_path / "ct.nii.gz"
    write_image(ct, mask.grid, np.where(mask.inside, 700, -100).astype(np.int16))
    given = ("--ct", ct, "--femur", short, "--side", "left", "--edge-length-mm", "6")
    answer = call("mesh", *given, "--frame", "model", "--out", tmp_path)
    assert answer.code == 0, answer.err
    (case,) = (p for p in tmp_path.iterdir() if p.is_dir())
    assert read_frame(case / "mesh/frame.json").shaft_reference == "model"
