"""Distances in an image are millimetres, also where its slices lie farther apart than its rows."""

import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_fea.mapping import extend_outward, heal

SLICE = 3.0  # mm between slices; 1 mm between rows and columns


def _grid(n):
    return ImageGrid(shape=(n, n, n), affine=np.diag([1.0, 1.0, SLICE, 1.0]))


def _mask(grid, *voxels):
    inside = np.zeros(grid.shape, dtype=bool)
    inside[tuple(np.transpose(voxels))] = True
    return LabelMask(grid=grid, inside=inside)


def test_a_voxel_outside_the_bone_takes_the_inverse_square_mean_of_its_neighbours():
    grid = _grid(9)
    femur = _mask(grid, (3, 4, 4), (4, 4, 3))
    rho = np.zeros(grid.shape)
    rho[3, 4, 4], rho[4, 4, 3] = 1.0, 2.0
    extended = extend_outward(DensityField(grid=grid, rho=rho, kind="CaHA"), femur).rho
    # between both: one at 1 mm, the other at 3 mm
    assert extended[4, 4, 4] == pytest.approx((1.0 / 1.0 + 2.0 / 9.0) / (1.0 + 1.0 / 9.0))


def test_far_from_the_bone_the_density_is_that_of_the_nearest_filled_voxel_in_millimetres():
    grid = _grid(30)
    femur = _mask(grid, (4, 15, 15), (15, 15, 3))
    rho = np.zeros(grid.shape)
    rho[4, 15, 15], rho[15, 15, 3] = 1.0, 2.0
    extended = extend_outward(DensityField(grid=grid, rho=rho, kind="CaHA"), femur).rho
    # rings end at row 7 and slice 6: from here 8 mm and 8 rows, or 18 mm and 6 slices
    assert extended[15, 15, 12] == pytest.approx(1.0)


def test_the_rim_of_a_lesion_is_two_millimetres_wide_in_every_direction():
    grid = _grid(31)
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    density = DensityField(grid=grid, rho=np.ones(grid.shape), kind="CaHA")
    healed = heal(density, femur, _mask(grid, (15, 15, 15)))
    # a disc of radius 2 mm in one slice: 1 + 4 + 4 + 4 voxels; the next slice is 3 mm away
    assert healed.filled_voxels == 13


def _healed_at_centre(rho, inside):
    grid = _grid(31)
    femur = LabelMask(grid=grid, inside=inside)
    density = DensityField(grid=grid, rho=rho, kind="CaHA")
    return heal(density, femur, _mask(grid, (15, 15, 15))).density.rho[15, 15, 15]


def test_a_lesion_is_filled_from_the_bone_that_is_nearest_in_millimetres():
    rho = np.zeros((31, 31, 31))
    rho[:, :, 15] = 1.0
    found = _healed_at_centre(rho, np.ones(rho.shape, dtype=bool))
    # of the 16 nearest at least 10 lie in the slice: 12 within 3 mm, the next slices' at 3 mm
    assert found > 0.6


def test_of_sixteen_donors_the_nearest_counts_most():
    grid = _grid(31)
    femur = LabelMask(grid=grid, inside=np.ones(grid.shape, dtype=bool))
    rho = np.zeros(grid.shape)
    rho[18, 15, 15] = 1.0  # 1 mm from the edge of the rim, where few others are so near
    density = DensityField(grid=grid, rho=rho, kind="CaHA")
    healed = heal(density, femur, _mask(grid, (15, 15, 15))).density.rho
    assert healed[17, 15, 15] > 1.5 / 16.0


def test_depth_tells_layers_apart_only_near_the_surface():
    rho = np.zeros((31, 31, 31))
    rho[15] = 1.0
    inside = np.zeros(rho.shape, dtype=bool)
    inside[1:30] = True  # a slab: depth changes from plane to plane, 14 mm in its middle
    deep = _healed_at_centre(rho, inside)
    # nearest bone has other depths, too; by depth alone all would come from the plane
    assert deep < 0.6
