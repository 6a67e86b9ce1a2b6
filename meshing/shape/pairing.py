"""Which point of the model belongs to which point of a surface."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import MAD_TO_SD, BoolArray, FloatArray, IntArray, TriangleSurface
from meshing.shape.target import Target, point_normals

__all__ = ["Pairs", "find_pairs"]

_N_PULLS = 3000  # samples of the surface that look for the model
_FACING = 0.5  # cosine between normals of a pair
# mm, and of the distance: how far a pair may be apart along the surface; points are 4 mm apart
_SLIDE = 3.0, 0.5
_OUTLIER = 3.0  # robust standard deviations at which a pair counts half
_LEAST_SCATTER = 0.2  # mm


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """Points of the model and the planes of the surface that they belong to.

    Attributes
    ----------
    index : (p,)
        Points of the model; one may occur several times.
    points, normals : (p, 3)
        Points of the surface, mm, and its unit normals there.
    weights : (p,)
        How much each counts, at most 1.
    seen : (n,)
        Whether a point of the model has the surface next to it: neither beyond a cut, nor far
        away, nor facing another way.
    matched : float
        Part of the surface's samples that have the model next to them.
    """

    index: IntArray
    points: FloatArray
    normals: FloatArray
    weights: FloatArray
    seen: BoolArray
    matched: float


def find_pairs(points: FloatArray, triangles: IntArray, target: Target, *, reach: float) -> Pairs:
    """Return pairs looked for from the model and from the surface, up to `reach` mm apart.

    Parameters
    ----------
    points : (n, 3), mm
        The model's points in the surface's coordinates.
    triangles : (m, 3)
        Its triangles.
    target : Target
        The surface.
    reach : float, mm
        Pairs farther apart are left out.
    """
    facing = point_normals(TriangleSurface(points=points, triangles=triangles))
    distance, found = target.tree.query(points, distance_upper_bound=reach)
    near = np.isfinite(distance)
    sample = np.where(near, found, 0)
    apart = target.points[sample] - points
    seen = near & ~target.rim[sample] & _fits(apart, target.normals[sample], facing)

    pulling = target.thinned(_N_PULLS)
    pulling = pulling[~target.rim[pulling]]  # its normals lean towards the cut
    nearest = np.asarray(cKDTree(points).query(target.points[pulling])[1])
    away = target.points[pulling] - points[nearest]
    fits = np.linalg.norm(away, axis=1) < reach
    fits &= _fits(away, target.normals[pulling], facing[nearest])
    index = np.concatenate([np.flatnonzero(seen), nearest[fits]])
    chosen = np.concatenate([sample[seen], pulling[fits]])
    return Pairs(
        index=index,
        points=target.points[chosen],
        normals=target.normals[chosen],
        weights=_trust(target.points[chosen] - points[index], target.normals[chosen]),
        seen=seen,
        matched=float(fits.mean()),
    )


def _fits(apart: FloatArray, normals: FloatArray, facing: FloatArray) -> BoolArray:
    across = np.einsum("ij,ij->i", apart, normals)
    along = np.linalg.norm(apart - across[:, None] * normals, axis=1)
    allowed = np.maximum(_SLIDE[0], _SLIDE[1] * np.abs(across))
    return np.asarray((np.einsum("ij,ij->i", normals, facing) > _FACING) & (along < allowed))


def _trust(apart: FloatArray, normals: FloatArray) -> FloatArray:
    """Return Cauchy's weight of the distance across the surface."""
    across = np.einsum("ij,ij->i", apart, normals)
    scatter = max(MAD_TO_SD * float(np.median(np.abs(across))), _LEAST_SCATTER)
    return np.asarray(1.0 / (1.0 + (across / (_OUTLIER * scatter)) ** 2))
