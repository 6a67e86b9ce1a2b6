"""An error that all references of a line share, so that no residual shows it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from femur_fea.domain import FloatArray, Provenance

__all__ = ["CommonError"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonError:
    """How far the line of bone may lie from that of its references, beyond their own errors.

    Attributes
    ----------
    scale : float
        Standard error of the density scale as a fraction: slope and intercept move together.
    offset : float, g/cm3
        Standard error of all densities alike.
    provenance : {"published", "unverified"}
        Whether the two numbers were read in their source.
    source : str
        Citation, or how they were found.
    """

    scale: float
    offset: float
    provenance: Provenance
    source: str

    def covariance(self, slope: float, intercept: float) -> FloatArray:
        """Return what the error adds to the covariance of a line's slope and intercept, (2, 2)."""
        line = np.array([slope, intercept])
        return self.scale**2 * np.outer(line, line) + np.diag([0.0, self.offset**2])

    def to_dict(self) -> dict[str, Any]:
        """Return the error with unit-suffixed keys."""
        return {
            "scale_fraction": self.scale,
            "offset_g_per_cm3": self.offset,
            "provenance": self.provenance,
            "source": self.source,
        }
