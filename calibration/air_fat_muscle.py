"""Calibration by the peaks of air, fat and muscle in the scan's own histogram."""

import math
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from calibration.attenuation import equivalent_density
from calibration.body import find_body, near, surrounding_air, thinned
from calibration.curve import CalibrationCurve
from calibration.energies import prior_energy
from calibration.fit import fit_line
from calibration.peaks import TissueSample, find_peak
from calibration.references import Reference
from calibration.tissues import TISSUES
from femur_fea.domain import CTVolume, DensityKind, LabelMask, Provenance
from femur_fea.errors import FemurFEAWarning

__all__ = ["AIR_FAT_MUSCLE", "TissueDensities", "air_fat_muscle", "soft_tissue_peaks"]

# Choices: how far from the bone soft tissue still is that of the limb, and how many voxels of air
# at the lowest stored number mean that the image cuts its noise off.
_LIMB = 80.0  # mm
_CUT_OFF_FRACTION = 0.1
_CUT_OFF_ERROR_HU = 10.0


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
        Whether the numbers were read in their source.
    source : str
        Citation.
    """

    densities: Mapping[str, tuple[float, float]]
    kind: DensityKind
    tube_voltage_kV: float
    unknown_voltage: float
    provenance: Provenance
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
    source="method: Eggermont et al. 2019, doi:10.1371/journal.pone.0220564, whose densities were"
    " not read in the paper; effect of tube voltage: Ataei et al. 2022,"
    " doi:10.1371/journal.pone.0265524",
)


def air_fat_muscle(ct: CTVolume, bone: LabelMask | None = None) -> CalibrationCurve:
    """Return the line through the peaks of air, fat and muscle.

    Parameters
    ----------
    ct : CTVolume
        The scan with skin and the air around it, HU.
    bone : LabelMask, optional
        The bone to be calibrated: only fat and muscle outside and within 80 mm of it count.

    Returns
    -------
    CalibrationCurve
        In equivalent density of CaHA.

    Raises
    ------
    CalibrationError
        If a peak is missing, say in an image that is cropped inside the body.
    GridMismatchError
        If `bone` is on another grid.

    Notes
    -----
    At a tube voltage other than 120 kV each reference is moved by the difference that attenuation
    makes between the effective energies of the two (docs/theory.md); without a known voltage the
    scale's error grows by a tenth. Both are warned of.
    """
    samples = soft_tissue_peaks(ct, bone)
    references = [_reference(s, ct.acquisition.tube_voltage_kV) for s in samples]
    _warn_of_voltage(ct.acquisition.tube_voltage_kV)
    return fit_line(
        references,
        kind=AIR_FAT_MUSCLE.kind,
        method="air-fat-muscle",
        label="air, fat and muscle of the scan",
        provenance=AIR_FAT_MUSCLE.provenance,
        source=AIR_FAT_MUSCLE.source,
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
        _uncut(find_peak("air", coarse, air), coarse),
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


def _uncut(air: TissueSample, ct: CTVolume) -> TissueSample:
    """Return the peak of air with a wider error where the image cuts off numbers below it."""
    lowest = ct.hu.min()
    cut = np.count_nonzero(ct.hu == lowest) / max(air.n_voxels, 1)
    if lowest < air.hu - _CUT_OFF_ERROR_HU or cut < _CUT_OFF_FRACTION:
        return air
    warnings.warn(
        f"{100.0 * min(cut, 1.0):.0f} % of the air has the lowest number of the image,"
        f" {lowest:g} HU: its noise is cut off, and its CT number is uncertain by"
        f" {_CUT_OFF_ERROR_HU:g} HU",
        FemurFEAWarning,
        stacklevel=4,
    )
    return TissueSample(
        tissue=air.tissue,
        hu=air.hu,
        hu_se=math.hypot(air.hu_se, _CUT_OFF_ERROR_HU),
        n_voxels=air.n_voxels,
    )


def _warn_of_voltage(tube_voltage_kV: float | None) -> None:
    assumed = AIR_FAT_MUSCLE.tube_voltage_kV
    if tube_voltage_kV == assumed:
        return
    if tube_voltage_kV is None:
        what = f"unknown and taken for {assumed:.0f} kV, with a wider uncertainty"
    else:
        what = (
            f"{tube_voltage_kV:.0f} kV: the densities of air, fat and muscle, measured at"
            f" {assumed:.0f} kV, are moved there by their attenuation"
        )
    warnings.warn(f"the tube voltage of the CT is {what}", FemurFEAWarning, stacklevel=3)
