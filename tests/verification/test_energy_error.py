"""The solver stops when the error of the displacement is as small as was asked, in energy."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import ElasticField
from femur_fea.mapping import CORNER_SHARES, integration_points
from femur_fea.solver import solve_linear

THEME = "exactness"
NU = 0.35


def _energy(elastic, mesh, strain):
    """Return the squared energy norm of a strain (n_cells, n_corners, 6) at the corners."""
    first, shear = NU / ((1.0 + NU) * (1.0 - 2.0 * NU)), 0.5 / (1.0 + NU)
    at_points = CORNER_SHARES[mesh.kind] @ strain
    trace = at_points[..., :3].sum(axis=-1)
    density = first * trace**2 + 2 * shear * (at_points[..., :3] ** 2).sum(axis=-1)
    density += shear * (at_points[..., 3:] ** 2).sum(axis=-1)
    return float((elastic.E_modulus * density).mean(axis=1) @ mesh.cell_volumes)


def _driven(pulled, mesh):
    """Return the load case that moves the top in place of pulling it."""
    top = mesh.points[:, 2] == mesh.points[:, 2].max()
    held = pulled.held | top[:, None]
    return dataclasses.replace(
        pulled,
        name="drive",
        traction=np.zeros_like(pulled.traction),
        held=held,
        displacement=np.where(top[:, None], [0.01, 0.0, 0.02], 0.0),
        magnitude=0.0,
    )


@pytest.mark.parametrize("kind", ["tet10", "tet4", "hex8"])
@pytest.mark.parametrize("name", ["pull", "drive"])
def test_the_error_of_the_displacement_is_below_the_tolerance(
    box, end_load, wavy_modulus, agree, kind, name
):
    mesh = box((4, 4, 12), (8.0, 8.0, 24.0), kind)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=NU)
    load = end_load(mesh, [1.0, 0.0, 0.5])
    if name == "drive":
        load = _driven(load, mesh)
    (exact,) = solve_linear(mesh, elastic, [load], method="mumps", tolerance=1e-12)
    for tolerance in (1e-2, 1e-4, 1e-6):
        (result,) = solve_linear(mesh, elastic, [load], tolerance=tolerance)
        error = _energy(elastic, mesh, result.strain - exact.strain)
        agree(
            f"energy norm of the error over the tolerance of {tolerance:g}",
            found=np.sqrt(error / _energy(elastic, mesh, exact.strain)) / tolerance,
            expected=0.0,
            atol=1.0,
            origin="the tolerance itself",
            source="Cholesky factors by MUMPS",
        )
        assert result.statistics.energy_error <= tolerance
