"""What every element must represent exactly: constant strain and rest."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import ElasticField, integration_points
from femur_fea.solver import solve_linear
from femur_fea.solver.environment import require_dolfinx

THEME = "exactness"
KINDS = ["tet10", "tet4", "hex8"]
GRADIENT = 1e-3 * np.array([[1.0, 0.3, -0.2], [-0.5, 0.8, 0.4], [0.1, -0.7, -0.6]])
STRAIN = 1e-3 * np.array([1.0, 0.8, -0.6, -0.3, -0.1, -0.2])


# takes a box to a parallelepiped none of whose faces is at right angles to another
SHEAR = np.array([[1.0, 0.2, -0.3], [0.4, 0.9, 0.1], [-0.2, 0.5, 1.1]])


def _surface_nodes(space):
    """Return the nodes on the surface of a box that `SHEAR` may have been applied to."""
    x = space.node_coordinates
    if space.mesh.kind == "hex8":
        x = x @ np.linalg.inv(SHEAR)
    return np.flatnonzero((np.isclose(x, 0.0) | np.isclose(x, x.max(axis=0))).any(axis=1))


def _irregular(box, shape, size, kind):
    """Return a box of irregular tetrahedra, or of sheared bricks of unequal sides."""
    mesh = box(shape, size, kind)
    if kind != "hex8":
        return mesh
    return dataclasses.replace(mesh, points=mesh.points @ SHEAR)


def _solve_with_surface_at(mesh, elastic, u_of):
    require_dolfinx()
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.system import elastic_system, solve_system

    space = displacement_space(mesh)
    held = np.zeros((space.n_nodes, 3), dtype=bool)
    held[_surface_nodes(space)] = True
    system = elastic_system(space, elastic, held, tolerance=1e-12)
    wanted = u_of(space.node_coordinates)
    solution = solve_system(system, np.zeros_like(wanted), wanted)
    return space, solution.u, wanted


def _stress(space, elastic, u):
    """Return the cells of a space and the stress at their points, (6, n_points)."""
    from femur_fea.solver.moduli import stress_of
    from femur_fea.solver.stiffness import elastic_stiffness

    stiffness = elastic_stiffness(space, elastic, np.zeros((space.n_nodes, 3), dtype=bool))
    geometry = stiffness.kinematics
    return geometry, stress_of(stiffness.moduli, geometry.strain(u))


@pytest.mark.parametrize("kind", KINDS)
def test_a_linear_surface_displacement_gives_constant_strain_inside(box, agree_everywhere, kind):
    from femur_fea.solver.kinematics import kinematics
    from femur_fea.solver.recovery import corner_strain

    mesh = _irregular(box, (3, 4, 3), (5.0, 6.0, 7.0), kind)
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), 1000.0), nu=0.3)
    space, u, wanted = _solve_with_surface_at(mesh, elastic, lambda x: x @ GRADIENT.T)
    for quantity, found, expected, atol in (
        ("displacement inside a patch", u, wanted, 1e-10),
        ("strain inside a patch", corner_strain(kinematics(space), u), STRAIN, 1e-9),
    ):
        agree_everywhere(
            quantity,
            found=found,
            expected=expected,
            atol=atol,
            origin="round-off at an energy error of 1e-12",
            source="a linear displacement of the surface",
        )


@pytest.mark.parametrize("kind", KINDS)
def test_a_constant_strain_has_the_stress_of_hooke_s_law(box, agree_everywhere, kind):
    mesh = _irregular(box, (2, 2, 2), (5.0, 6.0, 7.0), kind)
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), 1000.0), nu=0.3)
    space, u, _ = _solve_with_surface_at(mesh, elastic, lambda x: x @ GRADIENT.T)
    lame, shear = 1000.0 * 0.3 / (1.3 * 0.4), 1000.0 / 2.6
    normal = lame * STRAIN[:3].sum() + 2.0 * shear * STRAIN[:3]
    expected = np.concatenate([normal, shear * STRAIN[3:]])
    agree_everywhere(
        "stress inside a patch",
        found=_stress(space, elastic, u)[1].T,
        expected=expected,
        atol=1e-10,
        origin="round-off at an energy error of 1e-12",
        source="Hooke's law",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_rigid_motions_have_neither_strain_nor_force(box, wavy_modulus, agree, kind):
    require_dolfinx()
    from femur_fea.solver.space import displacement_space

    mesh = _irregular(box, (2, 3, 2), (20.0, 30.0, 25.0), kind)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3)
    space = displacement_space(mesh)
    x = space.node_coordinates
    motions = [np.broadcast_to(axis, x.shape) for axis in np.eye(3)]
    motions += [np.cross(axis, x) for axis in np.eye(3)]
    geometry, _ = _stress(space, elastic, motions[0])
    strain = [np.abs(geometry.corner_strain(u)).max() for u in motions]
    forces = [geometry.force(_stress(space, elastic, u)[1]) for u in motions]
    work = [abs(np.vdot(u, force)) for u, force in zip(motions, forces, strict=True)]
    agree(
        "largest strain of six rigid motions",
        found=max(strain),
        expected=0.0,
        atol=1e-13,
        origin="round-off: displacements of 1 to 40 mm over edges of 10 mm",
        source="a rigid motion",
    )
    agree(
        "largest work of six rigid motions",
        found=max(work),
        expected=0.0,
        unit="N mm",
        atol=1e-7,
        origin="round-off, against 1e5 N mm for a strain of one per cent",
        source="a rigid motion",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_assembled_stiffness_is_that_of_the_recovered_stress(
    box, wavy_modulus, agree_everywhere, kind
):
    """Two independent ways from displacement to nodal force: DOLFINx's form and our recovery."""
    require_dolfinx()
    from femur_fea.solver import forms
    from femur_fea.solver.space import displacement_space

    mesh = _irregular(box, (3, 3, 3), (6.0, 6.0, 6.0), kind)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3)
    space = displacement_space(mesh)
    form = forms.stiffness_form(space, elastic)
    free = np.zeros((space.n_nodes, 3), dtype=bool)
    matrix = forms.assemble_stiffness(form, space.share, free)
    u = np.random.default_rng(3).normal(size=(space.n_nodes, 3))
    vector, product = matrix.createVecs()
    vector.array = u.ravel()
    matrix.mult(vector, product)
    geometry, stress = _stress(space, elastic, u)
    force = geometry.force(stress)
    agree_everywhere(
        "nodal forces by recovery and by the assembled matrix",
        found=force,
        expected=product.array_r.reshape(-1, 3),
        atol=1e-12,
        origin="round-off",
        source="DOLFINx's assembly",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_pulling_a_bar_without_poisson_effect_stretches_its_axis_by_hooke_s_law(
    box, end_load, agree, kind
):
    mesh = box((4, 4, 6), (10.0, 10.0, 30.0), kind)
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), 500.0), nu=0.0)
    result = solve_linear(mesh, elastic, [end_load(mesh, [0.0, 0.0, 2.0])], tolerance=1e-12)[0]
    volumes = mesh.cell_volumes
    # linear or trilinear in a cell: its mean is that of its corners
    mean_strain = np.einsum("c,cv->v", volumes, result.strain.mean(axis=1)) / volumes.sum()
    force = -result.reaction_force[2]
    # the axial force is the same in every section, so the volume mean of the strain is exact
    agree(
        "mean strain of a bar without Poisson effect",
        found=mean_strain[2],
        expected=force / (500.0 * 100.0),
        rtol=1e-10,
        origin="an energy error of 1e-12",
        source="Hooke's law",
    )
