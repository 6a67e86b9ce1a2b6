"""Relations between bone density and a mechanical property."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from femur_fea.domain import DensityKind, FloatArray, Provenance, PublishedRecord
from femur_fea.errors import OutOfRangeError

__all__ = ["DensityLaw", "PowerLaw", "check_not_negative", "power_term"]


class DensityLaw(PublishedRecord, Protocol):
    """A published relation between one kind of density and a modulus or strength in MPa."""

    @property
    def density_kind(self) -> DensityKind:
        """Which density the law takes."""

    @property
    def rho_range(self) -> tuple[float, float] | None:
        """Range of density in which the law was measured, g/cm3; None where not known to us."""

    @property
    def equation(self) -> str:
        """The property, MPa, in terms of rho, g/cm3."""

    def value(self, rho: FloatArray) -> FloatArray:
        """Return the property, MPa, of densities in g/cm3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLaw:
    """Property = a rho^b.

    Attributes
    ----------
    a : float, MPa
        Property at a density of 1 g/cm3.
    b : float
        Exponent.
    density_kind : {"ash", "apparent", "CaHA", "K2HPO4"}
        Which density the law takes.
    source : str
        Citation.
    rho_range : (2,), g/cm3, or None
        Range of density in which the law was measured; None where our source does not tell.
    provenance : {"published", "unverified"}
        Whether the coefficients were checked against a published text.
    """

    a: float
    b: float
    density_kind: DensityKind
    source: str
    rho_range: tuple[float, float] | None = None
    provenance: Provenance

    @property
    def equation(self) -> str:
        """The property, MPa, in terms of rho, g/cm3."""
        return power_term(self.a, self.b)

    def value(self, rho: FloatArray) -> FloatArray:
        """Return the property, MPa, of densities in g/cm3.

        Raises
        ------
        OutOfRangeError
            If a density is negative: a power of it has no meaning.
        """
        check_not_negative(rho)
        return np.asarray(self.a * rho**self.b)


def power_term(a: float, b: float) -> str:
    """Return a rho^b as text."""
    return f"{a:g} rho" if b == 1.0 else f"{a:g} rho^{b:g}"


def check_not_negative(rho: FloatArray) -> None:
    """Raise if a density is negative.

    Raises
    ------
    OutOfRangeError
        With the lowest density.
    """
    if rho.size and float(rho.min()) < 0.0:
        raise OutOfRangeError(
            found=f"a density of {float(rho.min()):.3g} g/cm3",
            expected="densities of at least 0",
            remedy="clamp the equivalent density before converting it",
        )
