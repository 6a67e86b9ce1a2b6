"""Calibration without a phantom in the scan: a line that is given, or an average one."""

from dataclasses import dataclass

from calibration.curve import CalibrationCurve
from femur_fea.domain import DensityKind, Provenance
from femur_fea.errors import CalibrationError
from femur_fea.registry import Registry

__all__ = ["CALIBRATIONS", "AverageLine", "average_line", "fixed_line"]

_ASSUMED_KV = 120.0
_VOLTAGE_TOLERANCE_KV = 0.5


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
        Peak tube voltage; None where the file does not tell, which is taken for 120 kV: the
        line's source says so, and `flags_of_line` what it means.
    kind : {"CaHA", "K2HPO4"}
        The mineral in which the density is wanted.

    Raises
    ------
    CalibrationError
        If there is no average line for this voltage: density per HU changes by 10 to 14 % from
        one common voltage to the next, so another line would be wrong rather than uncertain.
    """
    line = _line_at(_ASSUMED_KV if tube_voltage_kV is None else tube_voltage_kV, kind)
    assumed = "" if tube_voltage_kV is not None else f"; tube voltage taken for {_ASSUMED_KV:g} kV"
    return CalibrationCurve(
        slope=line.slope,
        intercept=line.intercept,
        kind=line.kind,
        method="average",
        label="uncalibrated",
        relative_uncertainty=line.relative_uncertainty,
        provenance=line.provenance,
        error_provenance=line.provenance,
        source=f"{line.source}{assumed}",
    )


def _line_at(tube_voltage_kV: float, kind: DensityKind) -> AverageLine:
    for line in CALIBRATIONS.values():
        apart = abs(line.tube_voltage_kV - tube_voltage_kV)
        if line.kind == kind and apart <= _VOLTAGE_TOLERANCE_KV:
            return line
    known = ", ".join(
        f"{line.tube_voltage_kV:.0f} kV {line.kind}" for line in CALIBRATIONS.values()
    )
    raise CalibrationError(
        found=f"a CT at {tube_voltage_kV:.0f} kV without calibration, for {kind} density",
        expected=f"a voltage and mineral with an average line: {known}",
        remedy="give slope and intercept of this scanner at this voltage as a fixed line",
    )
