"""From values to colours that every reader can tell apart."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError

if TYPE_CHECKING:
    from matplotlib.colors import ListedColormap

__all__ = ["ColourScale", "common_limits"]

_N_COLOURS = 256
# from light red to dark red; viridis ends in yellow, so that the step shows in lightness too
_ABOVE_RGB = ((0.95, 0.45, 0.35), (0.45, 0.0, 0.1))


@dataclass(frozen=True, slots=True, kw_only=True)
class ColourScale:
    """One colour scale, shared by everything that a figure compares.

    Attributes
    ----------
    title : str
        Name of the quantity.
    unit : str
        Its unit; empty for a number without one.
    limits : (low, high)
        Values at the ends of the scale. What lies beyond takes the colour of the end, and the
        colour bar shows it by an arrow.
    threshold : float or None
        Value from which the colours turn red: the limit of a risk factor.
    """

    title: str
    unit: str
    limits: tuple[float, float]
    threshold: float | None = None

    def __post_init__(self) -> None:
        low, high = self.limits
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise OutOfRangeError(
                found=f"colour limits from {low:.4g} to {high:.4g}",
                expected="two finite limits, the lower one first",
                remedy="pass limits that span the field, as common_limits returns",
            )

    @property
    def label(self) -> str:
        """Quantity and unit, as the colour bar states them."""
        return f"{self.title} ({self.unit})" if self.unit else self.title

    def colormap(self) -> "ListedColormap":
        """Return viridis, and reds above a threshold."""
        from matplotlib import colormaps
        from matplotlib.colors import ListedColormap

        n_below = round(self._share_below() * _N_COLOURS)
        below = colormaps["viridis"](np.linspace(0.0, 1.0, n_below))[:, :3]
        above = np.linspace(*_ABOVE_RGB, _N_COLOURS - n_below)
        return ListedColormap(np.vstack((below, above)))

    def rgb(self, values: FloatArray) -> FloatArray:
        """Return colours between 0 and 1 of finite values, shape (n, 3)."""
        low, high = self.limits
        return np.asarray(self.colormap()((values - low) / (high - low))[:, :3])

    def exceeded(self, values: FloatArray) -> tuple[bool, bool]:
        """Return whether values lie below and above the limits."""
        return bool(np.nanmin(values) < self.limits[0]), bool(np.nanmax(values) > self.limits[1])

    def _share_below(self) -> float:
        low, high = self.limits
        if self.threshold is None:
            return 1.0
        return float(np.clip((self.threshold - low) / (high - low), 0.0, 1.0))


def common_limits(*fields: FloatArray, percentile: float = 99.0) -> tuple[float, float]:
    """Return colour limits from zero that suit all `fields`: a round number near a percentile.

    Parameters
    ----------
    *fields : (n,)
        Values that are drawn on one scale; NaN is left out.
    percentile : float, %
        Share of the values that the scale resolves; the largest few are often singular.

    Returns
    -------
    (0, high)

    Raises
    ------
    OutOfRangeError
        If no value is positive.
    """
    high = max(
        (float(np.nanpercentile(f, percentile)) for f in fields if np.isfinite(f).any()),
        default=0.0,
    )
    if high <= 0.0:
        raise OutOfRangeError(
            found="fields without a positive value",
            expected="at least one positive value to scale the colours by",
            remedy="check the fields, or pass the limits",
        )
    magnitude = 10.0 ** np.floor(np.log10(high))
    steps = np.array([1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0])
    return 0.0, float(steps[steps * magnitude >= high * (1.0 - 1e-9)][0] * magnitude)
