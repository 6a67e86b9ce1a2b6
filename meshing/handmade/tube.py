"""A tube of compact bone whose wall is known, as a scanner shows it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import DensityField, FloatArray, ImageGrid, LabelMask

__all__ = ["ScannedTube", "scanned_tube"]

_PARTS = 4  # samples of the truth along each edge of a voxel
_MARGIN = 8.0  # mm of muscle round the tube


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScannedTube:
    """A tube and its scan.

    Attributes
    ----------
    image : DensityField
        What the scanner shows, CaHA.
    bone : LabelMask
        Voxels whose centres lie in the tube or its canal.
    radius : float, mm
        Outer radius.
    wall : callable
        Thickness of the wall, mm, at heights, mm.
    """

    image: DensityField
    bone: LabelMask
    radius: float
    wall: Callable[[FloatArray], FloatArray]


def scanned_tube(
    wall: Callable[[FloatArray], FloatArray],
    *,
    blur: float,
    spacing: tuple[float, float, float],
    noise: float,
    rng: np.random.Generator,
    radius: float = 14.0,
    height: float = 30.0,
    cortex: float = 1.15,
    marrow: float = 0.1,
    muscle: float = 0.04,
) -> ScannedTube:
    """Return a tube along the slices' normal, blurred, averaged over a slice, sampled, with noise.

    Parameters
    ----------
    wall : callable
        Thickness of the wall, mm, at heights (n,), mm.
    blur : float, mm
        Standard deviation of the scanner's point spread, the same in all directions.
    spacing : (3,), mm
        Of the voxels; a slice is as thick as it is far from the next.
    noise : float, g/cm3
        Standard deviation of the noise, white.
    rng : Generator
        Makes the noise.
    radius, height : float, mm
        Of the tube.
    cortex, marrow, muscle : float, g/cm3
        Densities of wall, canal and surroundings.
    """
    step = np.asarray(spacing)
    half = radius + _MARGIN
    shape = tuple(int(n) for n in np.ceil(np.array([2.0 * half, 2.0 * half, height]) / step))
    fine = [
        (np.arange(n * _PARTS) + 0.5) * h / _PARTS - 0.5 * n * h
        for n, h in zip(shape, step, strict=True)
    ]
    away = np.hypot(fine[0][:, None], fine[1][None, :])[:, :, None]
    inner = radius - wall(fine[2])[None, None, :]
    true = np.where(away > radius, muscle, np.where(away > inner, cortex, marrow))
    blurred = ndimage.gaussian_filter(true.astype(np.float32), blur * _PARTS / step, mode="nearest")
    seen = _sampled(blurred) + rng.normal(0.0, noise, shape)
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = [(0.5 - 0.5 * n) * h for n, h in zip(shape, step, strict=True)]
    grid = ImageGrid(shape=(shape[0], shape[1], shape[2]), affine=affine)
    i, j = (affine[a, 3] + np.arange(shape[a]) * step[a] for a in range(2))
    inside = np.hypot(i[:, None], j[None, :]) < radius
    return ScannedTube(
        image=DensityField(grid=grid, rho=seen, kind="CaHA"),
        bone=LabelMask(grid=grid, inside=np.repeat(inside[:, :, None], shape[2], axis=2)),
        radius=radius,
        wall=wall,
    )


def _sampled(fine: FloatArray) -> FloatArray:
    """Return the values at the centres of voxels: a mean of the four samples round each.

    Along the slices' normal it is the mean over the slice.
    """
    ni, nj, nk = (n // _PARTS for n in fine.shape)
    cut = fine.reshape(ni, _PARTS, nj, _PARTS, nk, _PARTS).mean(axis=5)
    middle = slice(_PARTS // 2 - 1, _PARTS // 2 + 1)
    return np.asarray(cut[:, middle, :, middle, :].mean(axis=(1, 3)))
