"""The state at the strength, and the numbers of the curve that belong to it."""

from dataclasses import replace

import numpy as np
import pytest

from femur_fea.domain import LoadDisplacementCurve
from femur_fea.solver.between import state_at
from femur_fea.solver.state import Equilibrium


def _state(force: float, displacement: float, plastic: float) -> Equilibrium:
    """Return one point that yields in tension under a stress that is the force."""
    strain, stress = np.zeros((6, 1)), np.zeros((6, 1))
    strain[0], stress[0] = plastic, force
    return Equilibrium(
        position=displacement,
        displacement=displacement,
        force=force,
        u=np.full((2, 3), displacement),
        plastic_strain=strain,
        flow=np.array([plastic]),
        stress=stress,
        dissipated=np.zeros(1),
        imbalances=(1e-6,),
        krylov_iterations=3,
    )


def _curve(displacement: list[float], force: list[float]) -> LoadDisplacementCurve:
    zeros = np.zeros(len(force), dtype=int)
    return LoadDisplacementCurve(
        displacement=np.array(displacement),
        force=np.array(force),
        newton_iterations=zeros,
        krylov_iterations=zeros,
        end="plateau",
    )


def test_a_state_between_two_keeps_to_the_line_of_force_over_displacement() -> None:
    before, after = _state(100.0, 1.0, 0.001), _state(120.0, 3.0, 0.005)
    found = state_at(105.0, [_state(50.0, 0.5, 0.0), before, after])
    assert found is not None
    assert found.force == pytest.approx(105.0, rel=1e-15)
    assert found.displacement == pytest.approx(1.5, rel=1e-15)
    np.testing.assert_allclose(found.u, 1.5, rtol=1e-15)
    np.testing.assert_allclose(found.plastic_strain[0], 0.002, rtol=1e-14)


def test_plastic_work_follows_the_line_of_stress_over_plastic_strain() -> None:
    before, after = _state(100.0, 1.0, 0.001), _state(120.0, 3.0, 0.005)
    # the trapezoid from 0.001 to 0.005 under stresses from 100 to 120 MPa
    after = replace(after, dissipated=np.array([110.0 * 0.004]))
    found = state_at(105.0, [before, after])
    assert found is not None
    assert found.dissipated[0] == pytest.approx(102.5 * 0.001, rel=1e-12)  # up to 0.002 and 105


@pytest.mark.parametrize("force", [100.0, 120.0])
def test_a_force_of_one_of_the_states_has_that_state(force: float) -> None:
    found = state_at(force, [_state(100.0, 1.0, 0.0), _state(120.0, 3.0, 0.0)])
    assert found is not None
    assert found.displacement == pytest.approx(1.0 + (force - 100.0) / 10.0, rel=1e-15)


@pytest.mark.parametrize("force", [90.0, 130.0])
def test_a_force_between_no_two_states_has_none(force: float) -> None:
    assert state_at(force, [_state(100.0, 1.0, 0.0), _state(120.0, 3.0, 0.0)]) is None


def test_the_work_up_to_a_displacement_is_the_area_below_the_curve() -> None:
    curve = _curve([0.0, 1.0, 3.0], [0.0, 100.0, 120.0])
    assert curve.work_to(3.0) == pytest.approx(50.0 + 220.0)
    assert curve.work_to(2.0) == pytest.approx(50.0 + 105.0)


def test_a_bone_that_flows_at_once_is_as_strong_as_its_first_yield() -> None:
    # a bar of one strength: nothing rises beyond the straight step
    curve = _curve([0.0, 1.0, 2.0], [0.0, 100.0, 100.0])
    assert curve.strength == ("plateau force", 100.0)


def test_a_curve_that_falls_has_its_peak_for_strength_and_another_its_end() -> None:
    ways = [0.0, 1.0, 2.0, 3.0]
    assert _curve(ways, [0.0, 100.0, 130.0, 90.0]).strength == ("peak force", 130.0)
    rising = _curve(ways, [0.0, 100.0, 150.0, 190.0])
    assert rising.strength == ("force at the largest displacement", 190.0)


def test_a_curve_that_fell_and_rose_again_has_its_end_for_strength() -> None:
    dip = _curve([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 100.0, 150.0, 120.0, 160.0])
    assert dip.strength == ("force at the largest displacement", 160.0)


def test_what_newton_s_method_leaves_out_of_balance_is_no_fall() -> None:
    flat = _curve([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 100.0, 150.0, 150.001, 150.0005])
    assert flat.strength[0] == "plateau force"
