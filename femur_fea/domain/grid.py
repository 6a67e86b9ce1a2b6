"""Where the samples of an image lie."""

import itertools
from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.errors import GridMismatchError, OutOfRangeError

__all__ = ["ImageGrid", "check_same_grid"]

_GRID_TOLERANCE_MM = 1e-2  # file formats store origins and spacings in single precision


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImageGrid:
    """A regular grid of samples in the patient's space.

    Attributes
    ----------
    shape : (3,)
        Numbers of samples along i, j, k.
    affine : (4, 4), mm
        Maps the index (i, j, k, 1) to LPS world coordinates.
    """

    shape: tuple[int, int, int]
    affine: FloatArray

    def __post_init__(self) -> None:
        affine = np.asarray(self.affine, dtype=float)
        check_shape("affine", affine, (4, 4))
        check_finite("affine", affine)
        if min(self.shape) < 1:
            raise OutOfRangeError(
                found=f"an image grid of shape {self.shape}",
                expected="at least one sample along each axis",
                remedy="check the image file",
            )
        if abs(float(np.linalg.det(affine[:3, :3]))) < 1e-12:
            raise OutOfRangeError(
                found="an affine whose axes are parallel or of length zero",
                expected="three independent axes with positive spacing",
                remedy="check spacing and direction in the image header",
            )
        object.__setattr__(self, "affine", read_only(affine))

    @property
    def spacing(self) -> FloatArray:
        """Distance between samples along i, j, k, shape (3,), mm."""
        return np.asarray(np.linalg.norm(self.affine[:3, :3], axis=0))

    @property
    def voxel_volume(self) -> float:
        """Volume of one voxel, mm3."""
        return abs(float(np.linalg.det(self.affine[:3, :3])))

    def to_world(self, index: FloatArray) -> FloatArray:
        """Return the LPS coordinates of fractional indices, shape (n, 3), mm."""
        return np.asarray(index @ self.affine[:3, :3].T + self.affine[:3, 3])

    def to_index(self, points: FloatArray) -> FloatArray:
        """Return the fractional indices of LPS points in mm, shape (n, 3)."""
        inverse = np.linalg.inv(self.affine[:3, :3])
        return np.asarray((points - self.affine[:3, 3]) @ inverse.T)

    def matches(self, other: "ImageGrid") -> bool:
        """Whether every sample of `other` lies where this grid's does, to 0.01 mm."""
        if self.shape != other.shape:
            return False
        ends = [(0.0, n - 1.0) for n in self.shape]
        corners = np.array(list(itertools.product(*ends)))
        apart = np.abs(self.to_world(corners) - other.to_world(corners)).max()
        return bool(apart < _GRID_TOLERANCE_MM)


def check_same_grid(name: str, grid: ImageGrid, other_name: str, other: ImageGrid) -> None:
    """Raise unless two images lie on one grid.

    Raises
    ------
    GridMismatchError
        With both shapes and spacings.
    """
    if not grid.matches(other):
        raise GridMismatchError(
            found=f"{name} on a grid of {_describe(grid)} and {other_name} on {_describe(other)}",
            expected="both on one grid",
            remedy=f"if both are of one scan, resample {other_name} onto the grid of {name} "
            "(nearest neighbour for a mask); else give those that belong together",
        )


def _describe(grid: ImageGrid) -> str:
    size = " x ".join(str(n) for n in grid.shape)
    spacing = " x ".join(f"{s:.3g}" for s in grid.spacing)
    origin = ", ".join(f"{x:.1f}" for x in grid.affine[:3, 3])
    return f"{size} voxels of {spacing} mm at ({origin}) mm"
