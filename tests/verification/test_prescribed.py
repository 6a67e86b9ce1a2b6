"""Parts of the surface that are moved, and load cases that hold different parts."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import ElasticField, LoadCase
from femur_fea.errors import DrivenAndLoadedError, LoadError, NoSupportError
from femur_fea.solver import solve_linear

THEME = "closed forms"
E, NU, LENGTH, WIDTH = 1000.0, 0.3, 6.0, 4.0
TIGHT = 1e-11


def _ends(mesh):
    z = mesh.points[:, 2]
    return z == 0.0, z == z.max()


def _pulled(mesh, held, displacement):
    return LoadCase(
        name="drive",
        traction=np.zeros((mesh.n_points, 3)),
        held=held,
        displacement=displacement,
        magnitude=0.0,
        excluded=np.zeros(mesh.n_points, dtype=bool),
    )


def _sliding_ends(mesh, way):
    """Return a case that moves the top by `way` along z, with ends free to contract."""
    bottom, top = _ends(mesh)
    held = np.zeros((mesh.n_points, 3), dtype=bool)
    held[bottom | top, 2] = True
    x, y, _ = mesh.points.T
    corner = bottom & (x == 0.0) & (y == 0.0)
    held[corner] = True
    held[bottom & (x == x.max()) & (y == 0.0), 1] = True
    displacement = np.zeros((mesh.n_points, 3))
    displacement[top, 2] = way
    return _pulled(mesh, held, displacement)


@pytest.fixture(scope="module", params=["tet4", "tet10", "hex8"])
def bar(request, box):
    return box((2, 2, 3), (WIDTH, WIDTH, LENGTH), request.param)


@pytest.fixture(scope="module")
def uniform(bar):
    return ElasticField(E_modulus=np.full((bar.n_cells, 1), E), nu=NU)


def test_a_bar_pulled_between_sliding_grips_takes_the_force_of_uniaxial_tension(
    bar, uniform, agree, agree_everywhere
):
    way = 0.01
    result = solve_linear(bar, uniform, [_sliding_ends(bar, way)], tolerance=TIGHT)[0]
    force = E * WIDTH**2 * way / LENGTH
    origin = "an energy error of 1e-11; the exact field is linear"
    for quantity, found, expected, unit in (
        ("force", result.force, force, "N"),
        ("work", result.external_work, force * way, "N mm"),
    ):
        agree(
            f"{quantity} of a bar pulled between sliding grips",
            found=found,
            expected=expected,
            unit=unit,
            rtol=1e-8,
            origin=origin,
            source="Hooke's law",
        )
    exact = np.array([-NU, -NU, 1.0]) * way / LENGTH
    for quantity, found, expected in (
        ("force of the grip", result.driven_force, [0.0, 0.0, force]),
        ("reaction at the other end", result.reaction_force, [0.0, 0.0, -force]),
        ("displacement of a bar pulled between sliding grips", result.u, bar.points * exact),
    ):
        agree_everywhere(
            quantity,
            found=found,
            expected=expected,
            atol=1e-8,
            origin=origin,
            source="Hooke's law",
        )


def test_driving_the_solution_of_a_force_gives_back_that_force(box, end_load, agree_everywhere):
    # tet4: without mid-edge nodes, the displacement of the points is all that the top does
    bar = box((2, 2, 3), (WIDTH, WIDTH, LENGTH), "tet4")
    uniform = ElasticField(E_modulus=np.full((bar.n_cells, 1), E), nu=NU)
    by_force = solve_linear(bar, uniform, [end_load(bar, [0.3, 0.0, 1.0])], tolerance=TIGHT)[0]
    bottom, top = _ends(bar)
    held = np.repeat((bottom | top)[:, None], 3, axis=1)
    case = _pulled(bar, held, np.where(top[:, None], by_force.u, 0.0))
    driven = solve_linear(bar, uniform, [case], tolerance=TIGHT)[0]
    reaction = by_force.reaction_force
    agree_everywhere(
        "force that drives a bar as a force had moved it",
        found=driven.driven_force,
        expected=-reaction,
        atol=1e-7,
        origin="energy errors of 1e-11 of both",
        source="the same bar under that force",
    )


def test_load_cases_with_different_supports_are_solved_as_each_alone(bar, uniform, end_load):
    pulled = end_load(bar, [0.0, 0.0, 1.0])
    lower = bar.points[:, 2] <= LENGTH / 3.0
    shorter = dataclasses.replace(pulled, name="shorter", held=np.repeat(lower[:, None], 3, axis=1))
    hung = np.repeat(_ends(bar)[1][:, None], 3, axis=1)  # as many points as the other end
    cases = [
        pulled,
        shorter,
        _sliding_ends(bar, 0.01),
        dataclasses.replace(pulled, name="again"),
        dataclasses.replace(pulled, name="hung", held=hung),
    ]
    together = solve_linear(bar, uniform, cases)
    assert [result.load for result in together] == ["pull", "shorter", "drive", "again", "hung"]
    for case, result in zip(cases, together, strict=True):
        alone = solve_linear(bar, uniform, [case])[0]
        # the same iterations, with sums of another order
        np.testing.assert_allclose(result.u, alone.u, atol=1e-10 * np.abs(alone.u).max())
    assert together[1].external_work < together[0].external_work


def test_a_force_on_what_is_held_goes_into_the_support_and_moves_nothing(bar, uniform, end_load):
    hung = np.repeat(_ends(bar)[1][:, None], 3, axis=1)
    pulled = end_load(bar, [0.3, 0.0, 1.0])
    held = dataclasses.replace(pulled, held=hung)
    below, above = (
        solve_linear(bar, uniform, [case], tolerance=TIGHT)[0] for case in (pulled, held)
    )
    np.testing.assert_array_equal(above.u, 0.0)
    # both supports carry the same force
    np.testing.assert_allclose(above.reaction_force, below.reaction_force, atol=1e-8)


def test_driving_twice_as_far_takes_twice_the_force(bar, uniform):
    cases = [_sliding_ends(bar, way) for way in (0.01, 0.02)]
    once, twice = solve_linear(bar, uniform, cases, tolerance=TIGHT)
    assert twice.force == pytest.approx(2.0 * once.force, rel=1e-8)


def test_what_holds_too_little_to_stop_a_rigid_motion_is_refused(bar):
    one = np.zeros((bar.n_points, 3), dtype=bool)
    one[0] = True
    with pytest.raises(NoSupportError, match="holds 3 components"):
        _pulled(bar, one, np.where(one, 0.1, 0.0))


def test_a_force_on_what_is_driven_is_refused(bar):
    case = _sliding_ends(bar, 0.01)
    traction = np.where(case.displacement != 0.0, 1.0, 0.0)
    with pytest.raises(DrivenAndLoadedError, match="whose displacement is prescribed"):
        dataclasses.replace(case, traction=traction, magnitude=1.0)


def test_a_displacement_of_what_is_not_held_is_refused(bar):
    case = _sliding_ends(bar, 0.01)
    with pytest.raises(LoadError, match="where nothing is held"):
        dataclasses.replace(case, held=case.held & ~_ends(bar)[1][:, None])


def test_a_case_that_neither_loads_nor_drives_is_refused(bar):
    case = _sliding_ends(bar, 0.01)
    with pytest.raises(LoadError, match="or a prescribed displacement"):
        dataclasses.replace(case, displacement=np.zeros_like(case.displacement))
