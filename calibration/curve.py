"""The line that turns CT numbers into density."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from calibration.common_error import CommonError
from calibration.cortex import error_at_cortex
from calibration.references import CurveFit
from femur_fea.domain import (
    NORMAL_95,
    CTVolume,
    DensityField,
    DensityKind,
    FloatArray,
    Provenance,
    check_shape,
    read_only,
)
from femur_fea.errors import CalibrationError

__all__ = ["INTERCEPT_RANGE", "SLOPE_RANGE", "CalibrationCurve", "CurveProvenance", "apply_curve"]

type CurveProvenance = Provenance | Literal["user"]

# Wide on purpose, to refuse mg/cm3 and the inverse slope but no scanner: the average line has
# 0.8e-3 g/cm3 per HU, and tube voltage, kernel and scanner together move it by less than half.
SLOPE_RANGE = (0.3e-3, 2.0e-3)
INTERCEPT_RANGE = (-0.2, 0.2)

_PHANTOM_KINDS = ("CaHA", "K2HPO4")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CalibrationCurve:
    """Density as a linear function of the CT number: rho = intercept + slope * hu.

    Attributes
    ----------
    slope : float, g/cm3 per HU
        Density per Hounsfield unit.
    intercept : float, g/cm3
        Density at 0 HU.
    kind : {"CaHA", "K2HPO4"}
        The phantom's mineral in whose equivalent the density is.
    method : str
        How the line was found: "fixed", "average", "phantom", "air_fat_muscle", "multi_tissue".
    label : str
        What a report calls it.
    relative_uncertainty : float or None
        Standard uncertainty of the density scale as a fraction, common to all voxels: it widens
        every density, and so every strength, of a bone in the same direction. Of a fitted line
        it is that at 1 g/cm3, cortical bone. None where it is not stated.
    provenance : {"published", "user", "unverified"}
        Where slope and intercept come from.
    error_provenance : {"published", "user", "unverified"}
        Where their errors come from: of a fitted line, those of its references.
    source : str
        Citation, or who gave the numbers.
    covariance : (2, 2), optional
        Covariance of slope and intercept, in this order and their units, where both are known
        to be uncertain.
    fit : CurveFit, optional
        The references of a fitted line, and how it fits them.
    common_error : CommonError, optional
        What `covariance` holds beyond the errors of the references.
    """

    slope: float
    intercept: float
    kind: DensityKind
    method: str
    label: str
    relative_uncertainty: float | None
    provenance: CurveProvenance
    error_provenance: CurveProvenance
    source: str
    covariance: FloatArray | None = None
    fit: CurveFit | None = None
    common_error: CommonError | None = None

    def __post_init__(self) -> None:
        _check_kind(self.kind)
        _check_within("slope", self.slope, SLOPE_RANGE, "g/cm3 per HU")
        _check_within("intercept", self.intercept, INTERCEPT_RANGE, "g/cm3")
        if self.relative_uncertainty is not None:
            _check_within("relative uncertainty", self.relative_uncertainty, (0.0, 1.0), "")
        if self.covariance is not None:
            check_shape("covariance", self.covariance, (2, 2))
            object.__setattr__(self, "covariance", read_only(self.covariance))

    def with_common_error(self, error: CommonError) -> "CalibrationCurve":
        """Return the line with an error that its references share, on top of their own."""
        own = np.zeros((2, 2)) if self.covariance is None else self.covariance
        covariance = own + error.covariance(self.slope, self.intercept)
        return replace(
            self,
            covariance=covariance,
            relative_uncertainty=error_at_cortex(self.slope, self.intercept, covariance),
            common_error=error,
        )

    def density(self, hu: FloatArray) -> FloatArray:
        """Return the density at CT numbers, g/cm3, of their shape."""
        return self.intercept + self.slope * np.asarray(hu, dtype=float)

    def standard_error(self, hu: FloatArray) -> FloatArray | None:
        """Return the standard error of the density that the line gives at CT numbers.

        Parameters
        ----------
        hu : any shape, HU
            CT numbers, taken for exact: noise is not part of it.

        Returns
        -------
        as `hu`, g/cm3, or None
            From the covariance, or where there is none from `relative_uncertainty`; None where
            neither is known.
        """
        at = np.asarray(hu, dtype=float)
        if self.covariance is not None:
            (slope, both), (_, intercept) = self.covariance
            return np.asarray(np.sqrt(at**2 * slope + 2.0 * at * both + intercept))
        if self.relative_uncertainty is not None:
            return np.asarray(self.relative_uncertainty * np.abs(self.density(at)))
        return None

    def interval_90(self, hu: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Return the ends of the 90 % interval of the density at CT numbers, g/cm3."""
        error = self.standard_error(hu)
        if error is None:
            return None
        density = self.density(hu)
        return density - NORMAL_95 * error, density + NORMAL_95 * error

    def to_dict(self) -> dict[str, Any]:
        """Return the curve with unit-suffixed keys, for calibration/curve.json."""
        return {
            "schema_version": 1,
            "slope_g_per_cm3_per_HU": self.slope,
            "intercept_g_per_cm3": self.intercept,
            "density_kind": self.kind,
            "method": self.method,
            "label": self.label,
            "relative_uncertainty": self.relative_uncertainty,
            "covariance": None if self.covariance is None else self.covariance.tolist(),
            "slope_standard_error_g_per_cm3_per_HU": self._parameter_error(0),
            "intercept_standard_error_g_per_cm3": self._parameter_error(1),
            "common_error": None if self.common_error is None else self.common_error.to_dict(),
            "fit": None if self.fit is None else self.fit.to_dict(),
            "provenance": self.provenance,
            "error_provenance": self.error_provenance,
            "source": self.source,
        }

    def _parameter_error(self, which: int) -> float | None:
        return None if self.covariance is None else float(self.covariance[which, which] ** 0.5)


def apply_curve(ct: CTVolume, curve: CalibrationCurve) -> DensityField:
    """Return the equivalent density of every voxel.

    Air and fat come out negative: the clamp at zero belongs to the conversion to ash density,
    which counts the voxels that it changes.

    Parameters
    ----------
    ct : CTVolume
        CT numbers, HU.
    curve : CalibrationCurve
        The line.

    Returns
    -------
    DensityField
        Density in single precision (relative rounding 6e-8), g/cm3, of the curve's kind.
    """
    rho = np.multiply(ct.hu, np.float32(curve.slope), dtype=np.float32)
    rho += np.float32(curve.intercept)
    return DensityField(grid=ct.grid, rho=rho, kind=curve.kind)


def _check_kind(kind: DensityKind) -> None:
    if kind not in _PHANTOM_KINDS:
        raise CalibrationError(
            found=f"a calibration to density of kind {kind!r}",
            expected=f"the equivalent of a phantom's mineral: {' or '.join(_PHANTOM_KINDS)}",
            remedy="calibrate to the phantom's mineral; the preset converts to ash density",
        )


def _check_within(name: str, value: float, allowed: tuple[float, float], unit: str) -> None:
    low, high = allowed
    # written so that NaN fails
    if not low <= value <= high:
        raise CalibrationError(
            found=f"a calibration {name} of {value:.6g} {unit}".rstrip(),
            expected=f"between {low:g} and {high:g} {unit}".rstrip(),
            remedy="give density per HU in g/cm3, not mg/cm3 and not HU per density",
        )
