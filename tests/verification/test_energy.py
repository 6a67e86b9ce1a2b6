"""Conjugate gradients end where the error in energy says, and do not end with another one."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField, integration_points
from femur_fea.solver.environment import require_dolfinx

THEME = "exactness"
KINDS = ["tet4", "tet10", "hex8"]
EXACT = 1e-12


@pytest.fixture
def problem(box, wavy_modulus, request):
    """A bar with a wavy modulus, the unknowns held at its ends, a force and a displacement."""
    require_dolfinx()
    from femur_fea.solver.space import displacement_space

    mesh = box((4, 4, 8), (8.0, 8.0, 20.0), request.param, jitter=0.1)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3)
    space = displacement_space(mesh)
    z = space.node_coordinates[:, 2]
    held = np.repeat(((z == 0.0) | (z == 20.0))[:, None], 3, axis=1)
    force = np.random.default_rng(0).normal(size=held.shape)
    displacement = np.where((z == 20.0)[:, None], [0.01, 0.0, 0.02], 0.0)
    return space, elastic, held, force, displacement


def _solved(problem, *, tolerance, method="multigrid", force=1.0, displacement=1.0):
    from femur_fea.solver.system import elastic_system, solve_system

    space, elastic, held, unit_force, unit_displacement = problem
    system = elastic_system(space, elastic, held, tolerance=tolerance, method=method)
    return system, solve_system(system, force * unit_force, displacement * unit_displacement)


def _energy_norm(system, u):
    from femur_fea.solver.moduli import stress_of

    geometry = system.stiffness.kinematics
    force = geometry.force(stress_of(system.stiffness.moduli, geometry.strain(u)))
    return float(np.sqrt(np.vdot(u, force)))


@pytest.mark.parametrize("driven", [0.0, 1.0], ids=["loaded", "driven"])
@pytest.mark.parametrize("problem", KINDS, indirect=True)
def test_the_error_in_energy_is_below_the_tolerance_and_below_its_estimate(problem, agree, driven):
    _, exact = _solved(problem, tolerance=EXACT, method="mumps", displacement=driven)
    for tolerance in (1e-2, 1e-4, 1e-6, 1e-8):
        system, found = _solved(problem, tolerance=tolerance, displacement=driven)
        error = _energy_norm(system, found.u - exact.u) / _energy_norm(system, exact.u)
        # the estimate is of the error two iterations before, so it is far too high but not higher
        agree(
            f"error in energy over the tolerance of {tolerance:g}",
            found=error / tolerance,
            expected=0.0,
            atol=1.0,
            origin="the tolerance itself",
            source="Cholesky factors by MUMPS",
        )
        assert error < found.statistics.energy_error < tolerance
        assert error > 1e-5 * tolerance


@pytest.mark.parametrize("problem", KINDS, indirect=True)
def test_multigrid_and_the_factors_of_mumps_give_one_displacement(problem, agree_everywhere):
    by_method = [
        _solved(problem, tolerance=1e-10, method=method)[1] for method in ("multigrid", "mumps")
    ]
    agree_everywhere(
        "displacement by multigrid",
        found=by_method[0].u,
        expected=by_method[1].u,
        atol=1e-9,
        origin="an energy error of 1e-10",
        source="Cholesky factors by MUMPS",
    )
    assert [found.statistics.method for found in by_method] == ["multigrid", "mumps"]
    # the factors are the inverse: one step, and the two that tell its error
    assert by_method[1].statistics.iterations <= 3


@pytest.mark.parametrize("problem", ["tet10"], indirect=True)
def test_a_system_is_set_up_once_for_all_right_hand_sides(problem):
    from femur_fea.solver.system import solve_system

    system, first = _solved(problem, tolerance=1e-8)
    _, _, _, force, displacement = problem
    twice = solve_system(system, 2.0 * force, 2.0 * displacement)
    np.testing.assert_allclose(twice.u, 2.0 * first.u, atol=1e-12 * np.abs(first.u).max())
    assert twice.statistics.setup_seconds == first.statistics.setup_seconds


@pytest.mark.parametrize("problem", ["tet10"], indirect=True)
def test_no_load_has_no_displacement(problem):
    _, found = _solved(problem, tolerance=1e-6, force=0.0, displacement=0.0)
    assert not found.u.any()
    assert found.statistics.iterations == 0
