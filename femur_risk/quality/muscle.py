"""Muscle near the bone, in which noise is seen without anatomy."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import MAD_TO_SD, BoolArray, CTVolume, FloatArray, LabelMask
from femur_risk.segmentation import crop

__all__ = ["MuscleNoise", "muscle_noise"]

_REACH = 40.0  # mm round the bone
_AWAY = 4.0  # mm from the bone that are not muscle alone
# HU of muscle, its mean over a few millimetres; with contrast agent it rises by some 20 HU
_MUSCLE_HU = (0.0, 120.0)
_SMOOTH = 2.0  # mm over which noise is averaged to tell muscle
_EDGE = 3.0  # mm from fat, vessels and air that are left out
_WINDOW = 9.0  # mm over which the mean is taken off
# smoothed noise is a bell; what lies farther out than this many standard deviations is anatomy
_STRUCTURE = 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MuscleNoise:
    """Noise in muscle, slice by slice.

    Attributes
    ----------
    noise : (ni, nj, nk), HU
        CT number above its mean in the plane; 0 where there is no muscle.
    there : (ni, nj, nk), bool
        Where there is muscle.
    spacing : (3,), mm
        Of the voxels.
    """

    noise: FloatArray
    there: BoolArray
    spacing: FloatArray

    @property
    def level(self) -> float:
        """Standard deviation, robust against what is no noise, HU."""
        return float(MAD_TO_SD * np.median(np.abs(self.noise[self.there])))


def muscle_noise(ct: CTVolume, femur: LabelMask) -> MuscleNoise:
    """Return the noise in the muscle round a bone, in the slices that show it.

    Slices are stacked along the third axis of the image.
    """
    near = crop(ct, femur, margin=_REACH)
    spacing = near.ct.grid.spacing
    hu = near.ct.hu.astype(np.float32)
    flat = np.array([1.0, 1.0, 0.0])
    smooth = ndimage.gaussian_filter(hu, _SMOOTH / spacing * flat)
    muscle = (smooth > _MUSCLE_HU[0]) & (smooth < _MUSCLE_HU[1])
    muscle &= ~_grown(near.masks[0].inside, _AWAY, spacing)
    muscle = ~_grown(~muscle, _EDGE, spacing)
    structure = np.abs(_above_mean(smooth, muscle, spacing))
    if muscle.any():
        usual = MAD_TO_SD * float(np.median(structure[muscle]))
        muscle &= ~_grown(structure > _STRUCTURE * usual, _EDGE, spacing)
    return MuscleNoise(noise=_above_mean(hu, muscle, spacing), there=muscle, spacing=spacing)


def _above_mean(values: FloatArray, where: BoolArray, spacing: FloatArray) -> FloatArray:
    """Return values less their mean over a window of the region; 0 outside it."""
    size = [2 * int(np.ceil(0.5 * _WINDOW / step)) + 1 for step in spacing[:2]]
    share, total = (
        ndimage.uniform_filter(part, size=(*size, 1))
        for part in (where.astype(np.float32), np.where(where, values, np.float32(0.0)))
    )
    above = np.zeros_like(values)
    above[where] = values[where] - total[where] / share[where]
    return np.asarray(above)


def _grown(inside: BoolArray, width: float, spacing: FloatArray) -> BoolArray:
    """Return a region grown by a square of half the side `width`, mm, within each slice."""
    size = [2 * int(np.ceil(width / step)) + 1 for step in spacing[:2]]
    return np.asarray(ndimage.maximum_filter(inside, size=(*size, 1)))
