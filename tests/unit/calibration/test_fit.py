"""The line through materials of known density, with its uncertainty."""

import numpy as np
import pytest

from calibration import CORTICAL_DENSITY, CalibrationCurve, Reference, fit_line
from femur_fea.errors import CalibrationError

SLOPE, INTERCEPT = 0.78e-3, 0.006
DENSITIES = np.array([0.0, 0.1, 0.2, 0.4, 0.8])


def fitted(references: list[Reference]) -> CalibrationCurve:
    return fit_line(
        references,
        kind="CaHA",
        method="phantom",
        label="phantom",
        provenance="user",
        error_provenance="user",
        source="a test",
    )


def drawn(
    rng: np.random.Generator, rho_se: np.ndarray, hu_se: np.ndarray, *, excess: float = 1.0
) -> list[Reference]:
    """Return references whose errors are as stated, or larger by a factor."""
    hu = (DENSITIES - INTERCEPT) / SLOPE + excess * hu_se * rng.standard_normal(DENSITIES.size)
    rho = DENSITIES + excess * rho_se * rng.standard_normal(DENSITIES.size)
    return [
        Reference(name=f"rod {n}", rho=rho[n], rho_se=rho_se[n], hu=hu[n], hu_se=hu_se[n])
        for n in range(DENSITIES.size)
    ]


def estimates(
    n_scans: int, rho_se: np.ndarray, hu_se: np.ndarray, *, excess: float = 1.0
) -> list[CalibrationCurve]:
    rng = np.random.default_rng(4)
    return [fitted(drawn(rng, rho_se, hu_se, excess=excess)) for _ in range(n_scans)]


def share_covering(curves: list[CalibrationCurve], density: float) -> float:
    hu = (density - INTERCEPT) / SLOPE
    ends = [curve.interval_90(np.array(hu)) for curve in curves]
    return float(np.mean([low <= density <= high for low, high in ends]))


RHO_SE = np.array([0.001, 0.002, 0.002, 0.004, 0.01])
HU_SE = np.array([3.0, 1.0, 2.0, 1.5, 2.5])


def test_references_on_a_line_give_that_line() -> None:
    references = [
        Reference(name="rod", rho=rho, rho_se=0.002, hu=(rho - INTERCEPT) / SLOPE, hu_se=1.0)
        for rho in DENSITIES
    ]
    curve = fitted(references)
    assert curve.slope == pytest.approx(SLOPE, rel=1e-9)
    assert curve.intercept == pytest.approx(INTERCEPT, abs=1e-12)
    assert curve.fit.r2 == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(curve.fit.residuals, 0.0, atol=1e-12)


def test_errors_of_density_alone_give_weighted_least_squares_and_its_covariance() -> None:
    references = drawn(np.random.default_rng(1), RHO_SE, np.zeros(5))
    curve = fitted(references)
    hu = np.array([reference.hu for reference in references])
    rho = np.array([reference.rho for reference in references])
    expected, covariance = np.polyfit(hu, rho, 1, w=1.0 / RHO_SE, cov="unscaled")
    np.testing.assert_allclose([curve.slope, curve.intercept], expected, rtol=1e-9)
    np.testing.assert_allclose(curve.covariance, covariance * curve.fit.inflation, rtol=1e-9)


def test_the_line_minimises_chi_square_in_both_variables() -> None:
    references = drawn(np.random.default_rng(2), RHO_SE, 10.0 * HU_SE)
    curve = fitted(references)

    def chi2(slope: float, intercept: float) -> float:
        return sum(
            (r.rho - intercept - slope * r.hu) ** 2 / (r.rho_se**2 + (slope * r.hu_se) ** 2)
            for r in references
        )

    best = chi2(curve.slope, curve.intercept)
    assert best == pytest.approx(curve.fit.chi2, rel=1e-12)
    slope_step, intercept_step = 0.01 * np.sqrt(np.diag(curve.covariance))
    for sign in (-1.0, 1.0):
        assert chi2(curve.slope + sign * slope_step, curve.intercept) > best
        assert chi2(curve.slope, curve.intercept + sign * intercept_step) > best


