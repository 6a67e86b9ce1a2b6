"""Laws that are pieced together from powers of density, each with an offset."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import DensityKind, FloatArray, Provenance
from femur_fea.errors import OutOfRangeError
from femur_fea.materials.law import check_not_negative, power_term

__all__ = ["PowerSegment", "SegmentedLaw"]


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

    @property
    def equation(self) -> str:
        """The property, MPa, in terms of rho, g/cm3, and where the segment ends."""
        offset = f" {'-' if self.c < 0.0 else '+'} {abs(self.c):g}" if self.c else ""
        end = "" if np.isinf(self.up_to) else f" up to {self.up_to:g}"
        return f"{power_term(self.a, self.b)}{offset}{end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentedLaw:
    """A law that changes its coefficients with density, or has an offset.

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

    @property
    def equation(self) -> str:
        """The property, MPa, in terms of rho, g/cm3, segment by segment."""
        return ", then ".join(segment.equation for segment in self.segments)

    def value(self, rho: FloatArray) -> FloatArray:
        """Return the property, MPa, of densities in g/cm3.

        An offset can make it negative at low densities.

        Raises
        ------
        OutOfRangeError
            If a density is negative: a power of it has no meaning.
        """
        check_not_negative(rho)
        which = np.searchsorted([s.up_to for s in self.segments], rho)
        a, b, c = np.array([(s.a, s.b, s.c) for s in self.segments])[which].transpose(
            -1, *range(rho.ndim)
        )
        return np.asarray(a * rho**b + c)
