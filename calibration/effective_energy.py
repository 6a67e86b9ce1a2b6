"""The effective energy of a scan and the line that follows, from tissues of known composition."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.attenuation import contrast, equivalent_density
from calibration.curve import CalibrationCurve
from calibration.energies import prior_energy
from calibration.fit import CORTICAL_DENSITY, fit_line
from calibration.peaks import TissueSample
from calibration.references import Reference
from calibration.tissues import TISSUES
from femur_fea.domain import DensityKind, FloatArray
from femur_fea.errors import CalibrationError

__all__ = ["AttenuationCalibration", "calibrate_by_attenuation"]

# keV; beyond the effective energies of diagnostic CT at either end
_ENERGIES = np.arange(45.0, 100.5, 1.0)

_SOURCE = (
    "effective energy by agreement of CT number and attenuation, after Michalski et al. 2020,"
    " doi:10.1016/j.medengphy.2020.01.009; attenuation: NISTIR 5632,"
    " nist.gov/pml/x-ray-mass-attenuation-coefficients"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttenuationCalibration:
    """A line from the attenuation of tissues.

    Attributes
    ----------
    curve : CalibrationCurve
        The line; its fit shows the tissues with their equivalent densities at the energy of best
        agreement.
    energy, energy_se : float, keV
        Effective energy of the scan and its standard error.
    """

    curve: CalibrationCurve
    energy: float
    energy_se: float


def calibrate_by_attenuation(
    samples: Sequence[TissueSample], kind: DensityKind, tube_voltage_kV: float | None
) -> AttenuationCalibration:
    """Return the line of density over CT number from tissues of known attenuation.

    Parameters
    ----------
    samples
        At least three tissues with their CT numbers; cortical bone tells most of the energy.
    kind : {"CaHA", "K2HPO4"}
        The mineral in whose equivalent density is wanted.
    tube_voltage_kV : float or None, kV
        What is known of the energy beforehand; None where the voltage is not known.

    Returns
    -------
    AttenuationCalibration
        With the covariance from the errors of the CT numbers, the spread of the tissues among
        people, and the uncertainty of the energy.

    Raises
    ------
    CalibrationError
        If there are fewer than three tissues, or the voltage is not in the table.
    UnknownNameError
        If a tissue is not in `TISSUES`.

    Notes
    -----
    At an energy E every tissue i has the linear attenuation mu_i(E), and the CT number is a linear
    function of it. So is equivalent density, rho = (mu - mu_water) / contrast(E), and a line
    rho(HU) is fitted to the tissues at each E. With chi2(E) of that fit and the prior E0 +- s0 of
    the tube voltage, the energy has the probability

        p(E) ~ exp(-chi2(E) / 2 - (E - E0)^2 / (2 s0^2))

    Line and covariance are the mean over p(E) and, by the law of total variance, the mean of the
    covariances plus the covariance of the lines. Where the tissues contradict their stated errors
    even at the best energy, chi2 is divided by the factor by which `fit_line` widens its
    covariance there.
    """
    _check_tissues(samples)
    curves = _curves(samples, kind)
    weights = _probability(curves, tube_voltage_kV)
    lines = np.array([(curve.slope, curve.intercept) for curve in curves])
    mean = weights @ lines
    covariances = np.array([curve.covariance for curve in curves])
    within = np.einsum("e,eij->ij", weights, covariances)
    between = np.einsum("e,ei,ej->ij", weights, lines - mean, lines - mean)
    energy = float(weights @ _ENERGIES)
    energy_se = float(np.sqrt(weights @ (_ENERGIES - energy) ** 2))
    curve = CalibrationCurve(
        slope=float(mean[0]),
        intercept=float(mean[1]),
        kind=kind,
        method="multi_tissue",
        label=f"tissues of the scan, effective energy {energy:.1f} +- {energy_se:.1f} keV",
        relative_uncertainty=_at_cortex(mean, within + between),
        provenance="unverified",
        error_provenance="unverified",
        source=_SOURCE,
        covariance=within + between,
        fit=curves[int(np.argmax(weights))].fit,
    )
    return AttenuationCalibration(curve=curve, energy=energy, energy_se=energy_se)


def _check_tissues(samples: Sequence[TissueSample]) -> None:
    names = [sample.tissue for sample in samples]
    if len(set(names)) == len(names) and len(names) >= 3:
        return
    raise CalibrationError(
        found=f"CT numbers of {', '.join(names) or 'no tissue'}",
        expected="at least three tissues, each once",
        remedy="give more regions, or another calibration",
    )


def _curves(samples: Sequence[TissueSample], kind: DensityKind) -> list[CalibrationCurve]:
    """Return the line through the tissues at every energy."""
    per_attenuation = 1.0 / contrast(kind, _ENERGIES)
    tissues = [TISSUES[sample.tissue] for sample in samples]
    attenuation = np.array([tissue.material.attenuation(_ENERGIES) for tissue in tissues])
    rho = equivalent_density(attenuation, kind, _ENERGIES)
    spread = np.array([tissue.spread for tissue in tissues])
    rho_se = spread[:, None] * attenuation * per_attenuation
    return [_curve(samples, kind, rho[:, at], rho_se[:, at]) for at in range(_ENERGIES.size)]


def _curve(
    samples: Sequence[TissueSample], kind: DensityKind, rho: FloatArray, rho_se: FloatArray
) -> CalibrationCurve:
    references = [
        Reference(name=s.tissue, rho=float(r), rho_se=float(e), hu=s.hu, hu_se=s.hu_se)
        for s, r, e in zip(samples, rho, rho_se, strict=True)
    ]
    return fit_line(
        references,
        kind=kind,
        method="multi_tissue",
        label="tissues of the scan",
        provenance="unverified",
        error_provenance="unverified",
        source=_SOURCE,
    )


def _probability(curves: Sequence[CalibrationCurve], tube_voltage_kV: float | None) -> FloatArray:
    """Return the probability of every energy, shape (n_energies,)."""
    prior = prior_energy(tube_voltage_kV)
    fits = [curve.fit for curve in curves if curve.fit is not None]
    chi2 = np.array([fit.chi2 for fit in fits])
    from_prior = ((_ENERGIES - prior.mean) / prior.deviation) ** 2
    widened = fits[int(np.argmin(chi2 + from_prior))].inflation
    exponent = -0.5 * (chi2 / widened + from_prior)
    weights = np.exp(exponent - exponent.max())
    return np.asarray(weights / weights.sum())


def _at_cortex(line: FloatArray, covariance: FloatArray) -> float:
    """Return the standard error of the density of the cortex as a fraction of it."""
    slope, intercept = line
    at = np.array([(CORTICAL_DENSITY - intercept) / slope, 1.0])
    return float(np.sqrt(at @ covariance @ at)) / CORTICAL_DENSITY