@pytest.mark.parametrize("density", [0.0, 0.3, CORTICAL_DENSITY])
def test_the_90_percent_interval_covers_the_true_density_in_90_percent_of_400_scans(
    density: float,
) -> None:
    curves = estimates(400, RHO_SE, HU_SE)
    # three standard deviations of a binomial share of 400 with p = 0.9: sqrt(0.9 * 0.1 / 400)
    assert share_covering(curves, density) == pytest.approx(0.9, abs=3 * 0.015)


def test_slope_and_intercept_scatter_as_their_covariance_tells() -> None:
    curves = estimates(2000, RHO_SE, HU_SE)
    found = np.array([[curve.slope, curve.intercept] for curve in curves])
    believed = [curve.covariance for curve in curves if curve.fit.inflation == 1.0]
    expected = np.mean(believed, axis=0)
    # a variance from 2000 normal values has a standard deviation of sqrt(2 / 2000) = 3.2 %
    np.testing.assert_allclose(np.cov(found.T), expected, rtol=0.1)
    standard_errors = np.sqrt(np.diag(expected) / 2000)
    assert np.all(np.abs(found.mean(axis=0) - [SLOPE, INTERCEPT]) < 4 * standard_errors)


def test_residuals_beyond_the_stated_errors_widen_the_covariance() -> None:
    curves = estimates(400, RHO_SE, HU_SE, excess=4.0)
    widened = np.array([curve.fit.inflation > 1.0 for curve in curves])
    # chi2 of 3 degrees of freedom, 16 times as large, stays below 7.81 in 8 % of scans
    assert np.mean(widened) == pytest.approx(0.92, abs=3 * np.sqrt(0.92 * 0.08 / 400))
    # without widening, 1.645 / 4 standard deviations would cover 32 %
    assert share_covering(curves, 0.3) > 0.65


def test_stated_errors_are_contradicted_in_five_percent_of_scans_that_obey_them() -> None:
    widened = [curve.fit.inflation > 1.0 for curve in estimates(2000, RHO_SE, HU_SE)]
    assert np.mean(widened) == pytest.approx(0.05, abs=3 * np.sqrt(0.05 * 0.95 / 2000))


def test_the_relative_uncertainty_is_that_of_cortical_density() -> None:
    curve = fitted(drawn(np.random.default_rng(3), RHO_SE, HU_SE))
    hu = (CORTICAL_DENSITY - curve.intercept) / curve.slope
    error = curve.standard_error(np.array(hu))
    assert curve.relative_uncertainty == pytest.approx(error / CORTICAL_DENSITY, rel=1e-9)


def test_two_references_give_a_line_whose_fit_says_nothing() -> None:
    curve = fitted(drawn(np.random.default_rng(3), RHO_SE, HU_SE)[:2])
    assert curve.fit.r2 is None
    assert curve.fit.inflation == 1.0
    assert curve.to_dict()["fit"]["degrees_of_freedom"] == 0


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_references_are_refused(count: int) -> None:
    with pytest.raises(CalibrationError, match=f"{count} references"):
        fitted(drawn(np.random.default_rng(3), RHO_SE, HU_SE)[:count])


def test_references_of_one_ct_number_are_refused() -> None:
    rods = [Reference(name="rod", rho=rho, rho_se=0.01, hu=50.0, hu_se=1.0) for rho in (0.1, 0.2)]
    with pytest.raises(CalibrationError, match="span 0 HU"):
        fitted(rods)


@pytest.mark.parametrize("errors", [(0.0, 0.0), (-0.1, 1.0), (0.1, np.nan)])
def test_a_reference_without_a_standard_error_is_refused(errors: tuple[float, float]) -> None:
    with pytest.raises(CalibrationError, match="standard errors"):
        Reference(name="rod", rho=0.1, rho_se=errors[0], hu=50.0, hu_se=errors[1])
