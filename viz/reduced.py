"""Surfaces with no more triangles than a page can carry and a browser can turn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, IntArray, LabelMask
from viz.bodies import bone_surface, lesion_surface

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["ReducedSurface", "reduced_bone", "reduced_lesion"]

_MOST_TRIANGLES = 40_000  # a bone of 3 mm has 8 000, one of 1 mm ten times as many
_MOST_OF_LESION = 6_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReducedSurface:
    """Triangles in the coordinates of the femoral frame.

    Attributes
    ----------
    points : (n, 3), mm
        Their corners.
    triangles : (m, 3)
        Numbers of the corners, outward normals by the right hand.
    facets : (m,)
        Number of the facet of the mesh that each triangle stands for: of the nearest one where
        there are fewer triangles than facets.
    """

    points: FloatArray
    triangles: IntArray
    facets: IntArray


def reduced_bone(
    mesh: BoneMesh, frame: FemoralFrame, *, most_triangles: int = _MOST_TRIANGLES
) -> ReducedSurface:
    """Return the outer surface of a bone."""
    whole = bone_surface(mesh, frame).triangulate()
    per_facet = whole.n_cells // len(mesh.facets)
    facets = np.repeat(np.arange(len(mesh.facets)), per_facet)
    fewer = _reduced(whole, most_triangles)
    if fewer is whole:
        return _surface(whole, facets)
    from scipy.spatial import KDTree

    _, nearest = KDTree(whole.cell_centers().points).query(fewer.cell_centers().points)
    return _surface(fewer, facets[nearest])


def reduced_lesion(lesion: LabelMask, frame: FemoralFrame) -> ReducedSurface:
    """Return the closed surface of a lesion; its triangles stand for no facet."""
    surface = _reduced(lesion_surface(lesion, frame).triangulate(), _MOST_OF_LESION)
    return _surface(surface, np.full(surface.n_cells, -1))


def _reduced(surface: "pv.PolyData", most: int) -> "pv.PolyData":
    if surface.n_cells <= most:
        return surface
    return surface.decimate(1.0 - most / surface.n_cells)


def _surface(surface: "pv.PolyData", facets: IntArray) -> ReducedSurface:
    return ReducedSurface(
        points=np.asarray(surface.points, dtype=float),
        triangles=np.asarray(surface.regular_faces),
        facets=facets,
    )
