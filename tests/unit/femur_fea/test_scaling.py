"""Strength is quoted by a force only where one force goes with the load case."""

import numpy as np
import pytest

from femur_fea.domain import LoadCase
from femur_fea.errors import LoadError
from femur_fea.strength.scaling import check_one_way


def moved(bottom: list[float], top: list[float]) -> LoadCase:
    """Return a case of six points: two rest, two are moved by `bottom` and two by `top`."""
    displacement = np.array([[0.0, 0.0, 0.0]] * 2 + [bottom] * 2 + [top] * 2)
    return LoadCase(
        name="plates",
        traction=np.zeros((6, 3)),
        held=np.ones((6, 3), dtype=bool),
        displacement=displacement,
        magnitude=0.0,
        excluded=np.zeros(6, dtype=bool),
    )


@pytest.mark.parametrize("bottom", [[0.0, 0.0, 0.0], [0.0, 0.0, -0.1]])
def test_one_part_that_is_moved_against_a_support_has_a_force(bottom: list[float]) -> None:
    check_one_way(moved(bottom, [0.0, 0.0, -0.1]))


@pytest.mark.parametrize("rigid_motion", [0.05, 10.0])
def test_two_parts_that_move_differently_have_no_force_of_their_own(rigid_motion: float) -> None:
    plates = moved([0.0, 0.0, rigid_motion], [0.0, 0.0, rigid_motion - 0.1])
    with pytest.raises(LoadError, match=r"displacements differ by 0\.1 mm"):
        check_one_way(plates)


def test_a_part_that_turns_has_no_way() -> None:
    with pytest.raises(LoadError, match="hold one part at rest"):
        check_one_way(moved([0.0, 0.01, 0.0], [0.0, -0.01, 0.0]))
