"""Which pairs of CT and mask are let in."""

import itertools
import re

import numpy as np
import pytest

from femur_fea.domain import Acquisition, CTVolume, ImageGrid, LabelMask
from femur_fea.errors import (
    EmptyMaskError,
    FemurFEAWarning,
    GridMismatchError,
    MaskBorderError,
    MetalError,
    SegmentationError,
    SeveralBonesError,
)
from femur_risk.segmentation import check_femur

SPACING = 2.0


SHAPE = (40, 40, 50)


AFFINE = np.diag([SPACING, SPACING, SPACING, 1.0])


GRID = ImageGrid(shape=SHAPE, affine=AFFINE)


MUSCLE, FAT_MARROW, CORTEX = 50, -60, 1200


def indices() -> list[np.ndarray]:
    return list(np.indices(SHAPE))


def bone() -> np.ndarray:
    """Return a ball of 22 mm radius on a shaft of 14 mm radius that ends at the lower border."""
    i, j, k = indices()
    ball = (i - 20) ** 2 + (j - 20) ** 2 + (k - 35) ** 2 < 11**2
    shaft = ((i - 20) ** 2 + (j - 20) ** 2 < 7**2) & (k < 35)
    return ball | shaft


def hu() -> np.ndarray:
    """Return muscle in air, and a bone with a cortex of 4 mm round fatty marrow."""
    i, j, _ = indices()
    values = np.full(SHAPE, -1000, dtype=np.int16)
    values[(i - 20) ** 2 + (j - 20) ** 2 < 18**2] = MUSCLE
    values[bone()] = CORTEX
    inner = bone()
    for axis in range(3):
        for step in (-2, 2):
            inner &= np.roll(bone(), step, axis=axis)
    inner[:, :, :2] = bone()[:, :, 2:4] & inner[:, :, 2:4]
    values[inner] = FAT_MARROW
    return values


def ct(values: np.ndarray, grid: ImageGrid = GRID, **facts: object) -> CTVolume:
    return CTVolume(grid=grid, hu=values, acquisition=Acquisition(**facts))  # type: ignore[arg-type] # test data


def mask(inside: np.ndarray, grid: ImageGrid = GRID) -> LabelMask:
    return LabelMask(grid=grid, inside=inside)


def test_a_whole_femur_passes_with_its_facts() -> None:
    report = check_femur(ct(hu()), mask(bone()))
    assert report.volume_mm3 == pytest.approx(bone().sum() * SPACING**3)
    np.testing.assert_array_equal(report.femur.inside, bone())
    assert (report.n_components, report.removed_specks) == (1, 0)
    assert report.touches_distal_border is True
    assert report.highest_hu == CORTEX


def test_a_femur_that_leaves_the_field_of_view_is_refused() -> None:
    i, j, _ = indices()
    seen = CTVolume(grid=GRID, hu=hu(), outside=(i - 20) ** 2 + (j - 20) ** 2 > 18**2)
    check_femur(seen, mask(bone()))
    narrow = CTVolume(grid=GRID, hu=hu(), outside=i > 30 - 1)
    cut = int((bone() & (i > 30 - 1)).sum())
    with pytest.raises(MaskBorderError, match=f"{cut} voxels where the scanner measured nothing"):
        check_femur(narrow, mask(bone()))


def test_a_femur_that_ends_above_the_border_does_not_touch_it() -> None:
    inside = bone()
    inside[:, :, :3] = False
    assert check_femur(ct(hu()), mask(inside)).touches_distal_border is False


def test_masks_of_another_grid_are_refused() -> None:
    moved = np.array(AFFINE)
    moved[0, 3] = 5.0
    with pytest.raises(GridMismatchError):
        check_femur(ct(hu()), mask(bone(), ImageGrid(shape=SHAPE, affine=moved)))


def test_an_empty_mask_is_refused() -> None:
    with pytest.raises(EmptyMaskError, match="without a voxel"):
        check_femur(ct(hu()), mask(np.zeros(SHAPE, dtype=bool)))


def test_a_mask_too_small_for_a_femur_is_refused_with_its_volume() -> None:
    _, _, k = indices()
    with pytest.raises(EmptyMaskError, match=r"cm3; expected .* 20 to 1000 cm3"):
        check_femur(ct(hu()), mask(bone() & (k < 5)))


def test_a_mask_too_large_for_a_femur_is_refused() -> None:
    coarse = ImageGrid(shape=SHAPE, affine=np.diag([8.0, 8.0, 8.0, 1.0]))
    with pytest.raises(SegmentationError, match="1000 cm3"):
        check_femur(ct(hu(), coarse), mask(bone(), coarse))


def test_two_bones_in_a_mask_are_refused_with_their_volumes() -> None:
    inside = bone()
    inside[2:8, 2:8, 10:20] = True
    with pytest.raises(SeveralBonesError, match=r"2 separate bodies .* 2\.9 cm3"):
        check_femur(ct(hu()), mask(inside))


