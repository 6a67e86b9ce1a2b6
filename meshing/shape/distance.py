"""Distances from points to a triangle surface."""

import numpy as np

from femur_fea.domain import FloatArray, TriangleSurface

__all__ = ["distances_to_surface"]


def distances_to_surface(points: FloatArray, surface: TriangleSurface) -> FloatArray:
    """Return the distance from every point to the nearest triangle, (n,), mm."""
    import pyvista as pv

    three = np.full((surface.n_triangles, 1), 3)
    mesh = pv.PolyData(surface.points, np.hstack([three, surface.triangles]))
    _, nearest = mesh.find_closest_cell(points, return_closest_point=True)
    return np.asarray(np.linalg.norm(points - nearest, axis=1))
