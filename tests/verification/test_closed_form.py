"""Bars and beams with a solution on paper."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField, integration_points
from femur_fea.solver import solve_linear

THEME = "closed forms"


def _mean_end_displacement(mesh, result):
    """Return the mean displacement of the top face, (3,), mm."""
    z = mesh.points[:, 2]
    top = (z[mesh.facets] == z.max()).all(axis=1)
    area = np.linalg.norm(mesh.facet_area_vectors[top], axis=1)
    return area @ result.u[mesh.facets[top]].mean(axis=1) / area.sum()


def _pull(mesh, elastic, forces):
    """Return the displacement of the points of a bar, its bottom held, under nodal forces."""
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.system import elastic_system, solve_system

    space = displacement_space(mesh)
    held = space.held(np.repeat(mesh.points[:, 2:] == 0.0, 3, axis=1))
    system = elastic_system(space, elastic, held, tolerance=1e-10)
    return solve_system(system, forces(space)).u[space.point_dofs]


@pytest.mark.parametrize(
    ("kind", "tolerance", "origin"),
    [
        ("tet10", 1e-4, "the mesh: 3e-4 with 10 layers, 2e-5 with these 20, below 2e-6 with 40"),
        ("tet4", 1e-2, "the mesh: 1e-2 with 10 layers, 3e-3 with these 20, below 1e-3 with 40"),
    ],
    ids=["tet10", "tet4"],
)
def test_a_graded_bar_lengthens_as_its_integral_says(
    box, face_forces, agree, kind, tolerance, origin
):
    length, pressure, E0, grading = 40.0, 10.0, 1000.0, 9.0
    mesh = box((3, 3, 20), (6.0, 6.0, length), kind)
    z = integration_points(mesh)[:, :, 2]
    elastic = ElasticField(E_modulus=E0 * (1.0 + grading * z / length), nu=0.0)
    top = np.isclose(mesh.points[mesh.facets][:, :, 2], length).all(axis=1)
    u = _pull(mesh, elastic, lambda space: face_forces(space, top, [0.0, 0.0, pressure]))
    agree(
        "lengthening of a bar whose modulus rises tenfold",
        found=u[mesh.points[:, 2] == length, 2].mean(),
        # pressure times the integral of dz / E(z), E = E0 (1 + a z / L)
        expected=pressure * length * np.log(1.0 + grading) / (E0 * grading),
        unit="mm",
        rtol=tolerance,
        origin=origin,
        source="integral of the strain: ln(10) / 9 of that of the softest bar",
    )


@pytest.mark.parametrize(
    ("nu", "tolerance", "origin"),
    [
        (0.0, 2e-4, "the mesh: 4e-5 here, 4e-6 on one twice as fine"),
        (0.3, 1e-2, "the clamp holds the contraction of the root: 0.7 % on the finest mesh"),
    ],
    ids=["nu0", "nu0.3"],
)
def test_a_cantilever_bends_as_timoshenko_s_beam(box, end_load, agree, nu, tolerance, origin):
    length, side, E = 100.0, 10.0, 17000.0
    mesh = box((4, 4, 25), (side, side, length), "tet10")
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), E), nu=nu)
    result = solve_linear(mesh, elastic, [end_load(mesh, [1.0, 0.0, 0.0])])[0]
    force = -result.reaction_force[0]
    inertia, shear_modulus = side**4 / 12.0, E / (2.0 * (1.0 + nu))
    factor = 10.0 * (1.0 + nu) / (12.0 + 11.0 * nu)
    exact = force * length**3 / (3.0 * E * inertia)
    exact += force * length / (factor * shear_modulus * side**2)
    agree(
        "deflection of a square bar as a cantilever over its beam's",
        found=_mean_end_displacement(mesh, result)[0] / exact,
        expected=1.0,
        rtol=tolerance,
        origin=origin,
        source="Timoshenko's beam; shear factor of Cowper 1966, doi:10.1115/1.3625046",
    )
