"""What wrong rays add to the image."""

from collections.abc import Sequence

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.scanner.anatomy import Anatomy, Surroundings
from femur_risk.scanner.projection import projector
from femur_risk.scanner.rays import RayFault, rays_of
from femur_risk.scanner.render import Axes, PointSpread, render
from femur_risk.scanner.resampling import separable
from femur_risk.scanner.tube import Tube

__all__ = ["artefacts"]

# a coarse grid that holds any body; choices
_WIDTH = 560.0  # mm
_MATRIX = 192
_VIEWS = 180
_HEIGHT = 3.0  # mm between coarse slices, where those of the scan are closer


def artefacts(
    anatomy: Anatomy,
    around: Surroundings,
    tube: Tube,
    axes: Axes,
    faults: Sequence[RayFault],
    rng: np.random.Generator,
) -> FloatArray:
    """Return what faults of rays add to CT numbers, (ni, nj, nk), single precision, HU.

    Parameters
    ----------
    anatomy, around, tube
        The patient and the beam.
    axes : ((ni,), (nj,), (nk,)), mm
        Coordinates of the samples of the scan.
    faults
        What makes rays wrong; the errors of several are added up.
    rng : Generator
        Makes their noise.
    """
    coarse = _coarse(axes)
    pixel = float(coarse[0][1] - coarse[0][0])
    spread = PointSpread(sigma=0.5 * pixel, thickness=max(_step(coarse[2]), _step(axes[2])))
    beams = projector(_MATRIX, pixel, _VIEWS)
    rays = rays_of(render(anatomy, around, tube, coarse, spread), beams, tube.water)
    error = sum((fault.error(rays, rng) for fault in faults), np.zeros_like(rays.soft))
    hu = 1000.0 / tube.water * tube.scale * beams.reconstruct(error)
    x, y, z = (_linear(at, own) for at, own in zip(axes, coarse, strict=True))
    return separable(hu.astype(np.float32), x, y, z)


def _coarse(axes: Axes) -> Axes:
    """Return coarse axes round the middle of the scan's slices, from its lowest to its highest."""
    pixel = _WIDTH / _MATRIX
    away = pixel * (np.arange(_MATRIX) - 0.5 * (_MATRIX - 1))
    low, high = float(axes[2][0]), float(axes[2][-1])
    count = max(2, int(np.ceil((high - low) / max(_HEIGHT, _step(axes[2])))) + 1)
    x, y = (away + 0.5 * (line[0] + line[-1]) for line in axes[:2])
    return x, y, np.linspace(low, max(high, low + 1e-3), count)


def _step(line: FloatArray) -> float:
    return float(line[1] - line[0]) if line.size > 1 else 1.0


def _linear(at: FloatArray, own: FloatArray) -> FloatArray:
    """Return the weights of linear interpolation between samples, (n, m), constant beyond them."""
    place = np.clip((at - own[0]) / (own[1] - own[0]), 0.0, own.size - 1.0)
    off = np.abs(place[:, None] - np.arange(own.size)[None, :])
    return np.asarray(np.clip(1.0 - off, 0.0, 1.0), dtype=np.float32)
