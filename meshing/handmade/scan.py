"""A simulated CT of the thigh round a femur: tissues, scanner blur and noise."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray, ImageGrid

__all__ = ["blend", "scan", "soft_tissue"]

# CT numbers in HU, usual values at 120 kV
AIR, FAT, MUSCLE, LESION = -1000.0, -100.0, 50.0, 40.0

# choices of this project
_THIGH_CENTRE = (-106.0, 8.0)  # mm, LPS x and y
_MUSCLE_SEMI_AXES = (68.0, 62.0)  # mm
_FAT_LAYER = 13.0  # mm
_EDGE = 0.9  # mm over which one tissue turns into the next: a voxel
_BLUR = 0.65  # mm, standard deviation of the point spread: 1.5 mm full width at half maximum
_NOISE = 12.0  # HU, standard deviation
_NOISE_LENGTH = 0.6  # voxels within a slice over which a kernel correlates the noise


def soft_tissue(grid: ImageGrid) -> FloatArray:
    """Return a thigh without bone: muscle within fat within air, shape (ni, nj, nk), HU."""
    i, j = np.indices(grid.shape[:2])
    flat = np.stack([i.ravel(), j.ravel(), np.zeros(i.size)], axis=1).astype(float)
    x, y = grid.to_world(flat)[:, :2].T.reshape(2, *grid.shape[:2])
    muscle = _ellipse(x, y, 0.0)
    skin = _ellipse(x, y, _FAT_LAYER)
    slice_hu = blend(blend(np.full(muscle.shape, AIR), FAT, skin), MUSCLE, muscle)
    return np.repeat(slice_hu[:, :, None], grid.shape[2], axis=2).astype(np.float32)


def blend(hu: FloatArray, inside: FloatArray | float, distance: FloatArray) -> FloatArray:
    """Return `hu` with the inside of a body filled in, mixed over a voxel at its surface."""
    share = np.clip(0.5 - distance / _EDGE, 0.0, 1.0)
    return np.asarray(hu + (inside - hu) * share)


def scan(hu: FloatArray, spacing: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return what a scanner makes of true CT numbers: blurred, noisy, in whole HU (int16)."""
    blurred = ndimage.gaussian_filter(hu, _BLUR / spacing, truncate=3.0)
    noise = rng.standard_normal(hu.shape, dtype=np.float32)
    noise = ndimage.gaussian_filter(noise, (_NOISE_LENGTH, _NOISE_LENGTH, 0.0), truncate=3.0)
    noise *= _NOISE / noise.std()
    return np.asarray(np.rint(blurred + noise).astype(np.int16))


def _ellipse(x: FloatArray, y: FloatArray, margin: float) -> FloatArray:
    """Distance to the ellipse of the thigh's muscles grown by `margin`, to first order, mm."""
    a, b = (s + margin for s in _MUSCLE_SEMI_AXES)
    u, v = x - _THIGH_CENTRE[0], y - _THIGH_CENTRE[1]
    scaled = np.hypot(u / a, v / b)
    slope = np.maximum(np.hypot(u / a**2, v / b**2), 1e-9)
    return np.asarray(scaled * (scaled - 1.0) / slope)
