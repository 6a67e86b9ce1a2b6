"""A calibration and what should be known before its densities are trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from calibration.curve import CalibrationCurve
from calibration.energies import EFFECTIVE_ENERGIES, VOLTAGE_TOLERANCE_KV
from femur_fea.domain import CHOSEN_THRESHOLD, NO_PUBLISHED_EFFECT, Effect, QualityFlag, Severity

__all__ = ["TUBE_VOLTAGE", "USUAL_SLOPES", "Calibration", "flags_of_fit", "flags_of_line"]

TUBE_VOLTAGE = Effect(
    fraction=0.14,
    source="Ataei et al., PLoS One 2022;17:e0265524, doi:10.1371/journal.pone.0265524: 10 % in "
    "density, 13.4 to 13.8 % in strength, where the calibration does not follow the voltage",
    provenance="published",
)

_USUAL_KV = 120.0
_LARGE_INTERCEPT = 0.05  # g/cm3; a choice: a scanner 60 HU off for water
# g/cm3 per HU; a choice, unverified: lines at 80 to 140 kV have 0.54e-3 to 0.85e-3 in simulated
# scans (docs/theory.md), and scanners differ by 15 %
USUAL_SLOPES = (0.5e-3, 1.05e-3)
_DENSE = 0.5  # g/cm3; a choice: below it a reference is nearer to soft tissue than to the cortex


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A calibration line, what was measured for it, and what to mind.

    Attributes
    ----------
    curve : CalibrationCurve
        The line.
    flags : tuple of QualityFlag
        What to mind.
    measured : tuple of mapping
        What the method measured in the scan, with unit-suffixed keys: rods, tissues.
    """

    curve: CalibrationCurve
    flags: tuple[QualityFlag, ...] = ()
    measured: tuple[Mapping[str, Any], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return all of it with unit-suffixed keys, for calibration/curve.json."""
        return {
            **self.curve.to_dict(),
            "flags": [flag.to_dict() for flag in self.flags],
            "measured": [dict(item) for item in self.measured],
        }


def flags_of_line(
    curve: CalibrationCurve, tube_voltage_kV: float | None
) -> tuple[QualityFlag, ...]:
    """Return what to mind about a line that was not measured in the scan.

    Parameters
    ----------
    curve
        The line.
    tube_voltage_kV : float or None, kV
        That of the scan; None where it is not known.
    """
    return (
        *_uncalibrated(curve),
        *_unstated_error(curve),
        *_voltage(curve, tube_voltage_kV),
        *_intercept(curve),
    )


def _intercept(curve: CalibrationCurve) -> tuple[QualityFlag, ...]:
    if abs(curve.intercept) <= _LARGE_INTERCEPT:
        return ()
    return (
        QualityFlag(
            name="intercept",
            severity="note",
            found=f"a density of {curve.intercept:+.3f} g/cm3 at 0 HU, where water is",
            expected=f"within {_LARGE_INTERCEPT:g} g/cm3 of none",
            effect=CHOSEN_THRESHOLD,
        ),
    )


def _slope(curve: CalibrationCurve) -> tuple[QualityFlag, ...]:
    """Return a flag for a slope that no usual voltage gives, beyond its standard error.

    The error is that of the stated ones: references that contradict each other excuse no slope.
    """
    error = 0.0 if curve.covariance is None else float(curve.covariance[0, 0]) ** 0.5
    if curve.fit is not None:
        error /= curve.fit.inflation**0.5
    low, high = USUAL_SLOPES
    if low - error <= curve.slope <= high + error:
        return ()
    return (
        QualityFlag(
            name="slope",
            severity="caution",
            found=f"{1000.0 * curve.slope:.2f} mg/cm3 per HU, as if the references were not those "
            "that were named",
            expected=f"{1000.0 * low:g} to {1000.0 * high:g} mg/cm3 per HU at 80 to 140 kV",
            effect=CHOSEN_THRESHOLD,
        ),
    )


def _uncalibrated(curve: CalibrationCurve) -> tuple[QualityFlag, ...]:
    if curve.method != "average" or curve.relative_uncertainty is None:
        return ()
    found = (
        "an average line over scanners, with a standard uncertainty of density of "
        f"{curve.relative_uncertainty:.0%}"
    )
    expected = "a line that was measured with this scanner"
    return (
        QualityFlag(
            name="no calibration",
            severity="caution",
            found=found,
            expected=expected,
            effect=NO_PUBLISHED_EFFECT,
        ),
    )


def _unstated_error(curve: CalibrationCurve) -> tuple[QualityFlag, ...]:
    if curve.relative_uncertainty is not None:
        return ()
    return (
        QualityFlag(
            name="no stated error",
            severity="caution",
            found="a line whose uncertainty is not stated, and so is missing in every interval",
            expected="relative_uncertainty beside its slope and intercept",
            effect=NO_PUBLISHED_EFFECT,
        ),
    )


def _voltage(curve: CalibrationCurve, tube_voltage_kV: float | None) -> tuple[QualityFlag, ...]:
    severity: Severity = "caution"
    if tube_voltage_kV is None and curve.method == "average":
        low, high = min(EFFECTIVE_ENERGIES), max(EFFECTIVE_ENERGIES)
        found = f"unknown: the mean over those from {low:g} to {high:g} kV was taken"
    elif tube_voltage_kV is None:
        severity, found = "note", "unknown, and so whether the line is of it"
    elif abs(tube_voltage_kV - _USUAL_KV) > VOLTAGE_TOLERANCE_KV:
        found = f"{tube_voltage_kV:g} kV"
    else:
        return ()
    return (
        QualityFlag(
            name="tube voltage",
            severity=severity,
            found=found,
            expected=f"{_USUAL_KV:g} kV, or a line that was measured at the scan's own voltage",
            effect=TUBE_VOLTAGE,
        ),
    )


def flags_of_fit(curve: CalibrationCurve) -> tuple[QualityFlag, ...]:
    """Return what to mind because of the way in which a line fits its references."""
    if curve.fit is None:
        return ()
    flags = [*_slope(curve), *_intercept(curve)]
    if curve.fit.inflation > 1.0:
        flags.append(
            QualityFlag(
                name="misfit",
                severity="caution",
                found="references so far from the line that its standard errors were widened "
                f"{curve.fit.inflation**0.5:.1f} times",
                expected="distances that their stated errors allow",
                effect=CHOSEN_THRESHOLD,
            )
        )
    densest = max(reference.rho for reference in curve.fit.references)
    if densest < _DENSE:
        flags.append(
            QualityFlag(
                name="extrapolation",
                severity="note",
                found=f"a densest reference of {densest:.2f} g/cm3, from where the line is "
                "extended to the cortex with its own error alone",
                expected=f"at least {_DENSE:g} g/cm3",
                effect=CHOSEN_THRESHOLD,
            )
        )
    return tuple(flags)
