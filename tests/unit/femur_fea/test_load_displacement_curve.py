"""What is read off a curve of force against displacement."""

import numpy as np
import pytest

from femur_fea.domain import LoadDisplacementCurve
from femur_fea.domain.slope import force_at_slope
from femur_fea.errors import OutOfRangeError


@pytest.mark.parametrize(("growth", "error"), [(1.05, 1e-4), (1.2, 5e-4), (1.5, 3e-3)])
def test_the_plateau_force_does_not_depend_on_the_length_of_the_steps(growth, error):
    # P = 1 - exp(-q) beyond a short elastic step: at a slope of 2 % the force is 0.98
    displacement = np.concatenate([[0.0], 1e-3 * np.cumsum(growth ** np.arange(400))])
    displacement = displacement[: np.flatnonzero(displacement > 20.0)[0]]
    zeros = np.zeros(len(displacement), dtype=int)
    curve = LoadDisplacementCurve(
        displacement=displacement,
        force=1.0 - np.exp(-displacement),
        newton_iterations=zeros,
        krylov_iterations=zeros,
        end="plateau",
    )
    # cubics between the states: errors fall with the square of a step over the way so far; a
    # straight line between them read 4e-3 too little at 1.5
    assert curve.strength.criterion == "plateau force"
    assert curve.strength.force == pytest.approx(0.98, rel=error)


def test_a_curve_that_stays_steeper_than_a_slope_has_no_force_at_it():
    displacement = np.array([0.0, 1.0, 2.0, 3.0])
    assert force_at_slope(displacement, np.array([0.0, 1.0, 1.5, 1.8]), 0.29) is None
    assert force_at_slope(displacement, np.array([0.0, 1.0, 1.5, 1.8]), 0.31) is not None


def test_states_beyond_the_plateau_do_not_move_what_was_read_on_it():
    force = np.array([0.0, 1.0, 1.5, 1.51, 1.511, 1.5111])
    displacement = np.arange(6.0)
    assert force_at_slope(displacement, force, 0.02) == force_at_slope(
        displacement[:4], force[:4], 0.02
    )


def test_a_curve_that_turns_back_is_refused():
    with pytest.raises(OutOfRangeError, match="does not always grow"):
        LoadDisplacementCurve(
            displacement=np.array([0.0, 1.0, 0.5]),
            force=np.zeros(3),
            newton_iterations=np.zeros(3, dtype=int),
            krylov_iterations=np.zeros(3, dtype=int),
            end="plateau",
        )
