"""A power law of density whose factor grows with the rate of strain."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import DensityKind, FloatArray, Provenance
from femur_fea.errors import OutOfRangeError
from femur_fea.materials.law import check_not_negative, power_term

__all__ = ["StrainRateLaw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrainRateLaw:
    """Property = a (strain rate)^m rho^b.

    Attributes
    ----------
    a : float, MPa
        Property at a density of 1 g/cm3 and a strain rate of 1 per s.
    b : float
        Exponent of the density.
    m : float
        Exponent of the strain rate.
    strain_rate : float, 1/s
        At which the law is evaluated.
    density_kind, source, rho_range, provenance
        As in `PowerLaw`.
    """

    a: float
    b: float
    m: float
    strain_rate: float
    density_kind: DensityKind
    source: str
    rho_range: tuple[float, float] | None = None
    provenance: Provenance

    def __post_init__(self) -> None:
        if not self.strain_rate > 0.0:
            raise OutOfRangeError(
                found=f"a strain rate of {self.strain_rate:g} per s",
                expected="a positive rate: the law has no limit at rest",
                remedy="use 0.01 per s for a slow test",
            )

    @property
    def equation(self) -> str:
        """The property, MPa, in terms of rho, g/cm3, at the strain rate of the record."""
        return f"{power_term(self.a, self.b)} (rate)^{self.m:g} at {self.strain_rate:g} per s"

    def at_rate(self, strain_rate: float) -> "StrainRateLaw":
        """Return the law at another strain rate, 1/s.

        Raises
        ------
        OutOfRangeError
            If the rate is not positive.
        """
        return replace(self, strain_rate=strain_rate)

    def value(self, rho: FloatArray) -> FloatArray:
        """Return the property, MPa, of densities in g/cm3.

        Raises
        ------
        OutOfRangeError
            If a density is negative: a power of it has no meaning.
        """
        check_not_negative(rho)
        return np.asarray(self.a * self.strain_rate**self.m * rho**self.b)
