"""Means of an image over cells, against integrals on paper and by brute force."""

import numpy as np
import pytest

from femur_fea.domain import CELL_SHAPES, BoneMesh, ImageGrid
from femur_fea.errors import GridMismatchError, NotConvergedError
from femur_fea.mapping import AVERAGE_TOLERANCE, average_over_cells

CORNER_TETRAHEDRON = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)


def grid_of(shape: tuple[int, int, int], spacing=(1.0, 1.0, 1.0)) -> ImageGrid:
    return ImageGrid(shape=shape, affine=np.diag([*spacing, 1.0]))


def noise(shape: tuple[int, int, int], seed: int = 0) -> np.ndarray:
    """Return an image that jumps tenfold from voxel to voxel: harsher than any bone."""
    return np.random.default_rng(seed).uniform(0.2, 2.0, shape)


def one_cell(corners: np.ndarray) -> BoneMesh:
    return BoneMesh(points=corners, cells=np.array([[0, 1, 2, 3]]), kind="tet10", side="right")


def test_a_constant_image_is_averaged_without_error(box_mesh) -> None:
    grid = grid_of((12, 12, 12), (0.9, 0.8, 1.5))
    mesh = box_mesh((3, 2, 2), (9.0, 8.0, 15.0))
    average = average_over_cells(grid, np.full(grid.shape, 3.7), mesh)
    np.testing.assert_allclose(average.mean, 3.7, rtol=1e-14)
    assert average.largest_change < 1e-14


def test_an_image_that_is_linear_in_space_is_averaged_without_error(box_mesh) -> None:
    grid = grid_of((12, 12, 12), (0.9, 0.8, 1.5))
    slope = np.array([0.3, -0.1, 0.2])
    index = np.moveaxis(np.indices(grid.shape), 0, -1).reshape(-1, 3)
    values = (5.0 + grid.to_world(index) @ slope).reshape(grid.shape)
    mesh = box_mesh((3, 2, 2), (9.0, 8.0, 15.0))
    average = average_over_cells(grid, values, mesh)
    np.testing.assert_allclose(average.mean, 5.0 + mesh.centroids @ slope, rtol=1e-13)


def test_a_cell_inside_one_voxel_has_the_mean_of_the_trilinear_polynomial() -> None:
    grid = grid_of((2, 2, 2))
    values = np.zeros(grid.shape)
    values[1, 1, 1] = 1.0  # the image is x y z
    start, size = np.array([0.3, 0.2, 0.4]), 0.05
    mesh = one_cell(start + size * CORNER_TETRAHEDRON)
    x, y, z = start
    # means of the barycentric coordinates: 1/4, of products of two 1/20, of three 1/120
    exact = x * y * z + size * (x * y + y * z + z * x) / 4.0
    exact += size**2 * (x + y + z) / 20.0 + size**3 / 120.0
    average = average_over_cells(grid, values, mesh)
    # the cubic part is not in the rule: a thousandth of a thousandth here
    assert average.mean[0] == pytest.approx(exact, rel=1e-6)


def test_one_bright_voxel_in_a_large_cell_adds_its_own_volume() -> None:
    grid = grid_of((40, 40, 40), (0.9, 0.7, 0.8))
    values = np.ones(grid.shape)
    values[7, 6, 8] = 500.0
    mesh = one_cell(1.0 + 25.0 * CORNER_TETRAHEDRON)
    # a hat function, whole inside the cell, has the integral of its voxel's volume
    exact = 1.0 + 499.0 * grid.voxel_volume / mesh.cell_volumes[0]
    average = average_over_cells(grid, values, mesh)
    assert average.mean[0] == pytest.approx(exact, rel=average.largest_change + 1e-12)
    assert average.largest_change <= 0.01


def test_a_cell_of_thousands_of_voxels_has_the_mean_of_a_dense_lattice_of_points() -> None:
    grid = grid_of((30, 30, 30), (0.9, 0.8, 0.7))
    values = noise(grid.shape)
    corners = np.array([[1.0, 2.0, 1.5], [22.0, 4.0, 3.0], [5.0, 19.0, 2.0], [4.0, 6.0, 18.0]])
    average = average_over_cells(grid, values, one_cell(corners))
    exact = brute_force(grid, values, corners, 120)
    # lattice points at the border count whole or not: 1e-3 of the mean with 120 points an edge
    assert average.mean[0] == pytest.approx(exact, rel=2e-3)


def test_cells_of_the_size_of_voxels_have_the_mean_of_a_dense_lattice_of_points(box_mesh) -> None:
    grid = grid_of((12, 12, 12), (0.9, 0.9, 1.5))
    values = noise(grid.shape, seed=4)
    mesh = box_mesh((4, 4, 4), (9.0, 9.0, 15.0))
    average = average_over_cells(grid, values, mesh)
    for cell in range(0, mesh.n_cells, 40):
        exact = brute_force(grid, values, mesh.points[mesh.cells[cell]], 90)
        # 2e-3 of the lattice, and the tolerance of the average
        assert average.mean[cell] == pytest.approx(exact, rel=2e-3 + AVERAGE_TOLERANCE)


