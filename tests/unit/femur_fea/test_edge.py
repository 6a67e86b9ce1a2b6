"""Partial volumes at the surface of a bone."""

import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_fea.errors import OutOfRangeError
from femur_fea.mapping import bone_density, extend_outward


def slab(profile: list[float], mask: slice) -> tuple[DensityField, LabelMask]:
    """Return an image that varies along i alone, bone within `mask`, 8 voxels wide."""
    rho = np.broadcast_to(np.array(profile)[:, None, None], (len(profile), 8, 8))
    grid = ImageGrid(shape=rho.shape, affine=np.diag([0.9, 0.9, 1.5, 1.0]))
    inside = np.zeros(grid.shape, dtype=bool)
    inside[mask] = True
    return DensityField(grid=grid, rho=rho, kind="CaHA"), LabelMask(grid=grid, inside=inside)


def test_a_voxel_that_is_half_muscle_takes_the_density_of_the_bone_below_it() -> None:
    # muscle, a voxel across the surface, thick cortex, trabecular bone, and the same mirrored
    profile = [0.04, 0.04, 0.6, 1.1, 1.1, 0.3, 0.3, 1.1, 1.1, 0.6, 0.04, 0.04]
    density, femur = slab(profile, slice(2, 10))
    corrected = bone_density(density, femur, edge_voxels=1)
    np.testing.assert_allclose(corrected.density.rho[[2, 9]], 1.1)
    np.testing.assert_array_equal(corrected.density.rho[3:9], density.rho[3:9])
    # two of eight layers
    assert corrected.edge_fraction == pytest.approx(0.25)


def test_muscle_inside_a_mask_that_is_too_large_does_not_soften_the_bone() -> None:
    profile = [0.04, 0.04, 1.1, 1.1, 0.3, 0.3, 1.1, 1.1, 0.04, 0.04]
    density, femur = slab(profile, slice(1, 9))
    corrected = bone_density(density, femur, edge_voxels=1)
    np.testing.assert_allclose(corrected.density.rho[[1, 8]], 1.1)


def test_a_cortex_as_thin_as_the_edge_is_kept() -> None:
    profile = [0.04, 0.9, 0.3, 0.3, 0.3, 0.3, 0.9, 0.04]
    density, femur = slab(profile, slice(1, 7))
    corrected = bone_density(density, femur, edge_voxels=1)
    np.testing.assert_array_equal(corrected.density.rho[1:7], density.rho[1:7])
    assert corrected.edge_fraction == 0.0


def test_no_density_in_the_bone_falls() -> None:
    grid = ImageGrid(shape=(14, 14, 14), affine=np.diag([1.0, 1.0, 1.0, 1.0]))
    rng = np.random.default_rng(3)
    density = DensityField(grid=grid, rho=rng.uniform(0.0, 1.2, grid.shape), kind="ash")
    inside = np.zeros(grid.shape, dtype=bool)
    inside[2:11, 3:12, 1:13] = True
    corrected = bone_density(density, LabelMask(grid=grid, inside=inside), edge_voxels=2)
    assert (corrected.density.rho >= density.rho)[inside].all()
    # and none rises above the densest bone
    assert corrected.density.rho.max() <= density.rho[inside].max()


def test_the_end_of_the_scan_is_no_surface() -> None:
    density, femur = slab([0.5, 0.9, 0.9, 0.9, 0.4, 0.04], slice(0, 5))
    corrected = bone_density(density, femur, edge_voxels=1)
    # the first layer lies at the end of the image and is bone as it is
    np.testing.assert_array_equal(corrected.density.rho[0], 0.5)
    np.testing.assert_allclose(corrected.density.rho[4], 0.9)


def test_without_layers_the_mask_is_trusted() -> None:
    density, femur = slab([0.04, 0.6, 1.1, 1.1, 0.6, 0.04], slice(1, 5))
    corrected = bone_density(density, femur, edge_voxels=0)
    np.testing.assert_array_equal(corrected.density.rho, extend_outward(density, femur).rho)
    assert corrected.edge_fraction == 0.0


def test_layers_that_leave_no_bone_are_refused() -> None:
    density, femur = slab([0.04, 0.6, 1.1, 0.6, 0.04], slice(1, 4))
    with pytest.raises(OutOfRangeError, match="use fewer layers"):
        bone_density(density, femur, edge_voxels=2)


def test_a_negative_number_of_layers_is_refused() -> None:
    density, femur = slab([0.04, 0.6, 1.1, 0.6, 0.04], slice(1, 4))
    with pytest.raises(OutOfRangeError, match="-1 layers"):
        bone_density(density, femur, edge_voxels=-1)
