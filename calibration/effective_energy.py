"""The effective energy of a scan and the line that follows, from tissues of known composition."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.attenuation import contrast, equivalent_density
from calibration.common_error import CommonError
from calibration.cortex import error_at_cortex
from calibration.curve import CalibrationCurve
from calibration.energies import ENERGY_GRID, prior_energy
from calibration.fit import fit_line
from calibration.mixture import mean_line
from calibration.peaks import TissueSample
from calibration.references import Reference
from calibration.tissues import TISSUES
from femur_fea.domain import DensityKind, FloatArray
from femur_fea.errors import CalibrationError

__all__ = ["AttenuationCalibration", "calibrate_by_attenuation"]

_SOURCE = (
    "effective energy by agreement of CT number and attenuation, after Michalski et al. 2020,"
    " doi:10.1016/j.medengphy.2020.01.009; attenuation: NISTIR 5632,"
    " nist.gov/pml/x-ray-mass-attenuation-coefficients"
)

# Of bone against fat and muscle.
_HARDENING = CommonError(
    scale=0.0,
    offset=0.008,
    provenance="unverified",
    source="a choice: up to 1.5 cm of bone on the way to bone raise its density at 0 HU by 0.007"
    " +- 0.004 g/cm3 in computed spectra (docs/theory.md)",
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
        people, the uncertainty of the energy, and the hardening of the beam by bone.

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

    Line and covariance are the mean over p(E), as of `mean_line`. Where the tissues contradict
    their stated errors even at the best energy, chi2 is divided by the factor by which `fit_line`
    widens its covariance there.
    """
    _check_tissues(samples)
    curves = _curves(samples, kind)
    weights = _probability(curves, tube_voltage_kV)
    slope, intercept, covariance = mean_line(curves, weights)
    energy = float(weights @ ENERGY_GRID)
    energy_se = float(np.sqrt(weights @ (ENERGY_GRID - energy) ** 2))
    curve = CalibrationCurve(
        slope=slope,
        intercept=intercept,
        kind=kind,
        method="multi_tissue",
        label=f"tissues of the scan, effective energy {energy:.1f} +- {energy_se:.1f} keV",
        relative_uncertainty=error_at_cortex(slope, intercept, covariance),
        provenance="unverified",
        error_provenance="unverified",
        source=_SOURCE,
        covariance=covariance,
        fit=curves[int(np.argmax(weights))].fit,
    ).with_common_error(_HARDENING)
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
    per_attenuation = 1.0 / contrast(kind, ENERGY_GRID)
    tissues = [TISSUES[sample.tissue] for sample in samples]
    attenuation = np.array([tissue.material.attenuation(ENERGY_GRID) for tissue in tissues])
    rho = equivalent_density(attenuation, kind, ENERGY_GRID)
    spread = np.array([tissue.spread for tissue in tissues])
    rho_se = spread[:, None] * attenuation * per_attenuation
    return [_curve(samples, kind, rho[:, at], rho_se[:, at]) for at in range(ENERGY_GRID.size)]


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
    from_prior = ((ENERGY_GRID - prior.mean) / prior.deviation) ** 2
    widened = fits[int(np.argmin(chi2 + from_prior))].inflation
    exponent = -0.5 * (chi2 / widened + from_prior)
    weights = np.exp(exponent - exponent.max())
    return np.asarray(weights / weights.sum())
