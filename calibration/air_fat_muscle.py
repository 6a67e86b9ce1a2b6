"""Calibration by the peaks of air, fat and muscle in the scan's own histogram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from calibration.attenuation import equivalent_density
from calibration.body import find_body, near, surrounding_air, thinned
from calibration.common_error import CommonError
from calibration.cortex import error_at_cortex
from calibration.curve import CalibrationCurve
from calibration.energies import EFFECTIVE_ENERGIES, ENERGY_GRID, prior_energy
from calibration.fit import fit_line
from calibration.mixture import mean_line
from calibration.peaks import TissueSample, find_peak
from calibration.quality import Calibration, flags_of_fit
from calibration.references import Reference
from calibration.sample_quality import flags_of_samples
from calibration.tissues import TISSUES
from femur_fea.domain import (
    NO_PUBLISHED_EFFECT,
    CTVolume,
    DensityKind,
    FloatArray,
    LabelMask,
    Provenance,
    QualityFlag,
)

__all__ = [
    "AIR_FAT_MUSCLE",
    "TissueDensities",
    "air_fat_muscle",
    "soft_tissue_peaks",
]

_LIMB = 80.0  # mm; a choice: how far from the bone soft tissue still is that of the limb


@dataclass(frozen=True, slots=True, kw_only=True)
class TissueDensities:
    """Equivalent densities that phantom calibrations gave to the peaks of tissues.

    Attributes
    ----------
    densities : mapping from tissue to (2,), g/cm3
        Density and its standard error for another patient at the same effective energy.
    kind : {"CaHA", "K2HPO4"}
        The mineral of that phantom.
    tube_voltage_kV : float
        Where they were measured.
    common_error : CommonError
        What the references share: how far they are from what attenuation tells.
    provenance : {"published", "unverified"}
        Whether the densities were read in their source.
    error_provenance : {"published", "unverified"}
        Whether their errors were.
    source : str
        Citation.
    """

    densities: Mapping[str, tuple[float, float]]
    kind: DensityKind
    tube_voltage_kV: float
    common_error: CommonError
    provenance: Provenance
    error_provenance: Provenance
    source: str


AIR_FAT_MUSCLE = TissueDensities(
    densities=MappingProxyType(
        # Errors are choices. Air: the scale of a scanner between water and air. Fat and muscle:
        # from the lean to the fat composition of adipose tissue, and a tenth of fat within the
        # muscle.
        {"air": (-0.840, 0.008), "fat": (-0.080, 0.015), "muscle": (0.030, 0.012)}
    ),
    kind="CaHA",
    tube_voltage_kV=120.0,
    common_error=CommonError(
        scale=0.10,
        offset=0.014,
        provenance="unverified",
        source="a choice: the slope through these densities is 9 % above that of the attenuation of"
        " hydroxyapatite in water at the expected energy; which of them is right for the plastic"
        " of a phantom is not known; offset: 0.008 g/cm3 between the two at 0 HU, and 0.007 more"
        " where X-rays are hardened by bone",
    ),
    provenance="unverified",
    error_provenance="unverified",
    source="method: Eggermont et al. 2019, doi:10.1371/journal.pone.0220564, whose densities were"
    " not read in the paper; effect of tube voltage: Ataei et al. 2022,"
    " doi:10.1371/journal.pone.0265524",
)


def air_fat_muscle(ct: CTVolume, bone: LabelMask | None = None) -> Calibration:
    """Return the line through the peaks of air, fat and muscle.

    Parameters
    ----------
    ct : CTVolume
        The scan with skin and the air around it, HU.
    bone : LabelMask, optional
        The bone to be calibrated: only fat and muscle outside and within 80 mm of it count.

    Returns
    -------
    Calibration
        The line to equivalent density of CaHA, with what was measured.

    Raises
    ------
    CalibrationError
        If a peak is missing, say in an image that is cropped inside the body, or if the tube
        voltage is not in the table.
    GridMismatchError
        If `bone` is on another grid.

    Notes
    -----
    Equivalent density of a tissue at an energy E, over that at the energy of 120 kV, is the ratio
    that attenuation makes: air at 80 kV is 0.72 times as dense. The line is fitted at every energy,
    and the result is the mean over those that the tube voltage lets expect, or all voltages where
    it is not known; so the energy's scatter is an error that all references share. To it comes
    the `common_error` of the densities.
    """
    samples = soft_tissue_peaks(ct, bone)
    voltage = ct.acquisition.tube_voltage_kV
    curve = _line(samples, prior_energy(voltage).probability())
    return Calibration(
        curve=curve,
        flags=(
            *_flags_of_voltage(voltage),
            *flags_of_fit(curve),
            *flags_of_samples(samples),
        ),
        measured=tuple(sample.to_dict() for sample in samples),
    )


def soft_tissue_peaks(
    ct: CTVolume, bone: LabelMask | None = None
) -> tuple[TissueSample, TissueSample, TissueSample]:
    """Return the peaks of air, fat and muscle of a scan.

    Raises
    ------
    CalibrationError
        If one of them is missing; the message says which.
    """
    coarse = thinned(ct)
    air, body = surrounding_air(coarse), find_body(coarse)
    if bone is not None:
        body &= near(bone, ct, coarse, _LIMB)
    return (
        find_peak("air", coarse, air),
        find_peak("fat", coarse, body),
        find_peak("muscle", coarse, body),
    )


def _line(samples: Sequence[TissueSample], probability: FloatArray) -> CalibrationCurve:
    """Return the mean line over the energies of `ENERGY_GRID`."""
    ratios = np.array([_ratio(sample.tissue) for sample in samples])
    curves = [_line_at(samples, ratio) for ratio in ratios.T]
    slope, intercept, covariance = mean_line(curves, probability)
    likeliest = curves[int(np.argmax(probability))]
    curve = replace(
        likeliest,
        slope=slope,
        intercept=intercept,
        covariance=covariance,
        relative_uncertainty=error_at_cortex(slope, intercept, covariance),
    )
    return curve.with_common_error(AIR_FAT_MUSCLE.common_error)


def _line_at(samples: Sequence[TissueSample], ratio: FloatArray) -> CalibrationCurve:
    return fit_line(
        [_reference(sample, float(r)) for sample, r in zip(samples, ratio, strict=True)],
        kind=AIR_FAT_MUSCLE.kind,
        method="air_fat_muscle",
        label="air, fat and muscle of the scan",
        provenance=AIR_FAT_MUSCLE.provenance,
        error_provenance=AIR_FAT_MUSCLE.error_provenance,
        source=AIR_FAT_MUSCLE.source,
    )


def _reference(sample: TissueSample, ratio: float) -> Reference:
    rho, error = (ratio * value for value in AIR_FAT_MUSCLE.densities[sample.tissue])
    return Reference(name=sample.tissue, rho=rho, rho_se=error, hu=sample.hu, hu_se=sample.hu_se)


def _ratio(tissue: str) -> FloatArray:
    """Return equivalent density at every energy over that where it was measured, (n_energies,)."""
    measured_at = prior_energy(AIR_FAT_MUSCLE.tube_voltage_kV).mean
    energies = np.append(ENERGY_GRID, measured_at)
    attenuation = TISSUES[tissue].material.attenuation(energies)
    rho = equivalent_density(attenuation, AIR_FAT_MUSCLE.kind, energies)
    return np.asarray(rho[:-1] / rho[-1])


def _flags_of_voltage(tube_voltage_kV: float | None) -> tuple[QualityFlag, ...]:
    usual = AIR_FAT_MUSCLE.tube_voltage_kV
    if tube_voltage_kV == usual:
        return ()
    if tube_voltage_kV is None:
        low, high = min(EFFECTIVE_ENERGIES), max(EFFECTIVE_ENERGIES)
        found = f"unknown: the mean over those from {low:g} to {high:g} kV was taken"
    else:
        found = f"{tube_voltage_kV:g} kV, to which attenuation moved the densities of the tissues"
    return (
        QualityFlag(
            name="tube voltage",
            severity="note",
            found=found,
            expected=f"{usual:g} kV, at which these densities were measured",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )
