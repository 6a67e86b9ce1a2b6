"""What the loads of the library and their directions are called."""

import itertools
from pathlib import Path

import numpy as np
import pytest

from femur_fea.errors import UnknownNameError
from femur_fea.loads import LOAD_CASES, LOAD_FAMILIES, find_load, loads_page


def test_the_fall_grid_has_one_fall_for_every_pair_of_its_angles() -> None:
    angles = {
        (round(np.degrees(fall.adduction)), round(np.degrees(fall.internal_rotation)))
        for fall in LOAD_FAMILIES["fall_grid"].members
    }
    assert angles == set(itertools.product(range(0, 31, 10), range(-30, 31, 10)))
    names = [fall.name for fall in LOAD_FAMILIES["fall_grid"].members]
    assert len(set(names)) == 28
    assert "fall_ad10_er20" in names


@pytest.mark.parametrize(
    ("family", "direction", "words"),
    [
        ("fall_grid", "fall_ad30_ir00", "30 degrees adduction, 0 degrees internal rotation"),
        ("fall_grid", "fall_ad10_er20", "10 degrees adduction, 20 degrees external rotation"),
        ("bending_grid", "bending_135", "pushed 135 degrees from lateral towards anterior"),
    ],
)
def test_the_name_of_a_direction_tells_its_angles(family: str, direction: str, words: str) -> None:
    assert LOAD_FAMILIES[family].describe_direction(direction) == words


def test_an_unknown_direction_is_told_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'fall_ad10_ir10'"):
        LOAD_FAMILIES["fall_grid"].describe_direction("fall_ad10_ir1")


def test_a_load_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    assert find_load("fall_grid") is LOAD_FAMILIES["fall_grid"]
    with pytest.raises(UnknownNameError, match="did you mean 'stumble'"):
        find_load("stumbel")


def test_every_name_of_a_load_is_that_of_one_load_or_one_family() -> None:
    members = [m.name for family in LOAD_FAMILIES.values() for m in family.members]
    assert len({*LOAD_CASES, *LOAD_FAMILIES, *members}) == (
        len(LOAD_CASES) + len(LOAD_FAMILIES) + len(members)
    )


def test_the_page_of_loads_is_made_from_the_registries() -> None:
    page = Path(__file__).resolve().parents[3] / "docs/loads.md"
    assert page.read_text(encoding="utf-8") == loads_page(), "run python .ci/loads_page.py"
