"""Noise of a reconstruction by filtered back-projection."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError
from femur_risk.scanner.resampling import box_weights

__all__ = ["Noise", "noise_slices"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Level of the noise, the same everywhere.

    Attributes
    ----------
    deviation_HU : float
        Standard deviation of one voxel.
    """

    deviation_HU: float = 15.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.deviation_HU <= 500.0:
            raise OutOfRangeError(
                found=f"noise of {self.deviation_HU:g} HU",
                expected="between 0 and 500 HU",
                remedy="give the standard deviation of one voxel",
            )


def noise_slices(
    noise: Noise,
    *,
    matrix: int,
    pixel: float,
    sigma: float,
    z: FloatArray,
    thickness: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Return noise, shape (matrix, matrix, nk), single precision, HU.

    Parameters
    ----------
    noise : Noise
        Its level.
    matrix, pixel : int and float, mm
        Samples along each side of a slice, and their distance.
    sigma : float, mm
        Standard deviation of the kernel's Gaussian point spread.
    z : (nk,), mm
        Heights of the slices.
    thickness : float, mm
        Of the slices; those that overlap share noise.
    rng : Generator
        Makes it.

    Notes
    -----
    White noise of the projections has after filtered back-projection the power f M(f)^2 at the
    spatial frequency f: a ramp times the squared transfer function of the kernel (Riederer,
    Pelc and Chesler, Phys Med Biol 1978;23:446).
    """
    across = np.fft.fftfreq(matrix, pixel)[:, None]
    along = np.fft.rfftfreq(matrix, pixel)[None, :]
    frequency = np.hypot(across, along)
    amplitude = np.sqrt(frequency) * np.exp(-2.0 * (np.pi * sigma * frequency) ** 2)
    amplitude = (amplitude / _deviation(amplitude, matrix)).astype(np.float32)
    found = np.empty((matrix, matrix, z.size), dtype=np.float32)
    for k in range(z.size):
        white = rng.standard_normal((matrix, matrix), dtype=np.float32)
        found[:, :, k] = np.fft.irfft2(np.fft.rfft2(white) * amplitude, s=white.shape)
    return np.asarray(noise.deviation_HU * _shared(found, z, thickness))


def _deviation(amplitude: FloatArray, matrix: int) -> float:
    """Return the standard deviation of filtered white noise: the mean over all frequencies."""
    twice = np.full(amplitude.shape[1], 2.0)
    twice[0] = 1.0
    if matrix % 2 == 0:
        twice[-1] = 1.0
    return float(np.sqrt(np.sum(amplitude**2 * twice)) / matrix)


def _shared(found: FloatArray, z: FloatArray, thickness: float) -> FloatArray:
    if z.size < 2 or thickness <= 1.001 * float(z[1] - z[0]):
        return found
    weights = box_weights(z, z, thickness)
    weights /= np.sqrt((weights**2).sum(axis=1, keepdims=True))
    return np.asarray(found @ weights.T)
