"""The error of a tissue's CT number: noise averages out, differences from place to place do not."""

import numpy as np
import pytest

from calibration.peaks import TissueSample, find_peak, middle
from calibration.sample_quality import flags_of_samples
from femur_fea.domain import CTVolume, FloatArray, ImageGrid
from femur_fea.errors import CalibrationError

SHAPE = (20, 20, 64)
GRID = ImageGrid(shape=SHAPE, affine=np.diag([3.0, 3.0, 3.0, 1.0]))
ALL = np.ones(SHAPE, dtype=bool)
NOISE, MUSCLE = 15.0, 50.0  # HU


def measured(method: str, along: FloatArray, seed: int) -> TissueSample:
    """Return the number of muscle that changes along the scan by `along`, (64,), HU."""
    noise = NOISE * np.random.default_rng(seed).standard_normal(SHAPE)
    ct = CTVolume(grid=GRID, hu=np.rint(MUSCLE + along + noise))
    return find_peak("muscle", ct, ALL) if method == "peak" else middle("muscle", ct, ALL)


@pytest.mark.parametrize("method", ["peak", "median"])
def test_the_number_of_an_even_tissue_is_its_own_on_average(method: str) -> None:
    found = [measured(method, np.zeros(SHAPE[2]), seed).hu for seed in range(60)]
    # three standard errors of the mean; half a HU, a bin's half width, is more
    assert abs(np.mean(found) - MUSCLE) <= 3.0 * np.std(found) / 60.0**0.5 < 0.3


@pytest.mark.parametrize("method", ["peak", "median"])
def test_the_error_of_an_even_tissue_is_that_of_its_number_over_many_scans(method: str) -> None:
    samples = [measured(method, np.zeros(SHAPE[2]), seed) for seed in range(60)]
    true = np.sqrt(np.mean([(sample.hu - MUSCLE) ** 2 for sample in samples]))
    stated = np.sqrt(np.mean([sample.hu_se**2 for sample in samples]))
    # the stated one holds 0.29 HU of rounding, and what eight slabs take for places by chance:
    # the positive part of a variance that is known to sqrt(2 / 7) of itself
    assert true < stated < 3.0 * np.hypot(true, 12.0**-0.5)


@pytest.mark.parametrize("method", ["peak", "median"])
def test_a_difference_from_place_to_place_counts_whole(method: str) -> None:
    along = np.where(np.arange(SHAPE[2]) < SHAPE[2] // 2, -5.0, 5.0)
    # of eight numbers, four 5 HU lower and four 5 HU higher: sqrt(8 / 7) of 5 HU
    assert measured(method, along, 0).hu_se == pytest.approx(5.0 * (8.0 / 7.0) ** 0.5, rel=0.15)


def test_a_tissue_that_the_window_cuts_at_its_top_has_no_peak() -> None:
    # fat is looked for below -20 HU; this one's density still rises there
    noise = NOISE * np.random.default_rng(0).standard_normal(SHAPE)
    ct = CTVolume(grid=GRID, hu=np.rint(-15.0 + noise))
    with pytest.raises(CalibrationError, match="without a peak between -180 and -20 HU"):
        find_peak("fat", ct, ALL)


@pytest.mark.parametrize(
    ("method", "origin", "error"), [("peak", "bandwidth", 6.0), ("median", "voxels", NOISE)]
)
def test_an_error_that_too_few_parts_of_a_scan_tell_is_assumed_and_flagged(
    method: str, origin: str, error: float
) -> None:
    noise = NOISE * np.random.default_rng(0).standard_normal(SHAPE)
    ct = CTVolume(grid=GRID, hu=np.rint(MUSCLE + noise))
    few = np.zeros(SHAPE, dtype=bool)
    few[:8, :8, :6] = True  # 384 voxels: no eighth of them has 50
    sample = find_peak("muscle", ct, few) if method == "peak" else middle("muscle", ct, few)
    assert sample.to_dict()["ct_number_standard_error_from"] == origin
    # the standard error of a deviation from 384 voxels is 3.6 % of it; here two of them
    assert sample.hu_se == pytest.approx(error, rel=0.08)
    (flag,) = flags_of_samples([sample])
    assert flag.name == "error of muscle assumed"
    assert flags_of_samples([measured(method, np.zeros(SHAPE[2]), 0)]) == ()
