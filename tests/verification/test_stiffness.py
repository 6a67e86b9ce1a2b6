"""The compiled product with the stiffness against DOLFINx's assembled matrix and against NumPy."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import ElasticField, integration_points
from femur_fea.solver.environment import require_dolfinx
from femur_fea.solver.moduli import general_moduli, stress_of

THEME = "exactness"
KINDS = ["tet4", "tet10", "hex8"]
SHEAR = np.array([[1.0, 0.2, -0.1], [0.0, 1.1, 0.3], [0.0, 0.0, 0.9]])


@pytest.fixture
def stiffness(box, wavy_modulus, request):
    """The stiffness of an irregular block whose number of cells is no multiple of eight."""
    require_dolfinx()
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.stiffness import elastic_stiffness

    kind = request.param
    mesh = box((3, 3, 3), (6.0, 6.0, 6.0), kind, **({} if kind == "hex8" else {"jitter": 0.2}))
    mesh = dataclasses.replace(mesh, points=mesh.points @ SHEAR)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3)
    space = displacement_space(mesh)
    held = np.random.default_rng(1).random((space.n_nodes, 3)) < 0.2
    return elastic_stiffness(space, elastic, held)


def _assembled(stiffness):
    from femur_fea.solver.forms import assemble_stiffness, stiffness_form

    space = stiffness.space
    return assemble_stiffness(stiffness_form(space, stiffness.elastic), space.share, stiffness.held)


def _times(matrix, u):
    vector, product = matrix.createVecs()
    vector.array = u.ravel()
    matrix.mult(vector, product)
    return product.array_r.reshape(u.shape)


@pytest.mark.parametrize("stiffness", KINDS, indirect=True)
def test_the_product_is_that_of_the_assembled_form(stiffness, agree_everywhere):
    u = np.random.default_rng(3).normal(size=stiffness.held.shape)
    agree_everywhere(
        "stiffness times displacement",
        found=_times(stiffness.operator, u),
        expected=_times(_assembled(stiffness), u),
        atol=1e-12,
        origin="round-off: sums of some hundred terms",
        source="DOLFINx's assembled matrix",
    )


@pytest.mark.parametrize("stiffness", KINDS, indirect=True)
def test_the_diagonal_is_that_of_the_assembled_form(stiffness, agree):
    from femur_fea.solver.stiffness import diagonal_matrix

    blocks = diagonal_matrix(stiffness).getDiagonal().array_r
    entries = _assembled(stiffness).getDiagonal().array_r
    agree(
        "diagonal of the stiffness, largest relative difference",
        found=np.abs(blocks / entries - 1.0).max(),
        expected=0.0,
        atol=1e-12,
        origin="round-off: sums of some hundred terms",
        source="DOLFINx's assembled matrix",
    )
    # the rest of a block, by the product with one component of one node
    one = np.zeros(stiffness.held.shape)
    node = int(np.flatnonzero(~stiffness.held.any(axis=1))[0])
    one[node] = [1.0, -2.0, 3.0]
    whole = _times(stiffness.operator, one)[node]
    block = _times(diagonal_matrix(stiffness), one)[node]
    np.testing.assert_allclose(block, whole, rtol=1e-12)


@pytest.mark.parametrize("stiffness", KINDS, indirect=True)
def test_any_linear_material_has_the_product_of_its_stress(stiffness):
    from femur_fea.solver.stiffness import stiffness_operator

    rng = np.random.default_rng(5)
    geometry = stiffness.kinematics
    factor = rng.normal(size=(stiffness.moduli.shape[1], 6, 6))
    matrix = factor @ factor.transpose(0, 2, 1)
    moduli = np.stack([matrix[:, i, j] for i in range(6) for j in range(i, 6)])
    u = rng.normal(size=stiffness.held.shape)
    strain = geometry.strain(u)
    expected = geometry.force(np.einsum("pij,jp->ip", matrix, strain))
    np.testing.assert_allclose(stress_of(moduli, strain), np.einsum("pij,jp->ip", matrix, strain))
    free = np.zeros_like(stiffness.held)
    product = _times(stiffness_operator(stiffness.space, geometry, moduli, free), u)
    np.testing.assert_allclose(product, expected, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize("stiffness", KINDS, indirect=True)
def test_the_diagonal_of_any_linear_material_is_that_of_its_product(stiffness):
    """Block by block against products with single unknowns, for 21 moduli at every point."""
    from femur_fea.solver.stiffness import diagonal_matrix, stiffness_operator

    factor = np.random.default_rng(6).normal(size=(stiffness.moduli.shape[1], 6, 6))
    matrix = factor @ factor.transpose(0, 2, 1)
    moduli = np.stack([matrix[:, i, j] for i in range(6) for j in range(i, 6)])
    space, held = stiffness.space, stiffness.held
    general = dataclasses.replace(
        stiffness,
        moduli=moduli,
        operator=stiffness_operator(space, stiffness.kinematics, moduli, held),
    )
    blocks = diagonal_matrix(general)
    for node in np.random.default_rng(8).choice(len(held), size=12, replace=False):
        for component in range(3):
            one = np.zeros(held.shape)
            one[node, component] = 1.0
            whole = _times(general.operator, one)[node]
            np.testing.assert_allclose(
                _times(blocks, one)[node], whole, atol=1e-12 * np.abs(whole).max()
            )


def test_an_isotropic_material_is_the_same_as_a_general_one():
    rng = np.random.default_rng(7)
    moduli, strain = rng.uniform(1.0, 2.0, size=(2, 11)), rng.normal(size=(6, 11))
    np.testing.assert_allclose(stress_of(general_moduli(moduli), strain), stress_of(moduli, strain))
