"""The model that other programs get: nodes, forces, materials and the files that hold them."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import ElasticField
from femur_fea.errors import OutOfRangeError, ShapeError
from femur_fea.io.export import bin_moduli, export_model, facet_forces

SIZE = np.array([4.0, 6.0, 9.0])

# rows: weight, then the functions of a facet's corners; Simpson's rule along both sides
MID_EDGE = np.column_stack([np.full(3, 1.0 / 3.0), 0.5 * (1.0 - np.eye(3))])
SIMPSON = np.array(
    [
        [v * w, (1 - a) * (1 - b), a * (1 - b), a * b, (1 - a) * b]
        for a, v in ((0.0, 1 / 6), (0.5, 2 / 3), (1.0, 1 / 6))
        for b, w in ((0.0, 1 / 6), (0.5, 2 / 3), (1.0, 1 / 6))
    ]
)


def _exact_resultant(mesh, load):
    """Return force and moment by rules that are exact for quadratic integrands."""
    x, t = mesh.points[mesh.facets], load.traction[mesh.facets]
    rule = SIMPSON if mesh.kind == "hex8" else MID_EDGE
    shares = np.linalg.norm(mesh.facet_area_vectors, axis=1)[:, None] * rule[:, 0]
    x, t = rule[:, 1:] @ x, rule[:, 1:] @ t
    force = np.einsum("fq,fqi->i", shares, t)
    return force, np.einsum("fq,fqi->i", shares, np.cross(x, t))


def _volume_by_gauss(model):
    """Return the volume from the shape functions of all ten nodes, 4 points in each cell."""
    near, far = (5.0 + 3.0 * 5.0**0.5) / 20.0, (5.0 - 5.0**0.5) / 20.0
    L = far + (near - far) * np.eye(4)
    edges = [(0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)]  # C3D10 and FEBio's tet10
    d = np.zeros((4, 10, 4))
    d[:, range(4), range(4)] = 4.0 * L - 1.0
    for a, (i, j) in enumerate(edges, start=4):
        d[:, a, i], d[:, a, j] = 4.0 * L[:, j], 4.0 * L[:, i]
    natural = d[:, :, 1:] - d[:, :, :1]
    jacobian = np.einsum("qak,nai->nqik", natural, model.nodes[model.cells])
    return float(np.linalg.det(jacobian).mean(axis=1).sum() / 6.0)


def test_nodal_forces_have_force_and_moment_of_the_traction(problem):
    mesh, _, load = problem
    model = export_model(*problem)
    force, moment = _exact_resultant(mesh, load)
    np.testing.assert_allclose(model.forces.sum(axis=0), force, atol=1e-12 * np.abs(moment).max())
    found = np.cross(model.nodes, model.forces).sum(axis=0)
    np.testing.assert_allclose(found, moment, atol=1e-12 * np.abs(moment).max())


def test_nodal_forces_are_those_of_the_solver(problem):
    from femur_fea.solver.environment import require_dolfinx

    require_dolfinx()
    from femur_fea.solver.forms import traction_load
    from femur_fea.solver.space import displacement_space

    mesh, _, load = problem
    model = export_model(*problem)
    space = displacement_space(mesh)
    theirs = traction_load(space, load.traction)
    apart = np.linalg.norm(space.node_coordinates[:, None] - model.nodes[None], axis=2)
    np.testing.assert_allclose(
        model.forces[apart.argmin(axis=1)], theirs, atol=1e-12 * np.abs(theirs).max()
    )


def test_a_uniform_traction_on_a_quadratic_triangle_acts_at_its_mid_edges_alone():
    corners = np.array([[[0.0, 0, 0], [3.0, 0, 0], [0.0, 4.0, 0]]])
    forces = facet_forces(corners, np.full((1, 3, 3), 2.0), kind="tet10")[0]
    np.testing.assert_allclose(forces[:3], 0.0, atol=1e-15)
    np.testing.assert_allclose(forces[3:], 6.0 * 2.0 / 3.0, rtol=1e-14)


def test_quadratic_cells_have_a_node_at_the_middle_of_each_edge_and_fill_the_box(
    mesh_of, elastic_of, load_of
):
    mesh = mesh_of("tet10")
    model = export_model(mesh, elastic_of(mesh), load_of(mesh))
    # a lattice of 3 x 3 x 3 cubes with six tetrahedra has 7^3 points and midpoints
    assert len(model.nodes) == 343
    assert len(np.unique(model.nodes.round(9), axis=0)) == 343
    assert _volume_by_gauss(model) == pytest.approx(SIZE.prod(), rel=1e-13)


@pytest.mark.parametrize("kind", ["tet4", "hex8"])
def test_linear_cells_are_exported_as_they_are(kind, mesh_of, elastic_of, load_of):
    mesh = mesh_of(kind)
    model = export_model(mesh, elastic_of(mesh), load_of(mesh))
    np.testing.assert_array_equal(model.nodes, mesh.points)
    np.testing.assert_array_equal(model.cells, mesh.cells)


def test_an_edge_is_held_where_both_its_ends_are(problem):
    model = export_model(*problem)
    np.testing.assert_array_equal(model.fixed, np.flatnonzero(model.nodes[:, 2] == 0.0))


@pytest.mark.parametrize("tolerance", [0.0, 0.005, 0.1])
def test_no_cell_differs_from_its_material_by_more_than_the_tolerance(tolerance):
    E = 0.1 * np.exp(np.random.default_rng(2).uniform(0.0, 12.0, (5000, 1)))
    bins = bin_moduli(ElasticField(E_modulus=E, nu=0.3), tolerance=tolerance)
    worst = np.abs(bins.E_modulus[bins.of_cell] / E[:, 0] - 1.0).max()
    assert bins.largest_error == worst
    assert worst <= tolerance * (1.0 + 1e-12)
    assert bins.largest_spread == 0.0


def test_twelve_nepers_of_modulus_at_one_per_cent_take_at_most_600_materials():
    E = 0.1 * np.exp(np.linspace(0.0, 12.0, 100_000))[:, None]
    bins = bin_moduli(ElasticField(E_modulus=E, nu=0.3), tolerance=0.01)
    assert len(bins.E_modulus) == int(12.0 / np.log(1.01 / 0.99)) + 1


def test_the_spread_inside_a_cell_is_reported():
    E = np.array([[1.0, 1.0, 1.0, 5.0], [2.0, 2.0, 2.0, 2.0]])
    bins = bin_moduli(ElasticField(E_modulus=E, nu=0.3), tolerance=0.0)
    assert bins.largest_spread == 1.5  # 5 against a mean of 2
    np.testing.assert_array_equal(bins.E_modulus, [2.0])


def test_a_cortex_with_a_direction_shares_no_material_with_isotropic_bone(mesh_of, directed):
    mesh = mesh_of("tet10")
    elastic = dataclasses.replace(directed(mesh), E_modulus=np.full((mesh.n_cells, 1), 500.0))
    bins = bin_moduli(elastic, tolerance=0.01)
    np.testing.assert_array_equal(bins.E_modulus, [500.0, 500.0])
    np.testing.assert_array_equal(bins.in_cortex, [False, True])
    np.testing.assert_array_equal(bins.in_cortex[bins.of_cell], elastic.cortex.cells)


@pytest.mark.parametrize("tolerance", [-0.01, 1.0])
def test_a_tolerance_that_is_no_relative_error_is_refused(tolerance):
    with pytest.raises(OutOfRangeError, match="tolerance"):
        bin_moduli(ElasticField(E_modulus=np.ones((1, 1)), nu=0.3), tolerance=tolerance)


@pytest.mark.parametrize("name", ["Müller", "a -- b", "stance\n*STEP", ""])
def test_a_load_name_that_would_break_a_file_is_refused(name, mesh_of, elastic_of, load_of):
    mesh = mesh_of("tet4")
    with pytest.raises(OutOfRangeError, match="load case named"):
        export_model(mesh, elastic_of(mesh), load_of(mesh, name))


def test_a_material_of_another_mesh_is_refused(problem):
    mesh, elastic, load = problem
    other = ElasticField(E_modulus=elastic.E_modulus[1:], nu=0.3)
    with pytest.raises(ShapeError):
        export_model(mesh, other, load)


def test_a_node_is_driven_as_the_ends_of_its_edge_are(driven):
    top = driven.nodes[:, 2] == driven.nodes[:, 2].max()
    np.testing.assert_array_equal(driven.prescribed, np.outer(top, [False, True, True]))
    np.testing.assert_allclose(driven.displacement[top], [[0.0, 0.02, -0.05]] * top.sum())
    assert not driven.displacement[~top].any()
    np.testing.assert_array_equal(driven.fixed, np.flatnonzero(driven.nodes[:, 2] == 0.0))
