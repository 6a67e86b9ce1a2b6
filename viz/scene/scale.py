"""Colours of a scene: those of the figures, and a scale of its own for differences."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError

__all__ = ["DifferenceScale", "SceneScale", "gradient"]

_N_STOPS = 32


class SceneScale(Protocol):
    """What turns values into colours and says what they mean."""

    @property
    def limits(self) -> tuple[float, float]:
        """Values at the ends of the scale."""

    @property
    def label(self) -> str:
        """Quantity and unit."""

    def rgb(self, values: FloatArray) -> FloatArray:
        """Return colours between 0 and 1 of finite values, shape (n, 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceScale:
    """A scale about zero, blue below and red above, which the colour-blind tell apart.

    Attributes
    ----------
    title : str
        Name of the difference.
    unit : str
        Its unit; empty for a number without one.
    largest : float
        Value at the upper end; the lower end is its opposite.
    """

    title: str
    unit: str
    largest: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.largest) and self.largest > 0.0):
            raise OutOfRangeError(
                found=f"a scale of differences up to {self.largest:.4g}",
                expected="a positive number",
                remedy="pass the largest difference that is to be told apart",
            )

    @property
    def limits(self) -> tuple[float, float]:
        """Values at the ends of the scale."""
        return -self.largest, self.largest

    @property
    def label(self) -> str:
        """Quantity and unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def rgb(self, values: FloatArray) -> FloatArray:
        """Return colours between 0 and 1 of finite values, shape (n, 3)."""
        from matplotlib import colormaps

        return np.asarray(colormaps["RdBu_r"](0.5 + 0.5 * values / self.largest)[:, :3])


def gradient(scale: SceneScale) -> tuple[str, ...]:
    """Return the colours of a scale from its lower to its upper end, as #rrggbb."""
    rgb = scale.rgb(np.linspace(*scale.limits, _N_STOPS))
    return tuple("#{:02x}{:02x}{:02x}".format(*row) for row in np.round(255.0 * rgb).astype(int))
