"""Density continued beyond the bone's own voxels."""

import itertools

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, DensityField, FloatArray, LabelMask

__all__ = ["extend_outward"]

_RINGS = 3  # voxels; a mesh of the mask's surface does not reach farther
_WITHIN = (slice(1, -1),) * 3  # an array but for its border


def extend_outward(density: DensityField, femur: LabelMask) -> DensityField:
    """Return the density continued outward from the bone, so that soft tissue has no part in it.

    Three rings of voxels around the bone take the mean of their neighbours that are bone or already
    filled, weighted by the inverse square of the distance; what lies farther out takes the nearest
    of these. Voxels of the bone are unchanged, and the storage order has no influence.

    Parameters
    ----------
    density : DensityField
        Any density, g/cm3.
    femur : LabelMask
        The bone, on the same grid.
    """
    known, rho = _with_rings(density, femur)
    nearest = ndimage.distance_transform_edt(
        ~known, sampling=density.grid.spacing, return_distances=False, return_indices=True
    )
    return DensityField(grid=density.grid, rho=rho[tuple(nearest)], kind=density.kind)


def _with_rings(density: DensityField, femur: LabelMask) -> tuple[BoolArray, FloatArray]:
    """Return which voxels are bone or in a ring round it, and their densities; others have none."""
    # a border of one voxel, so that every voxel of the image has 26 neighbours
    known = np.ascontiguousarray(np.pad(femur.inside, 1))
    rho = np.ascontiguousarray(np.pad(np.where(femur.inside, density.rho, 0.0), 1))
    flat_known, flat_rho = known.ravel(), rho.ravel()  # views of contiguous arrays
    across = np.array([known.shape[1] * known.shape[2], known.shape[2], 1])
    neighbours = _inverse_square(density.grid.spacing)
    for _ in range(_RINGS):
        ring = np.flatnonzero(_grown(known) & ~known)
        weights, sums = np.zeros(ring.size), np.zeros(ring.size)
        for step, weight in neighbours.items():
            beside = ring + int(across @ step)
            weights += weight * flat_known[beside]
            sums += weight * flat_rho[beside]
        flat_rho[ring] = sums / weights
        flat_known[ring] = True
    return known[_WITHIN], rho[_WITHIN]


def _grown(known: BoolArray) -> BoolArray:
    """Return voxels that are known or touch one that is; none at the border of the array."""
    for axis in range(3):
        before = np.moveaxis(known, axis, 0)
        after = before.copy()
        after[1:] |= before[:-1]
        after[:-1] |= before[1:]
        known = np.moveaxis(after, 0, axis)
    grown = np.zeros_like(known)
    grown[_WITHIN] = known[_WITHIN]
    return grown


def _inverse_square(spacing: FloatArray) -> dict[tuple[int, ...], float]:
    """Return the weights of the 26 neighbours of a voxel by the steps to them, 1/mm2."""
    return {
        step: 1.0 / float(((np.asarray(step) * spacing) ** 2).sum())
        for step in itertools.product((-1, 0, 1), repeat=3)
        if any(step)
    }
