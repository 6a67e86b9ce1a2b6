"""Density continued beyond the bone's own voxels."""

import itertools

import numpy as np
from scipy import ndimage

from femur_fea.domain import BoolArray, DensityField, IntArray, LabelMask

__all__ = ["extend_outward"]

_RINGS = 3  # voxels; a mesh of the mask's surface does not reach farther


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
    # a rim of unknown voxels, so that every voxel has its 26 neighbours
    known = np.pad(femur.inside, 1)
    rho = np.pad(np.where(femur.inside, density.rho, 0.0), 1)
    steps = [np.array(step) for step in itertools.product((-1, 0, 1), repeat=3) if any(step)]
    weights = [1.0 / float(((step * density.grid.spacing) ** 2).sum()) for step in steps]
    for _ in range(_RINGS):
        ring = _next_to(known)
        total, share = np.zeros(len(ring)), np.zeros(len(ring))
        for step, weight in zip(steps, weights, strict=True):
            there = tuple((ring + step).T)
            total += weight * rho[there]  # zero where it is not known
            share += weight * known[there]
        rho[tuple(ring.T)] = total / share
        known[tuple(ring.T)] = True
    inner = (slice(1, -1),) * 3
    nearest = ndimage.distance_transform_edt(
        ~known[inner],
        sampling=density.grid.spacing,
        return_distances=False,
        return_indices=True,
    )
    return DensityField(grid=density.grid, rho=rho[inner][tuple(nearest)], kind=density.kind)


def _next_to(known: BoolArray) -> IntArray:
    """Return the voxels within the rim that touch a known one and are not known, (n, 3)."""
    grown = ndimage.binary_dilation(known, structure=np.ones((3, 3, 3), dtype=bool))
    ring = np.zeros(known.shape, dtype=bool)
    inner = (slice(1, -1),) * 3
    ring[inner] = (grown & ~known)[inner]
    return np.argwhere(ring)
