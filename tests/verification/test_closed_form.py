"""Bars and beams with a solution on paper."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField
from femur_fea.mapping import integration_points
from femur_fea.solver import solve_linear


def _mean_end_displacement(mesh, result):
    """Return the mean displacement of the top face, (3,), mm."""
    z = mesh.points[:, 2]
    top = (z[mesh.facets] == z.max()).all(axis=1)
    area = np.linalg.norm(mesh.facet_area_vectors[top], axis=1)
    return area @ result.u[mesh.facets[top]].mean(axis=1) / area.sum()


def test_a_graded_bar_lengthens_as_its_integral_says(box, end_load):
    length, area, E0, grading = 40.0, 100.0, 1000.0, 9.0
    mesh = box((5, 5, 20), (10.0, 10.0, length), "tet10")
    z = integration_points(mesh)[:, :, 2]
    elastic = ElasticField(E_modulus=E0 * (1.0 + grading * z / length), nu=0.0)
    result = solve_linear(mesh, elastic, [end_load(mesh, [0.0, 0.0, 10.0])])[0]
    force = -result.reaction_force[2]
    # u = F / A * integral of dz / E(z), E = E0 (1 + a z / L); ln(10) / 9 = 0.255843
    exact = force * length * np.log(1.0 + grading) / (area * E0 * grading)
    found = _mean_end_displacement(mesh, result)[2]
    # the end dimples under its load, and the mean is taken over corners only: 0.5 %
    assert found == pytest.approx(exact, rel=5e-3)


@pytest.mark.parametrize(
    ("nu", "tolerance"),
    [
        (0.0, 2e-4),  # the mesh: 4e-5 here, 4e-6 on one twice as fine
        (0.3, 1e-2),  # the clamp holds the contraction of the root: 0.7 % on the finest mesh
    ],
)
def test_a_cantilever_bends_as_timoshenko_s_beam(box, end_load, nu, tolerance):
    length, side, E = 100.0, 10.0, 17000.0
    mesh = box((4, 4, 25), (side, side, length), "tet10")
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), E), nu=nu)
    result = solve_linear(mesh, elastic, [end_load(mesh, [1.0, 0.0, 0.0])])[0]
    force = -result.reaction_force[0]
    inertia, shear_modulus = side**4 / 12.0, E / (2.0 * (1.0 + nu))
    factor = 10.0 * (1.0 + nu) / (12.0 + 11.0 * nu)  # Cowper 1966, doi:10.1115/1.3625046
    exact = force * length**3 / (3.0 * E * inertia)
    exact += force * length / (factor * shear_modulus * side**2)
    found = _mean_end_displacement(mesh, result)[0]
    assert found == pytest.approx(exact, rel=tolerance)
