"""Folds of a surface."""

import numpy as np

from femur_fea.domain import TriangleSurface

__all__ = ["count_folds"]

_FOLDED = np.cos(np.deg2rad(120.0))  # between normals: sharper than any edge of a bone


def count_folds(surface: TriangleSurface) -> int:
    """Return how many edges of a closed surface join triangles that face each other."""
    normals = surface.area_vectors
    normals = normals / np.maximum(np.linalg.norm(normals, axis=1), 1e-12)[:, None]
    sides = np.sort(surface.triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    # on a closed surface equal sides come in pairs
    pairs = (np.lexsort(sides.T) // 3).reshape(-1, 2)
    bend = np.einsum("ex,ex->e", normals[pairs[:, 0]], normals[pairs[:, 1]])
    return int(np.count_nonzero(bend < _FOLDED))
