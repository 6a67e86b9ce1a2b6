"""Sheets of fat between muscles: where a smooth random field changes its sign."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray
from femur_risk.scanner.plane import Plane

__all__ = ["Septa", "septa_within"]

_LENGTH = (14.0, 14.0, 70.0)  # mm over which muscles go on; a choice
_STEP = (6.0, 6.0, 20.0)  # mm, of the field's own samples


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Septa:
    """A smooth random field.

    Attributes
    ----------
    low : (3,), mm
        Place of its first sample, LPS.
    field : (n, m, k), dimensionless
        Samples with unit variance, read between them.
    thickness : float, mm
        Mean thickness of the sheets.
    """

    low: FloatArray
    field: FloatArray
    thickness: float

    def share(self, plane: Plane) -> FloatArray:
        """Return the share of fat in every sample of a plane, (ni, nj)."""
        value = np.abs(self._at(plane))
        # near a zero the field rises by one in its length, on average
        width = plane.pixel / _LENGTH[0]
        half = 0.5 * self.thickness / _LENGTH[0]
        share = np.clip((half - value) / width + 0.5, 0.0, 1.0) * min(1.0, 2.0 * half / width)
        return np.asarray(share, dtype=np.float32)

    def _at(self, plane: Plane) -> FloatArray:
        height = np.clip((plane.z - self.low[2]) / _STEP[2], 0.0, self.field.shape[2] - 1.0)
        below = min(int(height), self.field.shape[2] - 2)
        upper = height - below
        layer = (1.0 - upper) * self.field[:, :, below] + upper * self.field[:, :, below + 1]
        rows = _between(plane.x, self.low[0], _STEP[0], layer.shape[0])
        columns = _between(plane.y, self.low[1], _STEP[1], layer.shape[1])
        return np.asarray(rows @ layer @ columns.T)


def septa_within(
    low: FloatArray, high: FloatArray, thickness: float, rng: np.random.Generator
) -> Septa:
    """Return sheets of fat of a thickness (mm) in a box between two corners, (3,), mm."""
    shape = [int(np.ceil(d / step)) + 2 for d, step in zip(high - low, _STEP, strict=True)]
    white = rng.standard_normal(shape, dtype=np.float32)
    smooth = ndimage.gaussian_filter(white, np.divide(_LENGTH, _STEP), mode="reflect")
    field = smooth / smooth.std()
    return Septa(low=np.asarray(low, dtype=float), field=field, thickness=thickness)


def _between(line: FloatArray, low: float, step: float, count: int) -> FloatArray:
    """Return the weights of linear interpolation, (n, count)."""
    at = np.clip((line - low) / step, 0.0, count - 1.0)
    off = np.abs(at[:, None] - np.arange(count)[None, :])
    return np.asarray(np.clip(1.0 - off, 0.0, 1.0), dtype=np.float32)
