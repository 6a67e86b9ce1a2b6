"""Noise of a CT, measured in muscle beside the bone and made anew where tissue is replaced."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import MAD_TO_SD, FloatArray, IntArray

__all__ = ["CTNoise", "make_noise", "measure_noise"]

_MUSCLE = (10.0, 110.0)  # HU of a local mean
_CLEAR = 3.0  # mm off the bone
_WINDOW = 5  # voxels of the local mean that is taken off
_FEWEST = 300  # voxels
_LEAST_CORRELATION = 0.05  # below it neighbours count as independent


@dataclass(frozen=True, slots=True, kw_only=True)
class CTNoise:
    """Noise of a scan.

    Attributes
    ----------
    sd : float, HU
        Standard deviation.
    smoothing : (3,), voxels
        Standard deviation of the bell that gives white noise this correlation of neighbours.
    """

    sd: float
    smoothing: tuple[float, float, float]


def measure_noise(hu: FloatArray | IntArray, distance: FloatArray) -> CTNoise | None:
    """Return the noise in muscle beside a bone, or None where there is too little muscle.

    Parameters
    ----------
    hu : (ni, nj, nk), HU
        Part of a scan.
    distance : (ni, nj, nk), mm
        Signed distance to the bone, negative inside.

    Notes
    -----
    A local mean over 5 voxels is taken off, so noise that is correlated farther is underestimated.
    """
    values = hu.astype(np.float32)
    mean = ndimage.uniform_filter(values, _WINDOW, mode="nearest")
    muscle = (distance > _CLEAR) & (mean > _MUSCLE[0]) & (mean < _MUSCLE[1])
    muscle = ndimage.binary_erosion(muscle)
    if np.count_nonzero(muscle) < _FEWEST:
        return None
    rest = values - mean
    sd = MAD_TO_SD * float(np.median(np.abs(rest[muscle])))
    smoothing = []
    for axis in range(3):
        first, second = np.roll(rest, 1, axis), np.roll(muscle, 1, axis)
        pairs = muscle & second
        correlation = float(np.mean(rest[pairs] * first[pairs])) / max(
            float(np.var(rest[pairs])), 1e-9
        )
        # two samples of noise smoothed by a bell correlate by exp(-1 / (4 s^2)), one voxel apart
        correlation = min(correlation, 0.95)
        smoothing.append(
            float(np.sqrt(-0.25 / np.log(correlation))) if correlation > _LEAST_CORRELATION else 0.0
        )
    return CTNoise(sd=sd, smoothing=(smoothing[0], smoothing[1], smoothing[2]))


def make_noise(noise: CTNoise, shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    """Return noise with this standard deviation and correlation, shape `shape`, HU."""
    values = ndimage.gaussian_filter(rng.standard_normal(shape), noise.smoothing, mode="wrap")
    return np.asarray(values * noise.sd / max(float(values.std()), 1e-9))
