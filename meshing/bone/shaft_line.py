"""The line along which a shaft runs, and how thick it is: bowed shafts leave their axis."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray, check_shape, read_only
from femur_fea.errors import SegmentationError
from meshing.bone.geometry import BoneGeometry

__all__ = ["ShaftLine", "find_shaft_line"]

_STEP = 4.0  # mm between sections, more than the thickest usual slices
_SMOOTHING = 1.5  # sections
_FEWEST = 20  # voxels that make a section


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShaftLine:
    """Centre and radius of a femur's sections across z.

    Attributes
    ----------
    height : (n,), mm
        Heights in the femoral frame, ascending.
    centre : (n, 2), mm
        Centroids of the sections, lateral and anterior in the femoral frame.
    radius : (n,), mm
        Radii of circles of the sections' areas.
    """

    height: FloatArray
    centre: FloatArray
    radius: FloatArray

    def __post_init__(self) -> None:
        n = len(self.height)
        check_shape("centre", self.centre, (n, 2))
        check_shape("radius", self.radius, (n,))
        for name in ("height", "centre", "radius"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def centre_at(self, height: FloatArray) -> FloatArray:
        """Return the centres at heights (n,), shape (n, 2), mm; the end's beyond either end."""
        return np.column_stack([np.interp(height, self.height, c) for c in self.centre.T])

    def radius_at(self, height: FloatArray) -> FloatArray:
        """Return the radii at heights (n,), shape (n,), mm; the end's beyond either end."""
        return np.asarray(np.interp(height, self.height, self.radius))

    def flare_at(self, height: FloatArray) -> FloatArray:
        """Return the radius over the least one, at heights (n,) below that, shape (n,).

        It is 1 above the isthmus, and grows where a whole femur widens towards the knee.
        """
        isthmus = int(np.argmin(self.radius))
        flare = np.where(
            np.arange(len(self.radius)) < isthmus, self.radius / self.radius[isthmus], 1.0
        )
        return np.asarray(np.interp(height, self.height, flare))


def find_shaft_line(geometry: BoneGeometry) -> ShaftLine:
    """Return the line of the shaft from the head's centre downwards.

    Raises
    ------
    SegmentationError
        If the bone has no two sections below the head's centre.
    """
    frame = geometry.frame
    local = frame.to_frame(geometry.grid.to_world(np.argwhere(geometry.inside).astype(float)))
    local = local[local[:, 2] < 0.0]
    section = np.floor(-local[:, 2] / _STEP).astype(int)
    counts = np.bincount(section)
    n = int(np.argmax(counts < _FEWEST)) if np.any(counts < _FEWEST) else len(counts)
    n -= n > 2  # the lowest section is seldom a whole one
    if n < 2:
        raise SegmentationError(
            found=f"a femur that shows {n * _STEP:.0f} mm below the head's centre",
            expected="at least neck and trochanters",
            remedy="check the mask, its spacing and the femoral frame",
        )
    sums = [np.bincount(section, weights=local[:, axis])[:n] for axis in range(2)]
    centre = np.column_stack(sums) / counts[:n, None]
    area = counts[:n] * geometry.grid.voxel_volume / _STEP
    smooth = [ndimage.gaussian_filter1d(x, _SMOOTHING, mode="nearest") for x in (*centre.T, area)]
    return ShaftLine(
        height=(-(np.arange(n) + 0.5) * _STEP)[::-1].copy(),
        centre=np.column_stack(smooth[:2])[::-1].copy(),
        radius=np.sqrt(smooth[2] / np.pi)[::-1].copy(),
    )
