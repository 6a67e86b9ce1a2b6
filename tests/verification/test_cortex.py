"""Bone that is stiffer along one direction than across it, against the theory of anisotropy."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from femur_fea.domain import (
    ElasticField,
    TransverseCortex,
    TransverseRatios,
    YieldField,
    integration_points,
)
from femur_fea.errors import AnisotropyError
from femur_fea.solver import solve_linear, solve_nonlinear

THEME = "exactness"
KINDS = ["tet10", "tet4", "hex8"]
E_AXIAL = 17000.0
RATIOS = TransverseRatios(
    E_transverse=0.65,
    G_axial=0.22,
    nu_axial=0.35,
    nu_transverse=0.42,
    source="numbers for a test",
    provenance="unverified",
)


def _cortex(mesh, axis, ratios=RATIOS, cells=None):
    cells = np.ones(mesh.n_cells, dtype=bool) if cells is None else cells
    return TransverseCortex(cells=cells, axis=np.asarray(axis), ratios=ratios)


def _elastic(mesh, axis):
    modulus = np.full((mesh.n_cells, 1), E_AXIAL)
    return ElasticField(E_modulus=modulus, nu=0.3, cortex=_cortex(mesh, axis))


def _cells(space, elastic):
    """Return the cells of a space and the moduli at their points."""
    from femur_fea.solver.stiffness import elastic_stiffness

    stiffness = elastic_stiffness(space, elastic, np.zeros((space.n_nodes, 3), dtype=bool))
    return stiffness.kinematics, stiffness.moduli


def _pull_without_restraint(mesh, elastic, stress, face_forces):
    """Return the displacement of a bar under equal tractions at both ends along z, (n_nodes, 3).

    Six unknowns at three corners hold it, no more than its rigid motions.
    """
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.system import elastic_system, solve_system

    space = displacement_space(mesh)
    x = space.node_coordinates
    held = np.zeros((space.n_nodes, 3), dtype=bool)
    size = mesh.points.max(axis=0)
    for corner, components in (([0, 0, 0], [0, 1, 2]), ([1, 0, 0], [1, 2]), ([0, 1, 0], [2])):
        held[np.argmin(np.linalg.norm(x - corner * size, axis=1)), components] = True
    z = mesh.points[mesh.facets][..., 2]
    force = face_forces(space, (z == size[2]).all(axis=1), [0.0, 0.0, stress])
    force += face_forces(space, (z == 0.0).all(axis=1), [0.0, 0.0, -stress])
    return space, solve_system(elastic_system(space, elastic, held, tolerance=1e-12), force).u


def _off_axis_strain(angle):
    """Return the strain over stress of a bar along z whose axis leans by `angle` towards x.

    Lekhnitskii 1963, as in every text on composites: compliances of a lamina off its axis. Voigt
    xx yy zz yz xz xy with engineering shear.
    """
    c, s = np.cos(angle), np.sin(angle)
    along, across = 1.0, 1.0 / RATIOS.E_transverse
    coupled, shear = -RATIOS.nu_axial, 1.0 / RATIOS.G_axial
    within = -RATIOS.nu_transverse * across
    zz = along * c**4 + (2.0 * coupled + shear) * s**2 * c**2 + across * s**4
    xx = coupled * (s**4 + c**4) + (along + across - shear) * s**2 * c**2
    yy = coupled * c**2 + within * s**2
    xz = (2.0 * (along - coupled) - shear) * s * c**3 - (
        2.0 * (across - coupled) - shear
    ) * s**3 * c
    return np.array([xx, yy, zz, 0.0, xz, 0.0]) / E_AXIAL


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("degrees", [0.0, 20.0, 45.0, 90.0])
def test_a_bar_at_an_angle_to_its_axis_deforms_as_an_off_axis_lamina(
    box, face_forces, agree_everywhere, kind, degrees
):
    mesh = box((2, 2, 4), (6.0, 5.0, 20.0), kind)
    angle = np.radians(degrees)
    elastic = _elastic(mesh, [np.sin(angle), 0.0, np.cos(angle)])
    space, u = _pull_without_restraint(mesh, elastic, 10.0, face_forces)
    agree_everywhere(
        "strain of a pulled bar at an angle to its axis",
        found=_cells(space, elastic)[0].corner_strain(u).T,
        expected=10.0 * _off_axis_strain(angle),
        atol=1e-9,
        origin="round-off at a relative residual of 1e-12",
        source="compliance of an off-axis lamina, Lekhnitskii 1963",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_stress_follows_from_the_strain_and_fills_the_bar(box, face_forces, agree_everywhere, kind):
    from femur_fea.solver.moduli import stress_of

    mesh = box((2, 2, 3), (6.0, 5.0, 20.0), kind)
    elastic = _elastic(mesh, np.array([0.36, 0.48, 0.8]))
    space, u = _pull_without_restraint(mesh, elastic, 10.0, face_forces)
    geometry, moduli = _cells(space, elastic)
    agree_everywhere(
        "stress of a pulled bar with an axis askew",
        found=stress_of(moduli, geometry.strain(u)).T,
        expected=np.array([0.0, 0.0, 10.0, 0.0, 0.0, 0.0]),
        atol=1e-9,
        origin="round-off at a relative residual of 1e-12",
        source="equilibrium with the traction at both ends",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_ratios_of_an_isotropic_material_give_the_isotropic_bone(
    box, end_load, wavy_modulus, agree_everywhere, kind
):
    mesh = box((3, 3, 4), (9.0, 8.0, 20.0), kind)
    E = wavy_modulus(integration_points(mesh))
    same = TransverseRatios(
        E_transverse=1.0,
        G_axial=0.5 / 1.3,
        nu_axial=0.3,
        nu_transverse=0.3,
        source="isotropic",
        provenance="unverified",
    )
    cells = mesh.centroids[:, 2] < 11.0
    directed = ElasticField(E_modulus=E, nu=0.3, cortex=_cortex(mesh, [0.6, 0.0, 0.8], same, cells))
    load = end_load(mesh, [1.0, 0.4, -2.0])
    plain, turned = (
        solve_linear(mesh, elastic, [load], tolerance=1e-12)[0]
        for elastic in (ElasticField(E_modulus=E, nu=0.3), directed)
    )
    for quantity, found, expected in (
        ("displacement with isotropic constants and an axis", turned.u, plain.u),
        ("stress with isotropic constants and an axis", turned.stress, plain.stress),
    ):
        agree_everywhere(
            quantity,
            found=found,
            expected=expected,
            atol=1e-9,
            origin="two iterations to a relative residual of 1e-12",
            source="the isotropic form",
        )


@pytest.mark.parametrize("kind", KINDS)
def test_the_assembled_stiffness_is_that_of_the_recovered_stress_in_both_materials(
    box, wavy_modulus, agree_everywhere, kind
):
    from femur_fea.solver import forms
    from femur_fea.solver.moduli import stress_of
    from femur_fea.solver.space import displacement_space

    mesh = box((3, 3, 3), (6.0, 6.0, 6.0), kind)
    cortex = _cortex(mesh, [0.6, 0.48, 0.64], cells=mesh.centroids[:, 0] < 3.0)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3, cortex=cortex)
    space = displacement_space(mesh)
    form = forms.stiffness_form(space, elastic)
    free = np.zeros((space.n_nodes, 3), dtype=bool)
    matrix = forms.assemble_stiffness(form, space.share, free)
    u = np.random.default_rng(3).normal(size=(space.n_nodes, 3))
    vector, product = matrix.createVecs()
    vector.array = u.ravel()
    matrix.mult(vector, product)
    geometry, moduli = _cells(space, elastic)
    force = geometry.force(stress_of(moduli, geometry.strain(u)))
    agree_everywhere(
        "nodal forces of two materials by recovery and by the assembled matrix",
        found=force,
        expected=product.array_r.reshape(-1, 3),
        atol=1e-12,
        origin="round-off",
        source="DOLFINx's assembly",
    )


def test_a_bone_that_is_turned_with_its_axis_and_load_moves_alike(
    box, end_load, wavy_modulus, agree_everywhere
):
    mesh = box((4, 3, 5), (9.0, 8.0, 20.0), "tet10")
    E = wavy_modulus(integration_points(mesh))
    axis, cells = np.array([0.6, 0.0, 0.8]), mesh.centroids[:, 2] < 11.0
    load = end_load(mesh, [1.0, 0.4, -2.0])
    turn = Rotation.from_rotvec([0.4, -0.7, 0.9]).as_matrix()
    turned_mesh = dataclasses.replace(mesh, points=mesh.points @ turn.T)
    turned_load = dataclasses.replace(load, traction=load.traction @ turn.T)
    here, there = (
        solve_linear(
            m,
            ElasticField(E_modulus=E, nu=0.3, cortex=_cortex(m, a, cells=cells)),
            [pull],
            tolerance=1e-12,
        )[0]
        for m, a, pull in ((mesh, axis, load), (turned_mesh, turn @ axis, turned_load))
    )
    agree_everywhere(
        "displacement of a bone turned with its axis and load",
        found=there.u,
        expected=here.u @ turn.T,
        atol=1e-9,
        origin="two iterations to a relative residual of 1e-12",
        source="the bone before it was turned",
    )


def test_a_stiffer_axis_along_the_pull_lengthens_the_bar_less(box, face_forces):
    mesh = box((2, 2, 4), (6.0, 5.0, 20.0), "tet10")
    stretch = []
    for axis in ([0.0, 0.0, 1.0], [1.0, 0.0, 0.0]):
        space, u = _pull_without_restraint(mesh, _elastic(mesh, axis), 10.0, face_forces)
        stretch.append(u[np.isclose(space.node_coordinates[:, 2], 20.0), 2].mean())
    # the support holds no rotation of the ends: the mean is the strain times the length
    assert stretch[0] == pytest.approx(0.65 * stretch[1], rel=1e-8)


def test_failure_beyond_yield_of_a_directed_cortex_is_refused(box, end_load):
    mesh = box((2, 2, 2), (6.0, 5.0, 8.0), "tet10")
    strength = YieldField(
        tension=np.full((mesh.n_cells, 1), 100.0), compression=np.full((mesh.n_cells, 1), 100.0)
    )
    with pytest.raises(AnisotropyError, match="isotropic"):
        solve_nonlinear(
            mesh, _elastic(mesh, [0.0, 0.0, 1.0]), strength, end_load(mesh, [0.0, 0.0, 1.0])
        )
