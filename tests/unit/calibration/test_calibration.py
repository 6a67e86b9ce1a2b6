"""From CT numbers to density."""

import json
import math

import numpy as np
import pytest

from calibration import CALIBRATIONS, CalibrationCurve, apply_curve, average_line, fixed_line
from femur_fea.domain import CTVolume, ImageGrid
from femur_fea.errors import CalibrationError


def scan(hu: list[float], dtype: type = np.int16) -> CTVolume:
    """Return a row of voxels."""
    grid = ImageGrid(shape=(len(hu), 1, 1), affine=np.eye(4))
    return CTVolume(grid=grid, hu=np.array(hu, dtype=dtype).reshape(grid.shape))


@pytest.mark.parametrize("dtype", [np.int16, np.int32, np.float32, np.float64])
def test_density_is_the_line_at_the_ct_number_and_goes_back(dtype: type) -> None:
    hu = [-1000, -100, 0, 40, 1500, 3071]
    curve = fixed_line(0.9e-3, -0.02, "K2HPO4")
    density = apply_curve(scan(hu, dtype), curve)
    assert density.kind == "K2HPO4"
    back = (density.rho.astype(float).ravel() - curve.intercept) / curve.slope
    # single precision: 6e-8 of 3 g/cm3 over 9e-4 g/cm3 per HU is 2e-4 HU per rounding
    np.testing.assert_allclose(back, hu, rtol=0, atol=1e-3)


def test_density_below_zero_is_left_for_the_conversion_to_count() -> None:
    density = apply_curve(scan([-1000, -100]), fixed_line(0.8e-3, 0.0, "CaHA"))
    np.testing.assert_allclose(density.rho.ravel(), [-0.8, -0.08], rtol=1e-6)


def test_density_scales_with_the_slope() -> None:
    ct = scan([100, 900])
    one = apply_curve(ct, fixed_line(0.5e-3, 0.0, "CaHA"))
    two = apply_curve(ct, fixed_line(1.0e-3, 0.0, "CaHA"))
    np.testing.assert_allclose(two.rho, 2.0 * one.rho, rtol=1e-6)


@pytest.mark.parametrize("slope", [0.8, 1250.0, -0.8e-3, 0.0, math.nan, math.inf])
def test_a_slope_of_no_scanner_is_refused_with_the_range(slope: float) -> None:
    with pytest.raises(CalibrationError, match=r"between 0\.0003 and 0\.002 g/cm3 per HU"):
        fixed_line(slope, 0.0, "CaHA")


@pytest.mark.parametrize("intercept", [-15.0, 0.3, math.nan])
def test_an_intercept_of_no_scanner_is_refused(intercept: float) -> None:
    with pytest.raises(CalibrationError, match="intercept"):
        fixed_line(0.8e-3, intercept, "CaHA")


@pytest.mark.parametrize("uncertainty", [-0.1, 15.0, math.nan])
def test_an_uncertainty_is_a_fraction(uncertainty: float) -> None:
    with pytest.raises(CalibrationError, match="between 0 and 1"):
        fixed_line(0.8e-3, 0.0, "CaHA", relative_uncertainty=uncertainty)


def test_a_calibration_ends_in_the_mineral_of_a_phantom() -> None:
    with pytest.raises(CalibrationError, match="'ash'"):
        fixed_line(0.8e-3, 0.0, "ash")


def test_the_average_line_of_120_kv_is_the_record_and_says_that_it_is_no_calibration() -> None:
    curve = average_line(120.0)
    record = CALIBRATIONS["average_120kV_CaHA"]
    assert (curve.slope, curve.intercept) == (record.slope, record.intercept)
    assert (curve.label, curve.provenance, curve.kind) == ("uncalibrated", "unverified", "CaHA")
    assert curve.relative_uncertainty >= 0.15


def test_every_average_line_lies_in_its_own_range_and_covers_it() -> None:
    for line in CALIBRATIONS.values():
        low, high = line.slope_range
        assert low <= line.slope <= high
        assert line.intercept_range[0] <= line.intercept <= line.intercept_range[1]
        assert line.relative_uncertainty >= (high - low) / (2.0 * line.slope)


def test_a_line_for_an_unknown_tube_voltage_is_the_mean_over_voltages_and_less_certain() -> None:
    unknown, usual = average_line(None), average_line(120.0)
    assert "mean over 80 to 140 kV" in unknown.source
    assert "mean over" not in usual.source
    # density per HU rises with the energy, of which 120 kV has more than the mean of all voltages
    assert 0.85 * usual.slope < unknown.slope < usual.slope
    assert unknown.relative_uncertainty > 1.4 * usual.relative_uncertainty


def test_the_error_of_an_average_line_holds_that_of_its_intercept() -> None:
    low, high = CALIBRATIONS["average_120kV_CaHA"].intercept_range
    error = average_line(120.0).standard_error(np.array([0.0, 1250.0]))
    # any intercept within the range is equally likely; at 1 g/cm3 it hardly counts
    assert error[0] == pytest.approx((high - low) / 12.0**0.5, rel=1e-9)
    assert error[1] == pytest.approx(math.hypot(0.15, error[0]), rel=1e-9)


@pytest.mark.parametrize("voltage", [80.0, 100.0, 140.0])
def test_another_tube_voltage_has_no_average_line(voltage: float) -> None:
    with pytest.raises(CalibrationError, match=f"{voltage:.0f} kV without calibration"):
        average_line(voltage)


def test_a_curve_is_written_with_its_units_and_source() -> None:
    content = json.loads(json.dumps(average_line(120.0).to_dict()))
    assert content["schema_version"] == 1
    assert content["slope_g_per_cm3_per_HU"] == 0.8e-3
    assert content["intercept_g_per_cm3"] == 0.0
    assert content["density_kind"] == "CaHA"
    assert content["common_error"]["scale_fraction"] == 0.15
    assert "doi:10.1186/s41747-020-00180-3" in content["source"]


def test_a_fitted_curve_keeps_its_covariance_unchangeable() -> None:
    curve = CalibrationCurve(
        slope=0.8e-3,
        intercept=0.0,
        kind="CaHA",
        method="phantom",
        label="phantom",
        relative_uncertainty=0.02,
        provenance="user",
        error_provenance="user",
        source="rods in the scan",
        covariance=np.diag([1e-10, 1e-6]),
    )
    assert curve.to_dict()["covariance"] == [[1e-10, 0.0], [0.0, 1e-6]]
    assert curve.covariance is not None
    with pytest.raises(ValueError, match="read-only"):
        curve.covariance[0, 0] = 1.0


def test_the_average_line_of_another_mineral_is_not_taken_for_it() -> None:
    with pytest.raises(CalibrationError, match="for K2HPO4 density"):
        average_line(120.0, "K2HPO4")
