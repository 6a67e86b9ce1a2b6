"""Balance, energy and the symmetries of linear elasticity."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import CORNER_SHARES, BoneMesh, ElasticField, integration_points
from femur_fea.solver import solve_linear

THEME = "invariance"
KINDS = ["tet10", "tet4", "hex8"]
# the same cell with its corners in another order
TURNS = {
    "tet10": np.array([2, 0, 1, 3]),
    "tet4": np.array([2, 0, 1, 3]),
    "hex8": np.array([3, 0, 1, 2, 7, 4, 5, 6]),
}
NEAR, FAR = 0.5 + 0.5 / np.sqrt(3.0), 0.5 - 0.5 / np.sqrt(3.0)
# corner functions at points of equal weight, by the number of a facet's corners: the mid-edges of
# a triangle, the 2 x 2 points of Gauss in a parallelogram
RULES = {
    3: 0.5 * (1.0 - np.eye(3)),
    4: np.array(
        [
            np.outer(a, b).ravel()[[0, 2, 3, 1]]
            for a in ([NEAR, FAR], [FAR, NEAR])
            for b in ([NEAR, FAR], [FAR, NEAR])
        ]
    ),
}
TIGHT = 1e-11  # leaves round-off and the conditioning of the matrix as the only errors
CONDITION = "an energy error of 1e-11 times the condition number"


@pytest.fixture(scope="module", params=KINDS)
def problem(request, box, end_load, wavy_modulus):
    """Mesh, material and two load cases."""
    mesh = box((3, 3, 5), (9.0, 10.0, 20.0), request.param)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.35)
    loads = (
        end_load(mesh, [0.5, 0.0, -2.0], name="press"),
        end_load(mesh, [0.0, 1.0, 0.3], name="bend"),
    )
    return mesh, elastic, loads


@pytest.fixture(scope="module")
def results(problem):
    return solve_linear(*problem, tolerance=TIGHT)


def _load_resultant(mesh, load):
    """Return force and moment about the origin, by a rule exact for quadratic integrands."""
    rule = RULES[mesh.facets.shape[1]]
    x, t = rule @ mesh.points[mesh.facets], rule @ load.traction[mesh.facets]
    share = np.linalg.norm(mesh.facet_area_vectors, axis=1)[:, None] / len(rule)
    return (share * t.sum(axis=1)).sum(axis=0), (share * np.cross(x, t).sum(axis=1)).sum(axis=0)


@pytest.mark.parametrize("case", [0, 1])
def test_reactions_balance_the_load(problem, results, agree, case):
    mesh, _, loads = problem
    force, moment = _load_resultant(mesh, loads[case])
    size = np.linalg.norm(force)
    for quantity, rest, arm in (
        ("forces, over the load", results[case].reaction_force + force, 1.0),
        ("moments, over the load times the length", results[case].reaction_moment + moment, 20.0),
    ):
        agree(
            f"imbalance of {quantity}",
            found=np.abs(rest).max() / (size * arm),
            expected=0.0,
            atol=1e-8,
            origin=CONDITION,
            source="equilibrium",
        )


def test_reactions_balance_the_load_at_the_default_tolerance(problem, agree):
    mesh, elastic, loads = problem
    for load, result in zip(loads, solve_linear(mesh, elastic, loads), strict=True):
        force, _ = _load_resultant(mesh, load)
        imbalance = np.linalg.norm(result.reaction_force + force)
        agree(
            f"imbalance of forces at the default tolerance, {load.name!r}",
            found=imbalance / np.linalg.norm(force),
            expected=0.0,
            atol=1e-6,
            origin="the default energy error of 1e-6",
            source="equilibrium",
        )


def test_external_work_is_twice_the_strain_energy(problem, results, agree):
    mesh, elastic, _ = problem
    lame = 0.35 / (1.35 * 0.3)
    shear = 0.5 / 1.35
    for result in results:
        strain = CORNER_SHARES[mesh.kind] @ result.strain  # linear or trilinear in a cell
        trace = strain[..., :3].sum(axis=-1)
        density = lame * trace**2 + 2 * shear * (strain[..., :3] ** 2).sum(axis=-1)
        density += shear * (strain[..., 3:] ** 2).sum(axis=-1)
        twice_energy = (elastic.E_modulus * density).mean(axis=1) @ mesh.cell_volumes
        agree(
            f"work over twice the strain energy, {result.load!r}",
            found=result.external_work / twice_energy,
            expected=1.0,
            rtol=1e-9,
            origin="an energy error of 1e-11",
            source="Clapeyron's theorem",
        )


def test_a_modulus_scaled_by_c_scales_the_displacement_by_one_over_c(
    problem, results, agree_everywhere
):
    mesh, elastic, loads = problem
    stiffer = ElasticField(E_modulus=7.0 * elastic.E_modulus, nu=elastic.nu)
    for before, after in zip(
        results, solve_linear(mesh, stiffer, loads, tolerance=TIGHT), strict=True
    ):
        for quantity, found, expected, atol in (
            ("seven times the displacement", 7.0 * after.u, before.u, 1e-9),
            ("stress", after.stress, before.stress, 1e-8),
        ):
            agree_everywhere(
                f"{quantity} at seven times the modulus, {before.load!r}",
                found=found,
                expected=expected,
                atol=atol,
                origin=CONDITION,
                source="linearity",
            )


def test_two_loads_together_give_the_sum_of_their_results(problem, results, agree_everywhere):
    mesh, elastic, (first, second) = problem
    both = dataclasses.replace(first, name="both", traction=2.0 * first.traction + second.traction)
    together = solve_linear(mesh, elastic, [both], tolerance=TIGHT)[0]
    for name in ("u", "strain", "stress", "reaction_force", "reaction_moment"):
        total = 2.0 * getattr(results[0], name) + getattr(results[1], name)
        agree_everywhere(
            f"{name} under two loads against the sum under each",
            found=getattr(together, name),
            expected=total,
            atol=1e-8,
            origin=CONDITION,
            source="linearity",
        )


def test_renumbering_points_cells_and_corners_changes_nothing(problem, results, agree_everywhere):
    mesh, elastic, loads = problem
    rng = np.random.default_rng(11)
    points, cells = rng.permutation(mesh.n_points), rng.permutation(mesh.n_cells)
    turn = TURNS[mesh.kind]
    renumbered = BoneMesh(
        points=mesh.points[points],
        cells=np.argsort(points)[mesh.cells[cells]][:, turn],
        kind=mesh.kind,
        side=mesh.side,
    )
    field = ElasticField(E_modulus=elastic.E_modulus[cells][:, turn], nu=elastic.nu)
    moved = [_on_points(load, points) for load in loads]
    for before, after in zip(
        results, solve_linear(renumbered, field, moved, tolerance=TIGHT), strict=True
    ):
        u, strain, stress = before.u[points], before.strain[cells][:, turn], before.stress[cells]
        for quantity, found, expected, atol in (
            ("displacement", after.u, u, 1e-9),
            ("strain", after.strain, strain, 1e-8),
            ("stress", after.stress, stress, 1e-8),
        ):
            agree_everywhere(
                f"{quantity} of a renumbered mesh, {before.load!r}",
                found=found,
                expected=expected,
                atol=atol,
                origin=CONDITION,
                source="numbers are not physics",
            )


def test_one_modulus_per_cell_equals_as_many_equal_samples_as_points(problem):
    mesh, elastic, loads = problem
    mean = elastic.E_modulus.mean(axis=1, keepdims=True)
    one = ElasticField(E_modulus=mean, nu=elastic.nu)
    every = ElasticField(E_modulus=np.broadcast_to(mean, elastic.E_modulus.shape), nu=elastic.nu)
    pair = [solve_linear(mesh, field, loads, tolerance=TIGHT)[0] for field in (one, every)]
    np.testing.assert_allclose(pair[0].u, pair[1].u, atol=1e-14 * np.abs(pair[0].u).max())
    np.testing.assert_allclose(pair[0].stress, pair[1].stress, rtol=1e-9, atol=1e-12)


def _on_points(load, order):
    return dataclasses.replace(
        load,
        traction=load.traction[order],
        held=load.held[order],
        displacement=load.displacement[order],
        excluded=load.excluded[order],
    )
