"""Facts about meshes made of voxels."""

import numpy as np
import pytest

from femur_fea.domain import ImageGrid, LabelImage, LabelMask
from femur_fea.errors import (
    EmptyMaskError,
    FemurFEAWarning,
    GridMismatchError,
    OutOfRangeError,
)
from femur_fea.mapping import elasticity_by_label
from meshing import keep_largest_part, mesh_voxels

AXES = {
    "right-handed": np.diag([0.9, 0.8, 3.0]),
    "left-handed": np.diag([0.9, -0.8, 3.0]),
    "permuted": np.array([[0.0, 0.0, 2.0], [0.7, 0.0, 0.0], [0.0, 0.7, 0.0]]),
    "gantry tilt": np.array([[0.9, 0.0, 0.0], [0.0, 0.9, 1.1], [0.0, 0.0, 2.8]]),
}


def _grid(axes: np.ndarray, shape: tuple[int, int, int]) -> ImageGrid:
    affine = np.eye(4)
    affine[:3, :3] = axes
    affine[:3, 3] = [100.0, -50.0, 20.0]
    return ImageGrid(shape=shape, affine=affine)


def _sponge(axes: np.ndarray) -> LabelMask:
    """Return a random mask full of holes, edges and corners."""
    inside = np.random.default_rng(0).random((6, 7, 5)) < 0.5
    return LabelMask(grid=_grid(axes, inside.shape), inside=inside)


@pytest.mark.parametrize("name", list(AXES))
def test_every_voxel_becomes_a_cell_of_its_volume_round_its_centre(name: str) -> None:
    mask = _sponge(AXES[name])
    mesh = mesh_voxels(mask, side=None)
    voxels = np.argwhere(mask.inside)
    assert mesh.n_cells == len(voxels)
    np.testing.assert_allclose(mesh.cell_volumes, mask.grid.voxel_volume, rtol=1e-11)
    np.testing.assert_allclose(mesh.centroids, mask.grid.to_world(voxels), atol=1e-11)


@pytest.mark.parametrize("name", list(AXES))
def test_neighbours_share_points_and_faces(name: str) -> None:
    mask = _sponge(AXES[name])
    mesh = mesh_voxels(mask, side=None)
    corners = {tuple(x) for x in mesh.points.round(6)}
    assert len(corners) == mesh.n_points
    padded = np.pad(mask.inside, 1).astype(int)
    faces = sum(int(np.abs(np.diff(padded, axis=axis)).sum()) for axis in range(3))
    assert len(mesh.facets) == faces


def test_every_point_is_a_corner_of_a_cell() -> None:
    mesh = mesh_voxels(_sponge(AXES["right-handed"]), side="left")
    np.testing.assert_array_equal(np.unique(mesh.cells), np.arange(mesh.n_points))


def test_a_hollow_box_has_two_closed_surfaces() -> None:
    inside = np.ones((5, 5, 5), dtype=bool)
    inside[2, 2, 2] = False
    mesh = mesh_voxels(LabelMask(grid=_grid(np.eye(3), (5, 5, 5)), inside=inside), side=None)
    assert len(mesh.facets) == 6 * 25 + 6
    assert mesh.surface.is_closed
    assert mesh.surface.volume == pytest.approx(124.0, rel=1e-12)


def test_an_empty_mask_is_refused() -> None:
    empty = LabelMask(grid=_grid(np.eye(3), (2, 2, 2)), inside=np.zeros((2, 2, 2), dtype=bool))
    with pytest.raises(EmptyMaskError, match="without a voxel"):
        mesh_voxels(empty, side=None)


def test_parts_that_touch_in_an_edge_are_left_out_with_their_number_and_volume() -> None:
    inside = np.zeros((4, 4, 4), dtype=bool)
    inside[:3, :3, :] = True
    inside[3, 3, :2] = True  # beside the edge of the block
    mask = LabelMask(grid=_grid(np.diag([1.0, 1.0, 2.0]), (4, 4, 4)), inside=inside)
    with pytest.warns(FemurFEAWarning, match=r"^2 voxels \(4 mm3, 5.3 %\) in 1 parts"):
        kept = keep_largest_part(mask)
    np.testing.assert_array_equal(kept.inside[:3, :3], True)
    assert kept.inside.sum() == 36


def test_one_part_is_kept_as_it_is_without_a_warning() -> None:
    inside = np.ones((2, 2, 2), dtype=bool)
    mask = LabelMask(grid=_grid(np.eye(3), (2, 2, 2)), inside=inside)
    assert keep_largest_part(mask) is mask


@pytest.mark.parametrize("name", list(AXES))
def test_each_voxel_has_the_modulus_of_its_label(name: str) -> None:
    labels = np.random.default_rng(1).integers(0, 4, (5, 6, 4))
    image = LabelImage(grid=_grid(AXES[name], labels.shape), labels=labels)
    mesh = mesh_voxels(image.mask_of([1, 3]), side=None)
    elastic = elasticity_by_label(image, mesh, {1: 15000.0, 3: 300.0}, nu=0.3)
    i, j, k = np.argwhere(np.isin(labels, [1, 3])).T
    expected = np.where(labels[i, j, k] == 1, 15000.0, 300.0)
    np.testing.assert_array_equal(elastic.E_modulus, np.repeat(expected[:, None], 8, axis=1))


def test_a_label_without_a_modulus_is_named() -> None:
    image = LabelImage(grid=_grid(np.eye(3), (2, 1, 1)), labels=np.array([[[1]], [[7]]]))
    mesh = mesh_voxels(image.mask_of([1, 7]), side=None)
    with pytest.raises(OutOfRangeError, match="label 7 without a modulus; 8 integration points"):
        elasticity_by_label(image, mesh, {1: 1000.0}, nu=0.3)


def test_labels_of_another_image_are_refused() -> None:
    image = LabelImage(grid=_grid(np.eye(3), (2, 2, 2)), labels=np.ones((2, 2, 2), dtype=int))
    wide = LabelMask(grid=_grid(np.eye(3), (4, 2, 2)), inside=np.ones((4, 2, 2), dtype=bool))
    with pytest.raises(GridMismatchError, match="64 integration points outside"):
        elasticity_by_label(image, mesh_voxels(wide, side=None), {1: 1000.0}, nu=0.3)
