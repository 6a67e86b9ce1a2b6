"""Which part of space is reconstructed, and in which samples."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, ImageGrid
from femur_fea.errors import OutOfRangeError
from femur_risk.scanner.anatomy import Anatomy, Surroundings

__all__ = ["FieldOfView", "beyond_circle", "grid_of"]

_ABOVE, _BELOW = 25.0, 0.0  # mm above and below the femur that a scan shows by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOfView:
    """The field of reconstruction.

    Attributes
    ----------
    diameter_mm : float
        Side of the square; its circle is what scanners fill.
    matrix : int
        Samples along each side.
    slice_spacing_mm : float
        Distance between slices.
    centre_mm : (2,) or None
        x and y of the middle, LPS; None for the middle of body and phantom.
    heights_mm : (2,) or None
        Lowest and highest slice; None for the femora with 25 mm above them.
    """

    diameter_mm: float = 450.0
    matrix: int = 512
    slice_spacing_mm: float = 1.0
    centre_mm: tuple[float, float] | None = None
    heights_mm: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        pixel = self.diameter_mm / max(self.matrix, 1)
        if self.matrix >= 16 and 0.1 <= pixel <= 10.0 and 0.1 <= self.slice_spacing_mm <= 10.0:
            return
        raise OutOfRangeError(
            found=f"{self.matrix} samples over {self.diameter_mm:g} mm, slices "
            f"{self.slice_spacing_mm:g} mm apart",
            expected="16 samples or more, 0.1 to 10 mm apart, as the slices",
            remedy="check the units",
        )


def grid_of(view: FieldOfView, anatomy: Anatomy, around: Surroundings) -> ImageGrid:
    """Return the grid of the scan: axes along x, y and z of the patient, ascending."""
    extent = np.array([bone.extent() for bone in anatomy.bones])
    low, high = view.heights_mm or (
        float(extent[:, 0, 2].min()) - _BELOW,
        float(extent[:, 1, 2].max()) + _ABOVE,
    )
    x, y = view.centre_mm or _middle(around)
    pixel = view.diameter_mm / view.matrix
    n_slices = int((high - low) / view.slice_spacing_mm) + 1
    affine = np.diag([pixel, pixel, view.slice_spacing_mm, 1.0])
    half = 0.5 * pixel * (view.matrix - 1)
    affine[:3, 3] = (x - half, y - half, low)
    return ImageGrid(shape=(view.matrix, view.matrix, n_slices), affine=affine)


def beyond_circle(view: FieldOfView, grid: ImageGrid) -> BoolArray:
    """Return which samples of a slice lie outside the circle of reconstruction, (ni, nj)."""
    away = np.arange(view.matrix) - 0.5 * (view.matrix - 1)
    radius = np.hypot(away[:, None], away[None, :]) * float(grid.spacing[0])
    return np.asarray(radius > 0.5 * view.diameter_mm)


def _middle(around: Surroundings) -> tuple[float, float]:
    front = around.body.middle[1] - around.body.build.trunk_muscle_mm[1]
    front -= around.body.build.fat_mm + around.body.build.skin_mm
    return around.body.middle[0], 0.5 * (front + around.couch_top[1])
