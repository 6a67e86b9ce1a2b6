"""Air, fat and muscle in the histogram of a scan."""

from typing import Any

import numpy as np
import pytest

from calibration.air_fat_muscle import air_fat_muscle, soft_tissue_peaks
from femur_fea.domain import Acquisition, CTVolume, ImageGrid
from femur_fea.errors import CalibrationError


def test_peaks_are_the_ct_numbers_of_air_fat_and_muscle(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    for sample in soft_tissue_peaks(limb.scan(numbers, np.random.default_rng(4)), limb.bone):
        # 1.5 HU of the blurred rim of 6 mm of fat, 4 standard errors of the mode of its 1900 voxels
        assert sample.hu == pytest.approx(numbers[sample.tissue], abs=5.0)
        assert sample.hu_se < 8.0


def test_an_image_cropped_inside_the_body_has_no_air_and_is_refused(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(7))
    inside = slice(14, 38)
    cropped = CTVolume(
        grid=ImageGrid(shape=(24, 24, limb.grid.shape[2]), affine=limb.grid.affine),
        hu=ct.hu[inside, inside],
    )
    with pytest.raises(CalibrationError, match="air was looked for"):
        air_fat_muscle(cropped)


@pytest.mark.parametrize(("tissue", "other"), [("fat", 43.0), ("muscle", -90.0)])
def test_a_missing_tissue_is_refused_by_name(limb: Any, tissue: str, other: float) -> None:
    numbers = limb.shown(70.0).numbers
    numbers = {**numbers, tissue: other, "skin": other, "marrow": other}
    with pytest.raises(CalibrationError, match=f"{tissue} was looked for"):
        air_fat_muscle(limb.scan(numbers, np.random.default_rng(8)))


@pytest.mark.parametrize("padding", [-1024, -2048, -3024])
def test_what_the_scanner_has_not_measured_is_not_air(limb: Any, padding: int) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(9))
    i, j, _ = np.indices(limb.grid.shape)
    outside = np.hypot(i - 25.5, j - 25.5) > 28.0
    padded = CTVolume(
        grid=limb.grid,
        hu=np.where(outside, padding, ct.hu),
        acquisition=Acquisition(tube_voltage_kV=120.0),
    )
    air = soft_tissue_peaks(padded)[0]
    assert air.hu == pytest.approx(numbers["air"], abs=3.0)  # as above


def test_air_whose_noise_is_cut_off_is_less_certain(limb: Any) -> None:
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(10))
    cut = CTVolume(grid=limb.grid, hu=np.maximum(ct.hu, -1000), acquisition=ct.acquisition)
    assert "noise of air cut off" in limb.flags(air_fat_muscle(cut, limb.bone))
    assert "noise of air cut off" not in limb.flags(air_fat_muscle(ct, limb.bone))
    air = soft_tissue_peaks(cut)[0]
    assert air.hu_se >= 10.0
    assert abs(air.hu - numbers["air"]) < air.hu_se


def test_a_table_under_the_body_is_not_the_body(limb: Any) -> None:
    # 4.5 mm of foam and plastic of -60 HU below, separated by air, has no part in the peaks
    numbers = limb.shown(70.0).numbers
    ct = limb.scan(numbers, np.random.default_rng(11))
    with_table = ct.hu.copy()
    with_table[:, -3:] = -60
    table = CTVolume(grid=limb.grid, hu=with_table, acquisition=ct.acquisition)
    fat = soft_tissue_peaks(table)[1]
    assert fat.n_voxels == pytest.approx(soft_tissue_peaks(ct)[1].n_voxels, rel=0.01)
