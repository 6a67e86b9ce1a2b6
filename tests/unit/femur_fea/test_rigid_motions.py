"""The rigid motions that multigrid is told of."""

import numpy as np
import pytest

from femur_fea.solver.rigid import rigid_motions

POINTS = np.random.default_rng(3).normal(size=(40, 3)) * (30.0, 20.0, 90.0) + (-100.0, 20.0, 900.0)


def test_no_distance_between_two_points_changes() -> None:
    apart = POINTS[1:] - POINTS[:-1]
    for motion in rigid_motions(POINTS):
        change = ((motion[1:] - motion[:-1]) * apart).sum(axis=1)
        # round-off of products of coordinates of 1e3 mm
        assert np.abs(change).max() < 1e-12


def test_each_has_norm_one_and_is_orthogonal_to_the_others() -> None:
    flat = rigid_motions(POINTS).reshape(6, -1)
    assert flat @ flat.T == pytest.approx(np.eye(6), abs=1e-14)  # round-off
