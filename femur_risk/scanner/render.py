"""The patient as a scanner without noise and artefacts shows it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray
from femur_risk.scanner.anatomy import Anatomy, Surroundings
from femur_risk.scanner.plane import Plane
from femur_risk.scanner.resampling import (
    axes_of,
    box_weights,
    gauss_weights,
    in_order,
    separable,
)
from femur_risk.scanner.tube import Tube

__all__ = ["Axes", "PointSpread", "render"]

_METAL_STEP = 0.5  # mm between samples of an implant
_REACH = 4.0  # standard deviations that a point spreads

type Axes = tuple[FloatArray, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSpread:
    """How far a point spreads.

    Attributes
    ----------
    sigma : float, mm
        Standard deviation of the Gaussian within a slice.
    thickness : float, mm
        Thickness of the slices, over which a scan is a mean.
    """

    sigma: float
    thickness: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Piece:
    """CT numbers above those of the surroundings, on a fine grid of its own."""

    axes: Axes
    excess: FloatArray


def render(
    anatomy: Anatomy, around: Surroundings, tube: Tube, axes: Axes, spread: PointSpread
) -> FloatArray:
    """Return true CT numbers after the point spread, shape (ni, nj, nk), single precision, HU.

    Parameters
    ----------
    anatomy, around
        The patient.
    tube : Tube
        The beam.
    axes : ((ni,), (nj,), (nk,)), mm
        Coordinates of the samples.
    spread : PointSpread
        How far a point spreads.

    Notes
    -----
    A scan is linear in attenuation. The surroundings, whose surfaces are smooth, are drawn on the
    scan's own samples with surfaces mixed over one of them; femora and metal are drawn as what
    they add to the surroundings, on their own grids, and spread from there.
    """
    hu = _surroundings(around, axes, spread)
    for piece in _pieces(anatomy, around, tube):
        _add(hu, axes, piece, spread)
    return hu


def _surroundings(around: Surroundings, axes: Axes, spread: PointSpread) -> FloatArray:
    x, y, z = axes
    hu = np.empty((x.size, y.size, z.size), dtype=np.float32)
    sigma = spread.sigma / float(x[1] - x[0])
    for k, height in enumerate(z):
        plane = around.hu(Plane(x=x, y=y, z=float(height)))
        hu[:, :, k] = ndimage.gaussian_filter(plane, sigma, mode="nearest")
    return _mean_over_slices(hu, z, spread.thickness)


def _mean_over_slices(hu: FloatArray, z: FloatArray, thickness: float) -> FloatArray:
    if z.size < 2 or thickness <= 1.001 * float(z[1] - z[0]):
        return hu
    weights = box_weights(z, z, thickness)
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(hu @ weights.T)


def _pieces(anatomy: Anatomy, around: Surroundings, tube: Tube) -> Iterator[_Piece]:
    for bone in anatomy.bones:
        axes = axes_of(bone.density.grid)
        known = bone.known
        excess = np.zeros(known.shape, dtype=np.float32)
        rho = in_order(bone.density.grid, bone.density.rho)
        for k, height in enumerate(axes[2]):
            there = known[:, :, k]
            if there.any():
                outside = around.hu(Plane(x=axes[0], y=axes[1], z=float(height)))
                own = tube.hu_of_mineral(rho[:, :, k][there], "CaHA")
                excess[:, :, k][there] = own - outside[there]
        yield _Piece(axes=axes, excess=excess)
    if anatomy.metal:
        yield from _metal(anatomy, around, tube)


def _metal(anatomy: Anatomy, around: Surroundings, tube: Tube) -> Iterator[_Piece]:
    """Yield the implants one by one, each but where one before it is already."""
    for n, cone in enumerate(anatomy.metal):
        low, high = cone.box()
        lines = [
            np.arange(a - _METAL_STEP, b + _METAL_STEP, _METAL_STEP)
            for a, b in zip(low, high, strict=True)
        ]
        excess = np.zeros([line.size for line in lines], dtype=np.float32)
        own = tube.hu_of(cone.material)
        for k, height in enumerate(lines[2]):
            plane = Plane(x=lines[0], y=lines[1], z=float(height))
            points = plane.points()
            share = np.clip(0.5 - cone.distance(points) / _METAL_STEP, 0.0, 1.0)
            for other in anatomy.metal[:n]:
                share[other.distance(points) < 0.0] = 0.0
            excess[:, :, k] = share * (own - around.hu(plane))
        yield _Piece(axes=(lines[0], lines[1], lines[2]), excess=excess)


def _add(hu: FloatArray, axes: Axes, piece: _Piece, spread: PointSpread) -> None:
    """Add to a scan, in place, what a piece adds to it."""
    reach = (_REACH * spread.sigma, _REACH * spread.sigma, spread.thickness)
    where = tuple(
        slice(*(int(n) for n in np.searchsorted(line, (own[0] - far, own[-1] + far))))
        for line, own, far in zip(axes, piece.axes, reach, strict=True)
    )
    x, y, z = (line[part] for line, part in zip(axes, where, strict=True))
    if 0 in (x.size, y.size, z.size):
        return
    hu[where] += separable(
        piece.excess,
        gauss_weights(x, piece.axes[0], spread.sigma),
        gauss_weights(y, piece.axes[1], spread.sigma),
        box_weights(z, piece.axes[2], spread.thickness),
    )
