"""Facts about masks on voxels of another size, and the meshes made of them."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, FloatArray, ImageGrid, LabelMask
from femur_fea.errors import EmptyMaskError, FemurFEAWarning, OutOfRangeError
from meshing import mesh_mask, resample_mask

Draw = Callable[..., LabelMask]
CENTRE = np.array([30.2, 29.7, 30.1])
TURN = np.array([[0.8, -0.6, 0.0], [0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])


def egg(x: FloatArray) -> FloatArray:
    return np.linalg.norm((x - CENTRE) / [1.0, 1.2, 1.4], axis=1) < 15.0


def _mask(inside: np.ndarray, axes: FloatArray) -> LabelMask:
    affine = np.eye(4)
    affine[:3, :3] = axes
    affine[:3, 3] = [10.0, -20.0, 30.0]
    ni, nj, nk = inside.shape
    return LabelMask(grid=ImageGrid(shape=(ni, nj, nk), affine=affine), inside=inside)


def _sorted_points(mesh: BoneMesh) -> FloatArray:
    points = mesh.points.round(6) + 0.0
    return points[np.lexsort(points.T)]


def test_voxels_of_the_same_size_are_kept_where_they_are() -> None:
    inside = np.random.default_rng(0).random((6, 5, 7)) < 0.6
    mask = _mask(inside, TURN * 2.0)
    again = resample_mask(mask, edge_length=2.0)
    old = mask.grid.to_world(np.argwhere(mask.inside))
    new = again.grid.to_world(np.argwhere(again.inside))
    np.testing.assert_allclose(new, old, atol=1e-9)


@pytest.mark.parametrize(("filled", "belongs"), [(1, False), (3, True)])
def test_a_voxel_belongs_to_the_bone_if_most_of_it_did(filled: int, belongs: bool) -> None:
    inside = np.ones((8, 4, 4), dtype=bool)
    inside[4 + filled :] = False
    again = resample_mask(_mask(inside, np.eye(3)), edge_length=4.0)
    assert again.inside[0].all()
    assert again.inside[1:].any() == belongs


def test_a_slice_shared_by_two_voxels_counts_in_both_by_its_share() -> None:
    # slices of 2.4 mm, the middle one empty, into voxels of 2 mm: filled to 1, 0.2, 0.6, 0.6
    inside = np.array([True, False, True]).reshape(1, 1, 3)
    again = resample_mask(_mask(inside, np.diag([2.0, 2.0, 2.4])), edge_length=2.0)
    np.testing.assert_array_equal(again.inside.ravel(), [True, False, True, True])


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (0.8, 0.8, 3.0)])
@pytest.mark.parametrize("edge_length", [1.5, 3.0])
def test_an_egg_keeps_its_volume_and_place(
    draw: Draw, spacing: tuple[float, float, float], edge_length: float
) -> None:
    mask = draw(egg, spacing=spacing)
    again = resample_mask(mask, edge_length=edge_length)
    # surface voxels are filled by chance: of about n^(2/3) of them the fractions even out
    assert again.volume == pytest.approx(mask.volume, rel=0.02)
    centre = again.grid.to_world(np.argwhere(again.inside)).mean(axis=0)
    old = mask.grid.to_world(np.argwhere(mask.inside)).mean(axis=0)
    np.testing.assert_allclose(centre, old, atol=0.1 * edge_length)


def test_a_bone_cut_by_the_scan_keeps_its_flat_end(draw: Draw) -> None:
    rod = draw(lambda x: np.hypot(x[:, 0] - 30.0, x[:, 1] - 30.0) < 14.0)
    mesh = mesh_mask(rod, edge_length=4.0, kind="hex8", side="right")
    assert mesh.points[:, 2].min() == pytest.approx(-0.5, abs=1e-9)


def test_an_edge_length_that_no_bone_can_use_is_refused(draw: Draw) -> None:
    with pytest.raises(OutOfRangeError, match=r"edge length of 0\.1 mm"):
        resample_mask(draw(egg), edge_length=0.1)


def test_a_bone_thinner_than_half_a_voxel_is_refused(draw: Draw) -> None:
    sheet = draw(lambda x: np.abs(x[:, 0] - 30.0) < 1.1)
    with pytest.raises(EmptyMaskError, match="no voxel of 8 mm"):
        resample_mask(sheet, edge_length=8.0)


def test_a_mirrored_bone_has_the_mirrored_mesh(draw: Draw) -> None:
    right = mesh_mask(draw(egg), edge_length=3.0, kind="hex8", side="right")
    flipped = draw(lambda x: egg(x * [-1.0, 1.0, 1.0] + [60.0, 0.0, 0.0]), mirrored=True)
    left = mesh_mask(flipped, edge_length=3.0, kind="hex8", side="left")
    np.testing.assert_allclose(left.points * [-1, 1, 1] + [60, 0, 0], right.points, atol=1e-9)
    assert left.cell_volumes == pytest.approx(27.0)


def test_the_order_in_which_voxels_are_stored_does_not_matter(draw: Draw) -> None:
    mask = draw(egg, spacing=(0.9, 0.9, 1.5))
    affine = mask.grid.affine.copy()
    affine[:, 3] += (mask.grid.shape[2] - 1) * affine[:, 2]
    affine[:, 2] *= -1.0
    turned = LabelMask(
        grid=ImageGrid(shape=mask.grid.shape, affine=affine), inside=mask.inside[:, :, ::-1]
    )
    one, other = (mesh_mask(m, edge_length=3.0, kind="hex8", side="right") for m in (mask, turned))
    np.testing.assert_allclose(_sorted_points(one), _sorted_points(other), atol=1e-5)


def test_cubes_beside_the_bone_are_left_out_with_a_warning(draw: Draw) -> None:
    two = draw(
        lambda x: (
            (np.linalg.norm(x - [20.0, 30.0, 30.0], axis=1) < 12.0)
            | (np.linalg.norm(x - [45.0, 30.0, 30.0], axis=1) < 6.0)
        )
    )
    with pytest.warns(FemurFEAWarning, match="in 1 parts without a common face"):
        mesh = mesh_mask(two, edge_length=2.0, kind="hex8", side="right")
    assert mesh.points[:, 0].max() < 36.0


def test_a_hollow_bone_is_meshed_with_its_cavity(draw: Draw) -> None:
    def shell(x: FloatArray) -> FloatArray:
        radius = np.linalg.norm(x - CENTRE, axis=1)
        return (radius < 20.0) & (radius > 12.0)

    mesh = mesh_mask(draw(shell), edge_length=2.0, kind="hex8", side="right")
    exact = 4.0 / 3.0 * np.pi * (20.0**3 - 12.0**3)
    assert mesh.cell_volumes.sum() == pytest.approx(exact, rel=0.02)
