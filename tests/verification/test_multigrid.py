"""Multigrid keeps the number of iterations small where a poorer preconditioner would not."""

import pytest

from femur_fea.domain import ElasticField, integration_points
from femur_fea.solver import solve_linear

FEW = 40  # without the rigid motions in the near null space it takes 70 to 120


@pytest.mark.parametrize("kind", ["tet10", "tet4", "hex8"])
@pytest.mark.parametrize("divisions", [4, 8])
def test_a_slender_bar_of_uneven_modulus_takes_few_iterations_on_any_mesh(
    box, end_load, wavy_modulus, kind, divisions
):
    mesh = box((divisions, divisions, 4 * divisions), (8.0, 8.0, 64.0), kind)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=0.3)
    (result,) = solve_linear(mesh, elastic, [end_load(mesh, [1.0, 0.0, 0.0])])
    assert result.statistics.iterations <= FEW