def test_specks_beside_the_bone_are_removed_and_told() -> None:
    inside = bone()
    inside[3, 3, 3] = inside[3, 3, 4] = inside[36, 3, 40] = True
    with pytest.warns(FemurFEAWarning, match=r"2 speck\(s\) of 24 mm3"):
        report = check_femur(ct(hu()), mask(inside))
    np.testing.assert_array_equal(report.femur.inside, bone())
    assert (report.n_components, report.removed_specks) == (3, 2)
    assert report.removed_volume_mm3 == pytest.approx(3 * SPACING**3)


def test_voxels_that_touch_in_a_corner_only_are_not_one_bone() -> None:
    inside = bone()
    i, j, k = np.argwhere(inside)[np.argmax(np.argwhere(inside).sum(axis=1))]
    inside[i + 1, j + 1, k + 1] = True
    with pytest.warns(FemurFEAWarning, match=r"1 speck\(s\)"):
        check_femur(ct(hu()), mask(inside))


ORIENTATIONS = [
    (order, flips)
    for order in itertools.permutations(range(3))
    for flips in itertools.product((False, True), repeat=3)
]


def reorient(
    array: np.ndarray, order: tuple[int, ...], flips: tuple[bool, ...]
) -> tuple[np.ndarray, ImageGrid]:
    """Return an array with its axes permuted and flipped, and its grid in the same place."""
    turned = array.transpose(order)
    affine = np.eye(4)
    affine[:3, :3] = AFFINE[:3, :3][:, order]
    for axis, flip in enumerate(flips):
        if flip:
            turned = np.flip(turned, axis)
            affine[:3, 3] += affine[:3, axis] * (turned.shape[axis] - 1)
            affine[:3, axis] *= -1.0
    ni, nj, nk = turned.shape
    return turned, ImageGrid(shape=(ni, nj, nk), affine=affine)


@pytest.mark.parametrize(("order", "flips"), ORIENTATIONS)
def test_the_distal_border_is_found_however_the_axes_run(
    order: tuple[int, ...], flips: tuple[bool, ...]
) -> None:
    values, grid = reorient(hu(), order, flips)
    inside, _ = reorient(bone(), order, flips)
    assert check_femur(ct(values, grid), mask(inside, grid)).touches_distal_border
    upside_down = bone()[:, :, ::-1]
    inside, _ = reorient(upside_down, order, flips)
    with pytest.raises(MaskBorderError, match=r"superior \(\d+ voxels\)"):
        check_femur(ct(values, grid), mask(inside, grid))


@pytest.mark.parametrize(
    ("shift", "axis", "name"),
    [(-10, 0, "right"), (10, 0, "left"), (-10, 1, "anterior"), (10, 1, "posterior")],
)
def test_a_bone_cut_at_the_side_is_refused_with_the_name_of_the_border(
    shift: int, axis: int, name: str
) -> None:
    inside = np.roll(bone(), shift, axis=axis)
    # what is rolled round the border does not belong to the bone
    wrapped = [slice(None)] * 3
    wrapped[axis] = slice(0, 3) if shift > 0 else slice(-3, None)
    inside[tuple(wrapped)] = False
    with pytest.raises(MaskBorderError, match=rf"scan: {name} \(\d+ voxels\);"):
        check_femur(ct(hu()), mask(inside))


def test_metal_inside_the_bone_is_refused_with_its_volume_and_highest_number() -> None:
    values = hu()
    values[18:22, 18:22, 20:30] = 3050
    values[20, 20, 25] = 3071
    with pytest.raises(MetalError, match=r"1\.28 cm3 above 2300 HU .* up to 3071 HU"):
        check_femur(ct(values), mask(bone()))


def test_metal_that_the_mask_leaves_out_is_found() -> None:
    values, inside = hu(), bone()
    nail = (slice(18, 22), slice(18, 22), slice(0, 40))
    values[nail] = 3000
    inside[nail] = False
    with pytest.raises(MetalError):
        check_femur(ct(values), mask(inside))


def test_a_thick_implant_enclosed_in_the_mask_is_found_beyond_the_reach() -> None:
    values, inside = hu(), bone()
    i, j, k = indices()
    cavity = (i - 20) ** 2 + (j - 20) ** 2 + (k - 35) ** 2 < 8**2
    inside &= ~cavity
    values[20, 20, 33:37] = 3000
    with pytest.raises(MetalError):
        check_femur(ct(values), mask(inside))


def test_metal_far_from_the_bone_does_not_matter() -> None:
    values = hu()
    values[20:24, 2:4, 10:20] = 3000
    check_femur(ct(values), mask(bone()))


def test_a_single_bright_voxel_is_noise() -> None:
    values = hu()
    values[20, 20, 24:26] = 2400
    assert check_femur(ct(values), mask(bone())).highest_hu == 2400


def test_a_mask_over_air_is_refused() -> None:
    values = np.full(SHAPE, -1000, dtype=np.int16)
    values[0, 0, 0] = 1000
    with pytest.raises(SegmentationError, match="mean of -1000 HU and 100% of it below -250 HU"):
        check_femur(ct(values), mask(bone()))


def test_a_mask_over_muscle_is_refused() -> None:
    noise = np.random.default_rng(0).normal(MUSCLE, 20.0, SHAPE)
    with pytest.raises(SegmentationError, match=re.escape("mean of 50 HU and 0.0% of it above")):
        check_femur(ct(noise), mask(bone()))
