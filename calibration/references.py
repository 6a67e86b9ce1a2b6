"""Materials of known density in a scan, and how a line fits them."""

import math
from dataclasses import dataclass
from typing import Any

from femur_fea.domain import FloatArray, check_shape, read_only
from femur_fea.errors import CalibrationError

__all__ = ["CurveFit", "Reference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A material of known equivalent density and its CT number in one scan.

    Attributes
    ----------
    name : str
        What it is: a rod of a phantom, a tissue.
    rho, rho_se : float, g/cm3
        Equivalent density and its standard error.
    hu, hu_se : float, HU
        Mean CT number and its standard error: that of the mean, with the correlation of noise
        between voxels counted, not the scatter of single voxels.
    """

    name: str
    rho: float
    rho_se: float
    hu: float
    hu_se: float

    def __post_init__(self) -> None:
        finite = all(map(math.isfinite, (self.rho, self.rho_se, self.hu, self.hu_se)))
        if finite and self.rho_se >= 0.0 and self.hu_se >= 0.0 and self.rho_se + self.hu_se > 0.0:
            return
        raise CalibrationError(
            found=f"the reference {self.name!r} of {self.rho:g} +- {self.rho_se:g} g/cm3 with "
            f"{self.hu:g} +- {self.hu_se:g} HU",
            expected="finite numbers, and standard errors that are not negative nor both zero",
            remedy="state how well the density is known, or how well its CT number is measured",
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the reference with unit-suffixed keys."""
        return {
            "name": self.name,
            "density_g_per_cm3": self.rho,
            "density_standard_error_g_per_cm3": self.rho_se,
            "ct_number_HU": self.hu,
            "ct_number_standard_error_HU": self.hu_se,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CurveFit:
    """How a line fits its references.

    Attributes
    ----------
    references : tuple of Reference
        What it was fitted to.
    residuals : (n,), g/cm3
        Density of each reference less that of the line at its CT number.
    r2 : float or None
        Fraction of the references' variance in density that the line explains; None for two
        references, which every line fits.
    chi2 : float
        Sum of the squared residuals over their expected variance.
    inflation : float
        Factor by which the covariance was widened because the residuals contradict the stated
        errors; 1 where they do not.
    """

    references: tuple[Reference, ...]
    residuals: FloatArray
    r2: float | None
    chi2: float
    inflation: float

    def __post_init__(self) -> None:
        check_shape("residuals", self.residuals, (len(self.references),))
        object.__setattr__(self, "residuals", read_only(self.residuals))

    @property
    def degrees_of_freedom(self) -> int:
        """How many references there are beyond the two that a line needs."""
        return len(self.references) - 2

    def to_dict(self) -> dict[str, Any]:
        """Return the fit with unit-suffixed keys."""
        return {
            "references": [
                {**reference.to_dict(), "residual_g_per_cm3": float(residual)}
                for reference, residual in zip(self.references, self.residuals, strict=True)
            ],
            "R2": self.r2,
            "chi2": self.chi2,
            "degrees_of_freedom": self.degrees_of_freedom,
            "variance_inflation": self.inflation,
        }
