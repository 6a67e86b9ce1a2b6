"""A calibration and what should be known before its densities are trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibration.curve import CalibrationCurve
from femur_fea.domain import Acquisition

__all__ = ["Calibration", "Flag", "flags_of_fit", "flags_of_line", "flags_of_scan"]

_USUAL_KV = 120.0
_VOLTAGE_TOLERANCE_KV = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """Something that lowers trust in a calibration.

    Attributes
    ----------
    name : str
        For programs.
    text : str
        For people, in a sentence.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A calibration line, what was measured for it, and what to mind.

    Attributes
    ----------
    curve : CalibrationCurve
        The line.
    flags : tuple of Flag
        What to mind.
    measured : tuple of mapping
        What the method measured in the scan, with unit-suffixed keys: rods, tissues.
    """

    curve: CalibrationCurve
    flags: tuple[Flag, ...] = ()
    measured: tuple[Mapping[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return all of it with unit-suffixed keys, for calibration/curve.json."""
        return {
            **self.curve.to_dict(),
            "flags": [{"name": flag.name, "text": flag.text} for flag in self.flags],
            "measured": [dict(item) for item in self.measured],
        }


def flags_of_scan(acquisition: Acquisition, *, line_is_of_scan: bool) -> tuple[Flag, ...]:
    """Return what to mind because of the way in which a scan was made.

    Parameters
    ----------
    acquisition
        What the file tells.
    line_is_of_scan
        Whether the line was measured in this scan, and so at its own tube voltage.
    """
    flags = []
    voltage = acquisition.tube_voltage_kV
    if not line_is_of_scan and voltage is None:
        flags.append(
            Flag(
                name="tube_voltage_unknown",
                text="The tube voltage is unknown: the line holds for one voltage, and another one "
                "changes density by 10 to 14 % (Ataei et al. 2022).",
            )
        )
    elif voltage is not None and not line_is_of_scan and _is_unusual(voltage):
        flags.append(
            Flag(
                name="tube_voltage_unusual",
                text=f"The scan was made at {voltage:.0f} kV: the line must be of that voltage, "
                "for another one changes density by 10 to 14 % (Ataei et al. 2022).",
            )
        )
    if acquisition.contrast_agent:
        flags.append(
            Flag(
                name="contrast_agent",
                text="The scan was made with a contrast agent, which raises the CT numbers of "
                "marrow and vessels: trabecular density comes out too high.",
            )
        )
    return tuple(flags)


def _is_unusual(tube_voltage_kV: float) -> bool:
    return abs(tube_voltage_kV - _USUAL_KV) > _VOLTAGE_TOLERANCE_KV


def flags_of_line(curve: CalibrationCurve) -> tuple[Flag, ...]:
    """Return what to mind about a line that was not measured in the scan."""
    if curve.label != "uncalibrated" or curve.relative_uncertainty is None:
        return ()
    return (
        Flag(
            name="uncalibrated",
            text="There is no calibration: the line is an average over scanners, with a standard "
            f"uncertainty of density of {100.0 * curve.relative_uncertainty:.0f} %.",
        ),
    )


def flags_of_fit(curve: CalibrationCurve) -> tuple[Flag, ...]:
    """Return what to mind because of the way in which a line fits its references."""
    if curve.fit is None:
        return ()
    flags = []
    if curve.fit.inflation > 1.0:
        flags.append(
            Flag(
                name="misfit",
                text="The references lie farther from the line than their stated errors allow: "
                f"its standard errors were widened {curve.fit.inflation**0.5:.1f} times.",
            )
        )
    densest = max(reference.rho for reference in curve.fit.references)
    if densest < 0.5:
        flags.append(
            Flag(
                name="extrapolation",
                text=f"The densest reference has {densest:.2f} g/cm3: the line is extended to the "
                "cortex, of 1 g/cm3 or more, where only its own error is counted.",
            )
        )
    return tuple(flags)
