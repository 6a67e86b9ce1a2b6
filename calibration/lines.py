"""Calibration without a phantom in the scan: a line that is given, or an average one."""

from dataclasses import dataclass, replace

import numpy as np

from calibration.attenuation import WATER, contrast
from calibration.common_error import CommonError
from calibration.curve import CalibrationCurve
from calibration.energies import (
    EFFECTIVE_ENERGIES,
    ENERGY_GRID,
    UNKNOWN_VOLTAGE,
    VOLTAGE_TOLERANCE_KV,
    prior_energy,
)
from calibration.mixture import mean_line
from femur_fea.domain import DensityKind, FloatArray, Provenance
from femur_fea.errors import CalibrationError
from femur_fea.registry import Registry

__all__ = ["CALIBRATIONS", "AverageLine", "average_line", "fixed_line"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AverageLine:
    """An average over scanners, for scans without any calibration.

    Attributes
    ----------
    tube_voltage_kV : float
        Tube voltage for which it holds.
    slope, intercept : float, g/cm3 per HU and g/cm3
        The line.
    slope_range, intercept_range : (2,)
        Smallest and largest value among scanners.
    kind : {"CaHA", "K2HPO4"}
        The mineral.
    relative_uncertainty : float
        Standard uncertainty of the density scale for one unknown scanner.
    provenance : {"published", "unverified"}
        Whether the numbers were read in their source.
    source : str
        Citation.
    """

    tube_voltage_kV: float
    slope: float
    slope_range: tuple[float, float]
    intercept: float
    intercept_range: tuple[float, float]
    kind: DensityKind
    relative_uncertainty: float
    provenance: Provenance
    source: str

    @property
    def common_error(self) -> CommonError:
        """The error of one unknown scanner; any intercept within the range is equally likely."""
        low, high = self.intercept_range
        return CommonError(
            scale=self.relative_uncertainty,
            offset=(high - low) / 12.0**0.5,
            provenance=self.provenance,
            source=self.source,
        )


CALIBRATIONS: Registry[AverageLine] = Registry("calibration line")

CALIBRATIONS.add(
    "average_120kV_CaHA",
    AverageLine(
        tube_voltage_kV=120.0,
        slope=0.80e-3,
        slope_range=(0.75e-3, 0.85e-3),
        intercept=0.0,
        intercept_range=(-0.015, 0.015),
        kind="CaHA",
        # the range of slopes alone is 6 %; scanner and kernel move strength by up to 20 %
        relative_uncertainty=0.15,
        provenance="unverified",
        source="average line of phantom scans at 120 kVp, a prior that is not yet checked against"
        " a paper; spread of scanners and kernels: Benca et al. 2020,"
        " doi:10.1186/s41747-020-00180-3; of tube voltage (10 to 14 %): Ataei et al. 2022,"
        " doi:10.1371/journal.pone.0265524",
    ),
)


def fixed_line(
    slope: float,
    intercept: float,
    kind: DensityKind,
    *,
    relative_uncertainty: float | None = None,
) -> CalibrationCurve:
    """Return a line whose numbers the user knows, say from a phantom scan of the same scanner.

    Parameters
    ----------
    slope : float, g/cm3 per HU
        Density per Hounsfield unit.
    intercept : float, g/cm3
        Density at 0 HU.
    kind : {"CaHA", "K2HPO4"}
        The mineral.
    relative_uncertainty : float, optional
        Standard uncertainty of the density scale as a fraction; None where it is not stated.

    Raises
    ------
    CalibrationError
        If a number cannot belong to a CT scanner; the message states the range.
    """
    return CalibrationCurve(
        slope=slope,
        intercept=intercept,
        kind=kind,
        method="fixed",
        label="fixed line",
        relative_uncertainty=relative_uncertainty,
        provenance="user",
        error_provenance="user",
        source="given by the user",
    )


def average_line(tube_voltage_kV: float | None, kind: DensityKind = "CaHA") -> CalibrationCurve:
    """Return the average line of a tube voltage, labelled "uncalibrated".

    Parameters
    ----------
    tube_voltage_kV : float or None, kV
        Peak tube voltage; None where the file does not tell: then the line is the mean over
        voltages, and their scatter part of its error.
    kind : {"CaHA", "K2HPO4"}
        The mineral in which the density is wanted.

    Raises
    ------
    CalibrationError
        If there is no average line for this voltage: density per HU changes by 10 to 14 % from
        one common voltage to the next, so another line would be wrong rather than uncertain.
    """
    if tube_voltage_kV is None:
        return _over_voltages(kind)
    line = _line_at(tube_voltage_kV, kind)
    return _curve(line, line.slope, line.source).with_common_error(line.common_error)


def _over_voltages(kind: DensityKind) -> CalibrationCurve:
    """Return the mean of an average line over the energies of all voltages.

    The slope at an energy over that of the record is the ratio that attenuation makes.
    """
    line = _line_of(kind)
    there = np.array(prior_energy(line.tube_voltage_kV).mean)
    ratio = _per_contrast(kind, ENERGY_GRID) / _per_contrast(kind, there)
    low, high = min(EFFECTIVE_ENERGIES), max(EFFECTIVE_ENERGIES)
    source = f"{line.source}; moved by attenuation to the mean over {low:g} to {high:g} kV"
    curves = [_curve(line, line.slope * float(r), source) for r in ratio]
    slope, intercept, covariance = mean_line(curves, UNKNOWN_VOLTAGE.probability())
    curve = replace(curves[0], slope=slope, intercept=intercept, covariance=covariance)
    return curve.with_common_error(line.common_error)


def _per_contrast(kind: DensityKind, energy: FloatArray) -> FloatArray:
    """Return the density of mineral that attenuates like water, to which slopes are proportional.

    Its unit is g/cm3.
    """
    return np.asarray(WATER.attenuation(energy) / contrast(kind, energy))


def _curve(line: AverageLine, slope: float, source: str) -> CalibrationCurve:
    """Return a line without its error."""
    return CalibrationCurve(
        slope=slope,
        intercept=line.intercept,
        kind=line.kind,
        method="average",
        label="uncalibrated",
        relative_uncertainty=line.relative_uncertainty,
        provenance=line.provenance,
        error_provenance=line.provenance,
        source=source,
    )


def _line_of(kind: DensityKind) -> AverageLine:
    for line in CALIBRATIONS.values():
        if line.kind == kind:
            return line
    raise CalibrationError(
        found=f"a CT without calibration and of unknown voltage, for {kind} density",
        expected=f"a mineral with an average line: {_known()}",
        remedy="give slope and intercept of this scanner as a fixed line",
    )


def _line_at(tube_voltage_kV: float, kind: DensityKind) -> AverageLine:
    for line in CALIBRATIONS.values():
        apart = abs(line.tube_voltage_kV - tube_voltage_kV)
        if line.kind == kind and apart <= VOLTAGE_TOLERANCE_KV:
            return line
    raise CalibrationError(
        found=f"a CT at {tube_voltage_kV:.0f} kV without calibration, for {kind} density",
        expected=f"a voltage and mineral with an average line: {_known()}",
        remedy="give slope and intercept of this scanner at this voltage as a fixed line",
    )


def _known() -> str:
    return ", ".join(f"{line.tube_voltage_kV:.0f} kV {line.kind}" for line in CALIBRATIONS.values())
