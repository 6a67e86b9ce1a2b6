"""The line through materials of known density, with its uncertainty."""

from collections.abc import Sequence

import numpy as np

from calibration.cortex import error_at_cortex
from calibration.curve import CalibrationCurve, CurveProvenance
from calibration.references import CurveFit, Reference
from femur_fea.domain import DensityKind, FloatArray
from femur_fea.errors import CalibrationError

__all__ = ["fit_line"]

# Residuals that stated errors would cause in fewer than this fraction of scans contradict them.
_SIGNIFICANCE = 0.05

_MAX_ITERATIONS = 100
_RELATIVE_CHANGE = 1e-12  # of the slope; far below any measurement, above round-off


def fit_line(
    references: Sequence[Reference],
    *,
    kind: DensityKind,
    method: str,
    label: str,
    provenance: CurveProvenance,
    error_provenance: CurveProvenance,
    source: str,
) -> CalibrationCurve:
    """Return the line of greatest likelihood through references with errors in both numbers.

    Parameters
    ----------
    references
        At least two, of different CT number.
    kind : {"CaHA", "K2HPO4"}
        The mineral in whose equivalent all their densities are.
    method, label, provenance, error_provenance, source
        As in `CalibrationCurve`.

    Returns
    -------
    CalibrationCurve
        With the covariance of slope and intercept, and the fit.

    Raises
    ------
    CalibrationError
        If the references define no line, or the line is that of no scanner.

    Notes
    -----
    Density rho_i and CT number h_i of each reference have independent normal errors of standard
    deviation s_i and t_i. The line minimises chi2 = sum w_i (rho_i - a - b h_i)^2 with
    w_i = 1 / (s_i^2 + b^2 t_i^2), found by the iteration of York et al. (2004), eq. 13; the
    covariance is that of the same paper, from the stated errors.

    The stated errors are believed unless the residuals contradict them: where chi2 is above the
    value that they would exceed in 5 % of scans, the covariance is multiplied by chi2 / (n - 2).
    Always widening where chi2 / (n - 2) exceeds one would make 90 % intervals cover 92 to 93 %
    with errors that are stated correctly; with this rule it is 90.5 %.

    `relative_uncertainty` of the line is its standard error at the CT number where it gives
    1 g/cm3, cortical bone, as a fraction of that.

    References
    ----------
    York, Evensen, Martinez, De Basabe Delgado, Am. J. Phys. 72:367 (2004), doi:10.1119/1.1632486.
    """
    _check_spread(references)
    slope, intercept, covariance = _line(references)
    fit, covariance = _judge(references, slope, intercept, covariance)
    return CalibrationCurve(
        slope=slope,
        intercept=intercept,
        kind=kind,
        method=method,
        label=label,
        relative_uncertainty=error_at_cortex(slope, intercept, covariance),
        provenance=provenance,
        error_provenance=error_provenance,
        source=source,
        covariance=covariance,
        fit=fit,
    )


def _columns(references: Sequence[Reference]) -> tuple[FloatArray, ...]:
    """Return CT numbers and densities, and the variances of both."""
    hu = np.array([reference.hu for reference in references])
    rho = np.array([reference.rho for reference in references])
    hu_variance = np.array([reference.hu_se for reference in references]) ** 2
    rho_variance = np.array([reference.rho_se for reference in references]) ** 2
    return hu, rho, hu_variance, rho_variance


def _check_spread(references: Sequence[Reference]) -> None:
    apart = np.ptp([reference.hu for reference in references]) if len(references) > 1 else 0.0
    if apart > 0.0:
        return
    raise CalibrationError(
        found=f"{len(references)} references that span {apart:g} HU",
        expected="at least two materials of different CT number",
        remedy="add a reference, or use another calibration",
    )


def _line(references: Sequence[Reference]) -> tuple[float, float, FloatArray]:
    """Return slope, intercept and their covariance, shape (2, 2), from the stated errors."""
    hu, rho, hu_variance, rho_variance = _columns(references)
    slope = float(np.polyfit(hu, rho, 1)[0])
    for _ in range(_MAX_ITERATIONS):
        weights = 1.0 / (rho_variance + slope**2 * hu_variance)
        mean_hu, mean_rho = np.average(hu, weights=weights), np.average(rho, weights=weights)
        from_mean, above_mean = hu - mean_hu, rho - mean_rho
        # the CT numbers that the line itself gives the references, from their mean
        adjusted = weights * (from_mean * rho_variance + slope * above_mean * hu_variance)
        before, slope = (
            slope,
            float((weights * adjusted) @ above_mean / ((weights * adjusted) @ from_mean)),
        )
        if abs(slope - before) <= _RELATIVE_CHANGE * abs(slope):
            return (
                slope,
                float(mean_rho - slope * mean_hu),
                _covariance(weights, mean_hu + adjusted),
            )
    raise CalibrationError(
        found=f"a slope that still changed from {before:.6g} to {slope:.6g} g/cm3 per HU after "
        f"{_MAX_ITERATIONS} iterations",
        expected="one line through the references",
        remedy="check their densities and CT numbers: their errors may exceed their differences",
    )


def _covariance(weights: FloatArray, adjusted_hu: FloatArray) -> FloatArray:
    mean = np.average(adjusted_hu, weights=weights)
    slope_variance = 1.0 / (weights @ (adjusted_hu - mean) ** 2)
    intercept_variance = 1.0 / weights.sum() + mean**2 * slope_variance
    both = -mean * slope_variance
    return np.array([[slope_variance, both], [both, intercept_variance]])


def _judge(
    references: Sequence[Reference], slope: float, intercept: float, covariance: FloatArray
) -> tuple[CurveFit, FloatArray]:
    """Return how the line fits, and the covariance that this leaves."""
    from scipy.special import chdtri

    hu, rho, hu_variance, rho_variance = _columns(references)
    residuals = rho - intercept - slope * hu
    chi2 = float(np.sum(residuals**2 / (rho_variance + slope**2 * hu_variance)))
    free = len(references) - 2
    contradicted = free > 0 and chi2 > chdtri(free, _SIGNIFICANCE)
    fit = CurveFit(
        references=tuple(references),
        residuals=residuals,
        r2=1.0 - float(np.sum(residuals**2) / np.sum((rho - rho.mean()) ** 2)) if free else None,
        chi2=chi2,
        inflation=chi2 / free if contradicted else 1.0,
    )
    return fit, covariance * fit.inflation
