"""The crop to the bone."""

import numpy as np
import pytest

from femur_fea.domain import Acquisition, CTVolume, ImageGrid, LabelMask
from femur_fea.errors import EmptyMaskError, GridMismatchError, OutOfRangeError
from femur_risk.segmentation import crop, uncrop

SHAPE = (20, 24, 30)


def oblique_grid() -> ImageGrid:
    """Return a grid of unequal spacing on turned axes."""
    turn, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(3, 3)))
    affine = np.eye(4)
    affine[:3, :3] = turn * np.array([1.0, 1.5, 3.0])
    affine[:3, 3] = -50.0, 20.0, 700.0
    return ImageGrid(shape=SHAPE, affine=affine)


def scan() -> CTVolume:
    """Return a scan in which every voxel's value is unique."""
    return CTVolume(
        grid=oblique_grid(),
        hu=np.arange(np.prod(SHAPE), dtype=np.int32).reshape(SHAPE),
        acquisition=Acquisition(tube_voltage_kV=120.0),
    )


def mask(*sides: slice) -> LabelMask:
    inside = np.zeros(SHAPE, dtype=bool)
    inside[sides] = True
    return LabelMask(grid=oblique_grid(), inside=inside)


def test_every_sample_keeps_its_place_and_its_value() -> None:
    whole = scan()
    small = crop(whole, mask(slice(8, 11), slice(9, 14), slice(10, 12)), margin=3.0)
    assert small.ct.hu.shape == (9, 9, 4)
    index = np.argwhere(np.ones(small.ct.hu.shape))
    before = whole.grid.to_index(small.ct.grid.to_world(index.astype(float)))
    # round-off of coordinates of some 100 mm
    np.testing.assert_allclose(before, np.round(before), atol=1e-10)
    i, j, k = np.round(before).astype(int).T
    np.testing.assert_array_equal(whole.hu[i, j, k], small.ct.hu.ravel())
    assert small.ct.acquisition == whole.acquisition


def test_what_was_not_measured_stays_marked() -> None:
    whole = scan()
    outside = whole.hu % 7 == 0
    marked = CTVolume(grid=whole.grid, hu=whole.hu, outside=outside)
    small = crop(marked, mask(slice(8, 11), slice(9, 14), slice(10, 12)), margin=3.0)
    np.testing.assert_array_equal(small.ct.outside, small.ct.hu % 7 == 0)


def test_no_voxel_of_any_mask_is_lost() -> None:
    femur = mask(slice(8, 11), slice(9, 14), slice(10, 12))
    lesion = mask(slice(3, 9), slice(9, 11), slice(11, 20))
    small = crop(scan(), femur, lesion, margin=0.0)
    assert [m.volume for m in small.masks] == pytest.approx([femur.volume, lesion.volume])
    for m in small.masks:
        assert m.grid.matches(small.ct.grid)


@pytest.mark.parametrize("margin", [0.0, 5.0, 100.0])
def test_a_mask_put_back_on_the_whole_scan_is_the_one_that_was_cropped(margin: float) -> None:
    femur = mask(slice(8, 11), slice(9, 14), slice(10, 12))
    (small,) = crop(scan(), femur, margin=margin).masks
    back = uncrop(small, oblique_grid())
    assert back.grid.matches(femur.grid)
    np.testing.assert_array_equal(back.inside, femur.inside)


@pytest.mark.parametrize("shift", [0.4, 25.0])
def test_a_mask_that_is_no_part_of_the_scan_is_not_put_back(shift: float) -> None:
    (small,) = crop(scan(), mask(slice(8, 11), slice(9, 14), slice(10, 12)), margin=0.0).masks
    affine = np.array(small.grid.affine)
    affine[:3, 3] += shift * affine[:3, 2]
    moved = LabelMask(
        grid=ImageGrid(shape=small.grid.shape, affine=affine), inside=small.inside.copy()
    )
    with pytest.raises((GridMismatchError, OutOfRangeError)):
        uncrop(moved, oblique_grid())


def test_the_box_ends_at_the_border_of_the_image() -> None:
    small = crop(scan(), mask(slice(1, 3), slice(22, 24), slice(0, 30)), margin=100.0)
    assert small.ct.hu.shape == SHAPE


def test_the_crop_does_not_keep_the_whole_scan_in_memory() -> None:
    whole = scan()
    small = crop(whole, mask(slice(8, 11), slice(9, 14), slice(10, 12)), margin=0.0)
    assert not np.shares_memory(whole.hu, small.ct.hu)


def test_a_crop_needs_a_mask_with_a_voxel() -> None:
    with pytest.raises(EmptyMaskError):
        crop(scan(), mask(slice(0, 0), slice(0, 0), slice(0, 0)), margin=1.0)


def test_a_negative_margin_would_cut_the_bone_and_is_refused() -> None:
    with pytest.raises(OutOfRangeError):
        crop(scan(), mask(slice(8, 11), slice(9, 14), slice(10, 12)), margin=-1.0)


def test_a_mask_of_another_grid_is_refused() -> None:
    other = LabelMask(
        grid=ImageGrid(shape=SHAPE, affine=np.eye(4)), inside=np.ones(SHAPE, dtype=bool)
    )
    with pytest.raises(GridMismatchError):
        crop(scan(), other, margin=1.0)
