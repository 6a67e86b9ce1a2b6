"""Relations between bone density and a mechanical property."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from femur_fea.domain import DensityKind, FloatArray, Provenance, PublishedRecord
from femur_fea.errors import OutOfRangeError

__all__ = ["DensityLaw", "PowerLaw", "PowerSegment", "SegmentedLaw"]


class DensityLaw(PublishedRecord, Protocol):
    """A published relation between one kind of density and a modulus or strength in MPa."""

    @property
    def density_kind(self) -> DensityKind:
        """Which density the law takes."""

    @property
    def rho_range(self) -> tuple[float, float] | None:
        """Range of density in which the law was measured, g/cm3; None where not known to us."""

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

    def value(self, rho: FloatArray) -> FloatArray:
        """Return the property, MPa, of densities in g/cm3.

        Raises
        ------
        OutOfRangeError
            If a density is negative: a power of it has no meaning.
        """
        _check_not_negative(rho)
        return np.asarray(self.a * rho**self.b)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerSegment:
    """Property = a rho^b + c, up to and including a density.

    Attributes
    ----------
    a : float, MPa
        Factor.
    b : float
        Exponent.
    c : float, MPa
        Offset.
    up_to : float, g/cm3
        Upper end of the segment; infinite for the last one.
    """

    a: float
    b: float
    c: float = 0.0
    up_to: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedLaw:
    """A law that changes its coefficients with density.

    Attributes
    ----------
    segments : tuple of PowerSegment
        In ascending order; the last one has no upper end.
    density_kind, source, rho_range, provenance
        As in `PowerLaw`.
    """

    segments: tuple[PowerSegment, ...]
    density_kind: DensityKind
    source: str
    rho_range: tuple[float, float] | None = None
    provenance: Provenance

    def __post_init__(self) -> None:
        ends = [segment.up_to for segment in self.segments]
        if not ends or ends != sorted(set(ends)) or not np.isinf(ends[-1]):
            raise OutOfRangeError(
                found=f"segments that end at {ends} g/cm3",
                expected="ascending ends, the last of them infinite",
                remedy="list the segments from the lowest density up",
            )

    def value(self, rho: FloatArray) -> FloatArray:
        """Return the property, MPa, of densities in g/cm3.

        Raises
        ------
        OutOfRangeError
            If a density is negative: a power of it has no meaning.
        """
        _check_not_negative(rho)
        which = np.searchsorted([s.up_to for s in self.segments], rho)
        a, b, c = np.array([(s.a, s.b, s.c) for s in self.segments])[which].transpose(
            -1, *range(rho.ndim)
        )
        return np.asarray(a * rho**b + c)


def _check_not_negative(rho: FloatArray) -> None:
    if rho.size and float(rho.min()) < 0.0:
        raise OutOfRangeError(
            found=f"a density of {float(rho.min()):.3g} g/cm3",
            expected="densities of at least 0",
            remedy="clamp the equivalent density before converting it",
        )
