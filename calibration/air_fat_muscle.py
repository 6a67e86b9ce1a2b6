"""Calibration by the peaks of air, fat and muscle in the scan's own histogram."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from calibration.attenuation import equivalent_density
from calibration.body import find_body, near, surrounding_air, thinned
from calibration.energies import prior_energy
from calibration.fit import fit_line
from calibration.peaks import TissueSample, find_peak
from calibration.quality import Calibration, flags_of_fit
from calibration.references import Reference
from calibration.sample_quality import flags_of_samples
from calibration.tissues import TISSUES
from femur_fea.domain import (
    NO_PUBLISHED_EFFECT,
    CTVolume,
    DensityKind,
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
        Density and its standard error for another patient and scanner.
    kind : {"CaHA", "K2HPO4"}
        The mineral of that phantom.
    tube_voltage_kV : float
        Where they were measured.
    unknown_voltage : float
        Standard error of the density scale, as a fraction, where the voltage is not known.
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
    unknown_voltage: float
    provenance: Provenance
    error_provenance: Provenance
    source: str


AIR_FAT_MUSCLE = TissueDensities(
    densities=MappingProxyType(
        # Errors are choices. Air sets the scale: a tenth, as effective energies of 70 to 80 keV
        # would give. Fat and muscle: from the lean to the fat composition of adipose tissue, and
        # a tenth of fat within the muscle.
        {"air": (-0.840, 0.084), "fat": (-0.080, 0.015), "muscle": (0.030, 0.012)}
    ),
    kind="CaHA",
    tube_voltage_kV=120.0,
    unknown_voltage=0.10,
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
    At a tube voltage other than 120 kV each reference is moved by the difference that attenuation
    makes between the effective energies of the two (docs/theory.md); without a known voltage the
    scale's error grows by a tenth. Both are flagged.
    """
    samples = soft_tissue_peaks(ct, bone)
    voltage = ct.acquisition.tube_voltage_kV
    curve = fit_line(
        [_reference(sample, voltage) for sample in samples],
        kind=AIR_FAT_MUSCLE.kind,
        method="air_fat_muscle",
        label="air, fat and muscle of the scan",
        provenance=AIR_FAT_MUSCLE.provenance,
        error_provenance=AIR_FAT_MUSCLE.error_provenance,
        source=AIR_FAT_MUSCLE.source,
    )
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


def _reference(sample: TissueSample, tube_voltage_kV: float | None) -> Reference:
    rho, error = AIR_FAT_MUSCLE.densities[sample.tissue]
    if tube_voltage_kV is None:
        error = math.hypot(error, AIR_FAT_MUSCLE.unknown_voltage * rho)
    else:
        rho += _shift(sample.tissue, tube_voltage_kV)
    return Reference(name=sample.tissue, rho=rho, rho_se=error, hu=sample.hu, hu_se=sample.hu_se)


def _shift(tissue: str, tube_voltage_kV: float) -> float:
    """Return what another tube voltage adds to the equivalent density of a tissue, g/cm3."""
    if tube_voltage_kV == AIR_FAT_MUSCLE.tube_voltage_kV:
        return 0.0
    voltages = (AIR_FAT_MUSCLE.tube_voltage_kV, tube_voltage_kV)
    energies = np.array([prior_energy(voltage).mean for voltage in voltages])
    attenuation = TISSUES[tissue].material.attenuation(energies)
    there, here = equivalent_density(attenuation, AIR_FAT_MUSCLE.kind, energies)
    return float(here - there)


def _flags_of_voltage(tube_voltage_kV: float | None) -> tuple[QualityFlag, ...]:
    usual = AIR_FAT_MUSCLE.tube_voltage_kV
    if tube_voltage_kV == usual:
        return ()
    if tube_voltage_kV is None:
        found = f"unknown, taken for {usual:g} kV with a wider error"
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