def brute_force(grid: ImageGrid, values: np.ndarray, corners: np.ndarray, n: int) -> float:
    """Return the mean of a trilinear image over the points of a lattice inside a cell.

    It has about n points an edge, another number along each axis: none lies on a diagonal face.
    """
    low, high = corners.min(axis=0), corners.max(axis=0)
    ticks = [
        a + (b - a) * (np.arange(m) + 0.5) / m
        for a, b, m in zip(low, high, (n, n + 7, n + 12), strict=True)
    ]
    points = np.stack(np.meshgrid(*ticks, indexing="ij"), axis=-1).reshape(-1, 3)
    three = np.linalg.solve((corners[1:] - corners[0]).T, (points - corners[0]).T)
    points = points[(three >= 0.0).all(axis=0) & (three.sum(axis=0) <= 1.0)]
    index = grid.to_index(points)
    base = np.floor(index).astype(int)
    share = index - base
    total = np.zeros(len(points))
    for step in np.ndindex(2, 2, 2):
        weight = np.where(np.array(step) == 1, share, 1.0 - share).prod(axis=1)
        total += weight * values[tuple((base + step).T)]
    return float(total.mean())


def test_the_cells_of_a_box_hold_together_what_the_image_holds(box_mesh) -> None:
    grid = grid_of((11, 9, 13))
    values = noise(grid.shape, seed=2)
    mesh = box_mesh((3, 3, 3), (10.0, 8.0, 12.0))
    average = average_over_cells(grid, values, mesh)
    # the integral of a trilinear image over its own box is the trapezoidal sum
    exact = values
    for _ in range(3):
        exact = np.trapezoid(exact, axis=0)
    # the errors of cells are below 1 % and of either sign; 160 of them cancel
    assert average.mean @ mesh.cell_volumes == pytest.approx(float(exact), rel=2e-3)


def voxel_cells(shape: tuple[int, int, int], spacing: np.ndarray) -> BoneMesh:
    """Return one hex8 to each voxel of an image but its outermost ones."""
    count = np.array(shape) - 2
    index = np.arange(np.prod(count + 1)).reshape(count + 1)
    steps = CELL_SHAPES["hex8"].corners.astype(int)
    cells = [
        index[tuple(slice(s, s + n) for s, n in zip(step, count, strict=True))].ravel()
        for step in steps
    ]
    points = np.stack(np.meshgrid(*(np.arange(n + 1) for n in count), indexing="ij"), axis=-1)
    return BoneMesh(
        points=(points.reshape(-1, 3) + 0.5) * spacing,
        cells=np.stack(cells, axis=1),
        kind="hex8",
        side=None,
    )


def test_a_cell_that_is_a_voxel_has_the_exact_mean_of_the_image_in_it() -> None:
    grid = grid_of((8, 7, 9), (0.9, 0.8, 1.5))
    values = noise(grid.shape, seed=6)
    mesh = voxel_cells(grid.shape, grid.spacing)
    # the integral of three hat functions over the middle of them is 1/8, 6/8, 1/8 along each axis
    exact = values
    for axis in range(3):
        exact = np.apply_along_axis(np.convolve, axis, exact, [0.125, 0.75, 0.125], mode="valid")
    average = average_over_cells(grid, values, mesh)
    np.testing.assert_allclose(average.mean, exact.ravel(), rtol=1e-13)


def test_bricks_across_the_voxels_hold_together_what_the_image_holds() -> None:
    grid = grid_of((13, 13, 13))
    values = noise(grid.shape, seed=7)
    mesh = voxel_cells((7, 7, 7), np.array([2.4, 2.4, 2.4]))
    moved = BoneMesh(points=mesh.points - 1.2, cells=mesh.cells, kind="hex8", side=None)
    average = average_over_cells(grid, values, moved)
    exact = values
    for _ in range(3):
        exact = np.trapezoid(exact, axis=0)
    assert average.mean @ moved.cell_volumes == pytest.approx(float(exact), rel=1e-3)


def test_a_smaller_tolerance_is_kept(box_mesh) -> None:
    grid = grid_of((7, 7, 7))
    mesh = box_mesh((2, 2, 2), (6.0, 6.0, 6.0))
    values = noise(grid.shape, seed=5)
    exact = average_over_cells(grid, values, mesh, tolerance=2e-4)
    rough = average_over_cells(grid, values, mesh, tolerance=0.05)
    assert exact.largest_change <= 2e-4 < rough.largest_change <= 0.05
    errors = np.abs(rough.mean / exact.mean - 1.0)
    assert errors.max() <= rough.largest_change + exact.largest_change


def test_cells_without_end_are_refused() -> None:
    grid = grid_of((3, 3, 3), (1.0, 1.0, 1.0))
    values = noise(grid.shape)
    with pytest.raises(NotConvergedError, match="use a finer mesh"):
        average_over_cells(grid, values, one_cell(2.0 * CORNER_TETRAHEDRON), tolerance=1e-12)


def test_a_mesh_outside_the_image_is_refused() -> None:
    grid = grid_of((3, 3, 3))
    with pytest.raises(GridMismatchError, match="voxels outside the image"):
        average_over_cells(grid, noise(grid.shape), one_cell(9.0 * CORNER_TETRAHEDRON))
