"""Uniform triangles from a fine surface by centroidal Voronoi clustering.

The points of the fine surface are gathered into clusters of about equal area; each cluster becomes
one corner of the new surface, and each fine triangle whose corners lie in three clusters becomes
one new triangle. The clusters are those of Lloyd's iteration.

References
----------
Valette and Chassery, Approximated centroidal Voronoi diagrams for uniform polygonal mesh
coarsening, Computer Graphics Forum 2004;23:381, doi:10.1111/j.1467-8659.2004.00769.x
"""

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import FloatArray, IntArray, TriangleSurface, point_areas
from femur_fea.errors import NotWatertightError

__all__ = ["remesh_uniformly"]

_LLOYD_STEPS = 40
_SEED_SPACING = 0.72  # of the edge length: thrown at random, disks of this size give that edge
_MOST_ATTEMPTS = 5  # other seeds mend two clusters that meet along two lines


def remesh_uniformly(fine: TriangleSurface, *, edge_length: float) -> TriangleSurface:
    """Return a surface of nearly equilateral triangles along a fine closed surface.

    Parameters
    ----------
    fine : TriangleSurface
        Closed, with edges of at most about a third of `edge_length`.
    edge_length : float, mm
        Mean edge of the new triangles.

    Raises
    ------
    NotWatertightError
        If a part is too thin for triangles of that size.
    """
    weights = point_areas(fine.triangles, fine.area_vectors, fine.n_points)
    for attempt in range(_MOST_ATTEMPTS):
        rng = np.random.default_rng(attempt)
        seeds = _spread_seeds(fine.points, _SEED_SPACING * edge_length, rng)
        centres, label = _cluster(fine.points, weights, fine.points[seeds])
        coarse = _dual(fine, centres, label)
        if coarse.is_closed:
            return coarse
    raise NotWatertightError(
        found=f"{coarse.n_faulty_edges} open or crossing edges after remeshing",
        expected="a closed surface",
        remedy=f"use an edge length below {edge_length:g} mm, or check the mask for thin parts",
    )


def _spread_seeds(points: FloatArray, apart: float, rng: np.random.Generator) -> IntArray:
    """Return as many points as keep a distance `apart` (mm) from one another."""
    neighbours = cKDTree(points).query_ball_point(points, apart)
    free = np.ones(len(points), dtype=bool)
    chosen = []
    for point in rng.permutation(len(points)):
        if free[point]:
            chosen.append(point)
            free[neighbours[point]] = False
    return np.array(chosen)


def _cluster(
    points: FloatArray, weights: FloatArray, centres: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Lloyd's iteration: assign points to the nearest centre, move each centre to its points."""
    label = np.zeros(len(points), dtype=np.int64)
    for _ in range(_LLOYD_STEPS):
        # numbered anew, so that a centre without points drops out
        _, label = np.unique(cKDTree(centres).query(points)[1], return_inverse=True)
        total = np.bincount(label, weights=weights)
        moment = [np.bincount(label, weights=weights * x) for x in points.T]
        centres = np.stack(moment, axis=1) / total[:, None]
    return centres, label


def _dual(fine: TriangleSurface, centres: FloatArray, label: IntArray) -> TriangleSurface:
    """Return one triangle for every place where three clusters meet."""
    corner = label[fine.triangles]
    meets = (corner[:, 0] != corner[:, 1]) & (corner[:, 1] != corner[:, 2])
    meets &= corner[:, 2] != corner[:, 0]
    return TriangleSurface(points=centres, triangles=_without_folds(corner[meets]))


def _without_folds(triangles: IntArray) -> IntArray:
    """Return the triangles less the pairs that lie back to back.

    Such a pair stems from a ragged border between clusters, where the same three meet again.
    """
    first = triangles.argmin(axis=1)
    turned = np.take_along_axis(triangles, (first[:, None] + np.arange(3)) % 3, axis=1)
    facing = np.where(turned[:, 1] < turned[:, 2], 1, -1)
    triples, which = np.unique(np.sort(triangles, axis=1), axis=0, return_inverse=True)
    net = np.bincount(which.ravel(), weights=facing).round().astype(int)
    backwards = triples[:, [0, 2, 1]]
    return np.repeat(np.where(net[:, None] > 0, triples, backwards), np.abs(net), axis=0)
