"""Density continued beyond the bone's own voxels."""

import itertools

import numpy as np
from scipy import ndimage

from femur_fea.domain import DensityField, FloatArray, LabelMask

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
    weights = _inverse_square(density.grid.spacing)
    known = femur.inside.copy()
    rho = np.where(known, density.rho, 0.0)
    for _ in range(_RINGS):
        share = ndimage.convolve(known.astype(float), weights, mode="constant")
        ring = (share > 0.0) & ~known
        rho[ring] = ndimage.convolve(rho, weights, mode="constant")[ring] / share[ring]
        known |= ring
    nearest = ndimage.distance_transform_edt(
        ~known, sampling=density.grid.spacing, return_distances=False, return_indices=True
    )
    return DensityField(grid=density.grid, rho=rho[tuple(nearest)], kind=density.kind)


def _inverse_square(spacing: FloatArray) -> FloatArray:
    """Return the weights of the 26 neighbours of a voxel, shape (3, 3, 3), 1/mm2."""
    weights = np.zeros((3, 3, 3))
    for step in itertools.product((-1, 0, 1), repeat=3):
        if any(step):
            squared = float(((np.asarray(step) * spacing) ** 2).sum())
            weights[tuple(np.asarray(step) + 1)] = 1.0 / squared
    return weights
