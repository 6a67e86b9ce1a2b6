"""Where a scan cuts a bone: the flat end of a closed surface, the border of an open one."""

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray, TriangleSurface

__all__ = ["border_points", "find_flat_ends", "spread_directions"]

_N_DIRECTIONS = 300  # 11 degrees apart
_CONE = np.cos(np.deg2rad(20.0))
_MOST_ENDS = 15
# mm between the planes that hold a flat end, narrowed while its direction becomes known
_DEPTHS = (4.0, 2.0, 1.0, 0.7, 0.7)
_SHARP = 0.85  # of the surface that faces this way near this end; 0.4 to 0.7 on trochanters
_LEAST_AREA = 200.0  # mm2; a head of 30 mm radius has 132 mm2 between the last two planes


def find_flat_ends(surface: TriangleSurface) -> BoolArray:
    """Return which triangles lie in a plane that the bone reaches and does not cross, (m,).

    That is how the border of a scan cuts a bone. No anatomical part is as flat, nor does it end as
    sharply.
    """
    area_vectors = surface.area_vectors
    areas = np.linalg.norm(area_vectors, axis=1)
    normals = area_vectors / np.maximum(areas, 1e-12)[:, None]
    centroids = surface.centroids
    flat = np.zeros(surface.n_triangles, dtype=bool)
    for direction in _likely_directions(normals, areas, centroids):
        for depth in _DEPTHS:
            within = _within(direction, normals, centroids, depth)
            direction = area_vectors[within].sum(axis=0)
            direction /= max(float(np.linalg.norm(direction)), 1e-12)
        around = _within(direction, normals, centroids, _DEPTHS[0])
        area = float(areas[within].sum())
        if area > max(_LEAST_AREA, _SHARP * float(areas[around].sum())):
            flat |= within
    return flat


def _within(
    direction: FloatArray, normals: FloatArray, centroids: FloatArray, depth: float
) -> BoolArray:
    """Return which triangles face a direction and lie up to `depth` mm below the bone's end."""
    height = centroids @ direction
    return np.asarray((normals @ direction > _CONE) & (height > height.max() - depth))


def _likely_directions(normals: FloatArray, areas: FloatArray, centroids: FloatArray) -> FloatArray:
    """Return the directions in which the bone ends with most surface, shape (_MOST_ENDS, 3)."""
    directions = spread_directions(_N_DIRECTIONS)
    ending = np.array([areas[_within(d, normals, centroids, _DEPTHS[0])].sum() for d in directions])
    chosen: list[int] = []
    for k in np.argsort(-ending):
        if all(directions[k] @ directions[c] < _CONE for c in chosen):
            chosen.append(int(k))
    return np.asarray(directions[chosen[:_MOST_ENDS]])


def spread_directions(n: int) -> FloatArray:
    """Return unit vectors spread evenly over the sphere (a Fibonacci spiral), shape (n, 3)."""
    k = np.arange(n) + 0.5
    z = 1.0 - 2.0 * k / n
    azimuth = np.pi * (1.0 + np.sqrt(5.0)) * k
    across = np.sqrt(1.0 - z**2)
    return np.column_stack([across * np.cos(azimuth), across * np.sin(azimuth), z])


def border_points(triangles: IntArray) -> IntArray:
    """Return the points on edges that belong to one triangle only, sorted."""
    edges = np.sort(triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
    pairs, count = np.unique(edges, axis=0, return_counts=True)
    return np.unique(pairs[count == 1])
