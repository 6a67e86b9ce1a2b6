"""Relief that no mode follows: smooth offsets along the normals of a fitted model."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from femur_fea.domain import FloatArray, IntArray, TriangleSurface
from meshing.shape.pairing import find_pairs
from meshing.shape.target import Target, point_normals

__all__ = ["follow_relief"]

_STEPS = 4
_REACH = 6.0  # mm
_STIFFNESS = 0.6  # of the curvature; at 1, waves of three edges' length keep half their height
_DECAY = 0.0005  # draws offsets to zero where no surface is seen, over six edges


def follow_relief(points: FloatArray, triangles: IntArray, target: Target) -> FloatArray:
    """Return the points moved along their normals onto the surface, smoothly, (n, 3), mm.

    Parameters
    ----------
    points : (n, 3), mm
        A fitted model in the surface's coordinates.
    triangles : (m, 3)
        Its triangles.
    target : Target
        The surface.

    Notes
    -----
    The offsets s minimise sum w (s - d)^2 + stiffness |L s|^2 + decay |s|^2, where d are the
    distances to the surface along the normals and L is the graph Laplacian. Where the surface is
    not seen the offsets fade out.
    """
    n = len(points)
    bending = _STIFFNESS * _squared_laplacian(triangles, n) + _DECAY * sparse.eye_array(n)
    for _ in range(_STEPS):
        pairs = find_pairs(points, triangles, target, reach=_REACH)
        normals = point_normals(TriangleSurface(points=points, triangles=triangles))
        facing = np.einsum("px,px->p", normals[pairs.index], pairs.normals)
        off = np.einsum("px,px->p", pairs.points - points[pairs.index], pairs.normals) / facing
        weight = np.bincount(pairs.index, weights=pairs.weights, minlength=n)
        pull = np.bincount(pairs.index, weights=pairs.weights * off, minlength=n)
        system = sparse.csc_array(bending + sparse.diags_array(weight))
        points = points + splu(system).solve(pull)[:, None] * normals
    return points


def _squared_laplacian(triangles: IntArray, n_points: int) -> sparse.csr_array:
    sides = triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
    ones = np.ones(len(sides))
    # on a closed surface every edge is met once in each direction
    joined = sparse.coo_array((ones, (sides[:, 0], sides[:, 1])), shape=(n_points, n_points))
    valence: FloatArray = np.asarray(joined.sum(axis=1)).ravel()
    laplacian = sparse.eye_array(n_points) - sparse.diags_array(1.0 / valence) @ joined.tocsr()
    return sparse.csr_array(laplacian.T @ laplacian)
