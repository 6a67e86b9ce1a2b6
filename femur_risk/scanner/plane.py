"""One plane of samples across the body, in which tissues are painted."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["Plane", "blend"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plane:
    """Samples at one height.

    Attributes
    ----------
    x, y : (ni,), (nj,), mm
        Coordinates of the samples, LPS.
    z : float, mm
        Height.
    """

    x: FloatArray
    y: FloatArray
    z: float

    @property
    def pixel(self) -> float:
        """Distance between samples along x, mm."""
        return float(self.x[1] - self.x[0])

    def points(self) -> FloatArray:
        """Return the positions of all samples, shape (ni, nj, 3), single precision, mm."""
        found = np.empty((self.x.size, self.y.size, 3), dtype=np.float32)
        found[..., 0] = self.x[:, None]
        found[..., 1] = self.y[None, :]
        found[..., 2] = self.z
        return found

    def near(self, centre: tuple[float, float], reach: tuple[float, float]) -> "Window":
        """Return the part of the plane within `reach` of a point along x and along y."""
        parts = []
        for line, middle, far in zip((self.x, self.y), centre, reach, strict=True):
            first, last = np.searchsorted(line, (middle - far, middle + far))
            parts.append(slice(int(first), int(last)))
        return Window(
            where=(parts[0], parts[1]),
            plane=Plane(x=self.x[parts[0]], y=self.y[parts[1]], z=self.z),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """A part of a plane.

    Attributes
    ----------
    where : (2,) slice
        Which samples.
    plane : Plane
        The part itself.
    """

    where: tuple[slice, slice]
    plane: Plane

    @property
    def is_empty(self) -> bool:
        """Whether it holds fewer than two samples along an axis."""
        return min(self.plane.x.size, self.plane.y.size) < 2


def blend(
    hu: FloatArray, inside: FloatArray | float, distance: FloatArray, width: float
) -> FloatArray:
    """Return `hu` with a body filled in, mixed over `width` (mm) at its surface."""
    share = np.clip(0.5 - distance / width, 0.0, 1.0)
    return np.asarray(hu + (inside - hu) * share, dtype=np.float32)
