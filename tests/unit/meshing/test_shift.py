"""A surface that is moved by less than a cell."""

import numpy as np
import pytest

from femur_fea.domain import ImageGrid, LabelMask
from femur_fea.errors import MeshError
from meshing import mesh_mask, shift_surface

GRID = ImageGrid(shape=(40, 40, 30), affine=np.diag([1.0, 1.0, 1.0, 1.0]))


def _rod() -> LabelMask:
    """Return a rod of 12 mm radius along the third axis that the image cuts at both ends."""
    i, j, _ = np.indices(GRID.shape)
    return LabelMask(grid=GRID, inside=np.hypot(i - 19.5, j - 19.5) <= 12.0)


@pytest.mark.parametrize("distance", [-0.3, 0.3])
def test_volume_changes_by_the_surface_times_the_shift_and_cuts_stay(distance: float) -> None:
    mesh = mesh_mask(_rod(), edge_length=3.0, kind="tet10", side="right")
    moved = shift_surface(mesh, GRID, distance)
    z = mesh.points[:, 2]
    side = np.abs(mesh.facet_centroids[:, 2] - 14.5) < 14.9
    area = float(np.linalg.norm(mesh.facet_area_vectors[side], axis=1).sum())
    change = float(moved.cell_volumes.sum() - mesh.cell_volumes.sum())
    # facets that bridge the rims, 3 mm of 30 in all, move by about half the shift; the curvature
    # adds half the shift over the radius, 1 %
    assert change == pytest.approx(area * distance, rel=0.08)
    ends = (z < z.min() + 1e-6) | (z > z.max() - 1e-6)
    np.testing.assert_allclose(moved.points[ends, 2], z[ends], atol=1e-6)
    np.testing.assert_array_equal(moved.cells, mesh.cells)


def test_a_shift_of_nothing_leaves_every_point() -> None:
    mesh = mesh_mask(_rod(), edge_length=4.0, kind="tet4", side="right")
    np.testing.assert_allclose(shift_surface(mesh, GRID, 0.0).points, mesh.points, atol=1e-12)


def test_cubes_are_refused() -> None:
    mesh = mesh_mask(_rod(), edge_length=4.0, kind="hex8", side="right")
    with pytest.raises(MeshError, match="cubes"):
        shift_surface(mesh, GRID, 0.1)
