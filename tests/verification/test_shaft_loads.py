"""Torsion and bending of the library on a tube, against the theory of beams."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField
from femur_fea.loads import LOAD_CASES, LOAD_FAMILIES, REFERENCE_MOMENT, wrench_of
from femur_fea.solver import solve_linear
from femur_fea.strength import FAILURE_CRITERIA, evaluate_strength

THEME = "closed forms"
OUTER, INNER, LENGTH, E, NU = 14.0, 7.0, 200.0, 17000.0, 0.3
SECOND_MOMENT = np.pi / 4.0 * (OUTER**4 - INNER**4)
DIRECTIONS = ("lateral", "anterior", "medial", "posterior")


@pytest.fixture(scope="module")
def shaft(tube):
    return tube(OUTER, INNER, LENGTH)


@pytest.fixture(scope="module")
def cases(shaft):
    names = ["torsion_internal", "torsion_external", *(f"bending_{d}" for d in DIRECTIONS)]
    return {name: LOAD_CASES[name].apply(*shaft, fixed_length=10.0) for name in names}


@pytest.fixture(scope="module")
def results(shaft, cases):
    mesh, _ = shaft
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), E), nu=NU)
    return dict(zip(cases, solve_linear(mesh, elastic, list(cases.values())), strict=True))


def _motion(mesh, u, low, high):
    """Return the mean displacement and the mean rotation vector of each ring of points between."""
    levels = np.unique(np.round(mesh.points[:, 2], 6))
    levels = levels[(levels > low) & (levels < high)]
    rows = []
    for level in levels:
        ring = np.abs(mesh.points[:, 2] - level) < 1e-3
        arm = mesh.points[ring] - mesh.points[ring].mean(axis=0)
        moved = u[ring] - u[ring].mean(axis=0)
        turns = np.linalg.solve(
            np.eye(3) * (arm**2).sum() - arm.T @ arm, np.cross(arm, moved).sum(axis=0)
        )
        rows.append([*u[ring].mean(axis=0), *turns])
    return levels, np.array(rows)


@pytest.mark.parametrize(("turns", "sign"), [("internal", 1.0), ("external", -1.0)])
def test_torsion_twists_a_tube_as_its_polar_moment_says(shaft, results, agree, turns, sign):
    mesh, _ = shaft
    # a diameter away from grip and support
    height, motion = _motion(mesh, results[f"torsion_{turns}"].u, -160.0, -80.0)
    agree(
        f"twist of a tube under {turns} torsion",
        found=np.polyfit(height, motion[:, 5], 1)[0],
        expected=sign * REFERENCE_MOMENT / (E / (2.0 * (1.0 + NU)) * 2.0 * SECOND_MOMENT),
        unit="rad/mm",
        rtol=0.005,
        origin="24 sides for a circle",
        source="Saint-Venant, T / GJ, the load record torsion",
    )


def test_internal_torsion_moves_the_lateral_side_of_the_proximal_end_anteriorly(shaft, results):
    mesh, frame = shaft
    local = frame.to_frame(mesh.points)
    lateral = (local[:, 0] > 40.0 + 13.0) & (mesh.points[:, 2] > -50.0)
    anterior = results["torsion_internal"].u[lateral] @ frame.axes[1]
    assert (anterior > 0.0).all()


def test_the_support_returns_the_whole_torque_and_nothing_else(shaft, results):
    _, frame = shaft
    result = results["torsion_internal"]
    np.testing.assert_allclose(result.reaction_force, 0.0, atol=1e-6 * REFERENCE_MOMENT / OUTER)
    # the solver's tolerance of 1e-8 on a moment of 10 N m
    np.testing.assert_allclose(
        result.reaction_moment, -REFERENCE_MOMENT * frame.axes[2], atol=1e-6 * REFERENCE_MOMENT
    )


@pytest.mark.parametrize("towards", DIRECTIONS)
def test_four_point_bending_curves_a_tube_as_its_second_moment_says(shaft, results, agree, towards):
    mesh, frame = shaft
    turn = DIRECTIONS.index(towards) * np.pi / 2.0
    push = frame.direction_to_world(np.array([np.cos(turn), np.sin(turn), 0.0]))
    # between the inner grips, half a diameter away from them
    top, bottom = -52.0 + 21.0, -190.0 + 7.0
    quarter = (top - bottom) / 4.0
    height, motion = _motion(
        mesh, results[f"bending_{towards}"].u, bottom + quarter + 21.0, top - quarter - 21.0
    )
    agree(
        f"curvature of a tube between the inner grips, bent {towards}ly",
        found=np.polyfit(height, motion[:, 3:] @ np.cross([0.0, 0.0, 1.0], push), 1)[0],
        # the middle is pushed towards `push`, so the rotation about z x push falls upwards
        expected=-REFERENCE_MOMENT / (E * SECOND_MOMENT),
        unit="1/mm",
        rtol=0.005,
        origin="24 sides for a circle",
        source="beam theory, M / EI, the load record of four-point bending",
    )


@pytest.mark.parametrize("towards", DIRECTIONS)
def test_the_support_of_four_point_bending_carries_nothing(shaft, cases, results, towards):
    mesh, frame = shaft
    name = f"bending_{towards}"
    force, moment = wrench_of(mesh, cases[name].traction, frame.lesser_trochanter)
    scale = REFERENCE_MOMENT / OUTER
    np.testing.assert_allclose(force, 0.0, atol=1e-10 * scale)
    np.testing.assert_allclose(moment, 0.0, atol=1e-10 * REFERENCE_MOMENT)
    np.testing.assert_allclose(results[name].reaction_force, 0.0, atol=1e-6 * scale)
    np.testing.assert_allclose(results[name].reaction_moment, 0.0, atol=1e-5 * REFERENCE_MOMENT)


def test_the_stretched_side_is_the_one_that_the_middle_is_pushed_to(shaft, cases, results):
    mesh, frame = shaft
    strength = _strength(shaft, cases, results, "bending_lateral")
    lateral = frame.to_frame(mesh.facet_centroids)[:, 0] - 40.0
    strain = strength.surface_strain
    judged = np.isfinite(strain[:, 0])
    tense = judged & (lateral > 13.0)
    pressed = judged & (lateral < -13.0)
    assert (strain[tense, 0] > -strain[tense, 1]).all()
    assert (strain[pressed, 0] < -strain[pressed, 1]).all()


def test_the_bending_moment_at_failure_is_that_of_the_outermost_fibre(shaft, cases, results, agree):
    strength = _strength(shaft, cases, results, "bending_anterior")
    agree(
        "bending moment at failure of a tube",
        found=strength.failure_load,
        expected=FAILURE_CRITERIA["schileo_2014"].tension * E * SECOND_MOMENT / OUTER,
        unit="N mm",
        rtol=0.03,
        origin="strain averaged over 3 mm, 0.2 of the radius, and 24 sides for a circle",
        source="beam theory, strain M r / EI at its limit",
    )
    assert strength.quantity == "moment"
    assert strength.weakest_site.mode == "tension"


def test_every_direction_of_bending_breaks_a_tube_at_the_same_moment(shaft, agree):
    mesh, frame = shaft
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), E), nu=NU)
    family = LOAD_FAMILIES["bending_grid"].members
    loads = [member.apply(mesh, frame, fixed_length=10.0) for member in family]
    found = [
        evaluate_strength(
            mesh,
            frame,
            result,
            load,
            FAILURE_CRITERIA["schileo_2014"],
            bone=np.ones(mesh.n_cells, dtype=bool),
        ).failure_load
        for load, result in zip(loads, solve_linear(mesh, elastic, loads), strict=True)
    ]
    agree(
        "largest over smallest bending moment at failure, over the directions",
        found=max(found) / min(found),
        expected=1.0,
        rtol=0.02,
        origin="24 sides: a corner or a flat of the polygon may face the direction",
        source="a tube is round",
    )


def _strength(shaft, cases, results, name):
    mesh, frame = shaft
    return evaluate_strength(
        mesh,
        frame,
        results[name],
        cases[name],
        FAILURE_CRITERIA["schileo_2014"],
        bone=np.ones(mesh.n_cells, dtype=bool),
    )
