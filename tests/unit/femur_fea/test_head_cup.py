"""A cup that drives the head against a pressure on it, on a caricature of a femur."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField
from femur_fea.loads import LOAD_CASES
from femur_fea.solver import solve_linear
from femur_fea.strength import FAILURE_CRITERIA, evaluate_strength


@pytest.fixture(scope="module")
def solved(ball_on_stick):
    mesh, frame = ball_on_stick
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), 10000.0), nu=0.3)
    names = ("stance", "stance_cup", "axial", "axial_cup")
    loads = [LOAD_CASES[name].apply(mesh, frame, fixed_length=10.0) for name in names]
    results = solve_linear(mesh, elastic, loads, tolerance=1e-10)
    strengths = [
        evaluate_strength(
            mesh,
            frame,
            result,
            load,
            FAILURE_CRITERIA["schileo_2014"],
            bone=np.ones(mesh.n_cells, dtype=bool),
        )
        for load, result in zip(loads, results, strict=True)
    ]
    return {n: row for n, *row in zip(names, loads, results, strengths, strict=True)}


@pytest.mark.parametrize("name", ["stance", "axial"])
def test_a_cup_that_holds_the_head_makes_the_bone_stiffer(solved, name) -> None:
    # of all motions of the cap with the same way along the force, a rigid one costs most energy
    assert solved[f"{name}_cup"][2].stiffness > solved[name][2].stiffness


@pytest.mark.parametrize("name", ["stance_cup", "axial_cup"])
def test_the_strength_under_a_cup_is_quoted_by_the_force_along_its_way(solved, name) -> None:
    load, result, strength = solved[name]
    way = load.displacement[load.driven][0]
    along = result.driven_force @ way / np.linalg.norm(way)
    # one millimetre of way: work and force have one number
    assert result.force == pytest.approx(along, rel=1e-6)
    assert result.external_work == pytest.approx(along * 1.0, rel=1e-6)
    assert strength.failure_load_N == pytest.approx(along / np.nanmax(strength.risk_factor))


@pytest.mark.parametrize("name", ["stance_cup", "axial_cup"])
def test_the_support_takes_what_the_cup_gives(solved, name) -> None:
    _, result, _ = solved[name]
    scale = np.linalg.norm(result.driven_force)
    np.testing.assert_allclose(result.reaction_force, -result.driven_force, atol=1e-7 * scale)


@pytest.mark.parametrize("name", ["stance_cup", "axial_cup"])
def test_failure_is_not_looked_for_under_the_cup(solved, name) -> None:
    load, _, _ = solved[name]
    assert load.excluded[load.driven].all()
    assert not load.fixed[load.driven].any()
