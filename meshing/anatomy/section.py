"""Plane sections of a closed surface."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femur_fea.domain import FloatArray, IntArray, TriangleSurface

__all__ = ["Section", "cut"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Section:
    """One closed piece of the cut of a surface by a plane.

    Attributes
    ----------
    area : float, mm2
        Enclosed area.
    centroid : (3,), mm
        Centroid of the enclosed area, LPS.
    """

    area: float
    centroid: FloatArray


def cut(surface: TriangleSurface, origin: FloatArray, normal: FloatArray) -> list[Section]:
    """Return the pieces in which a plane cuts the solid inside a closed surface.

    Holes count as pieces of negative area. The list is empty where the plane misses the bone.

    Parameters
    ----------
    surface : TriangleSurface
        Closed.
    origin : (3,), mm
        A point of the plane.
    normal : (3,)
        Unit normal of the plane.
    """
    height = (surface.points - origin) @ normal
    above = height > 0.0
    first, second, third = above[surface.triangles.T]
    crossed = np.flatnonzero((first != second) | (second != third))
    if crossed.size == 0:
        return []
    segments, piece = _segments(surface, crossed, height)
    return [_enclosed(segments[piece == k], origin, normal) for k in range(int(piece.max()) + 1)]


def _segments(
    surface: TriangleSurface, crossed: IntArray, height: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Return the directed segments (n, 2, 3) of the cut, and the piece that each belongs to."""
    triangles = surface.triangles[crossed]
    up = height[triangles] > 0.0
    # turn each triangle so that its first corner is the one alone on its side of the plane
    alone = np.where(up.sum(axis=1) == 1, up.argmax(axis=1), (~up).argmax(axis=1))
    turn = (alone[:, None] + np.arange(3)) % 3
    triangles = np.take_along_axis(triangles, turn, axis=1)
    ends, edges = [], []
    for other in (1, 2):
        a, b = triangles[:, 0], triangles[:, other]
        t = height[a] / (height[a] - height[b])
        ends.append(surface.points[a] + t[:, None] * (surface.points[b] - surface.points[a]))
        edges.append(np.sort(np.stack([a, b], axis=1), axis=1) @ [surface.n_points, 1])
    segments = np.stack(ends, axis=1)
    # with the lone corner above, going from edge 1 to edge 2 keeps the inside on the left
    flipped = height[triangles[:, 0]] < 0.0
    segments[flipped] = segments[flipped][:, ::-1]
    return segments, _pieces(np.stack(edges, axis=1))


def _pieces(edges: IntArray) -> IntArray:
    """Return the number of the chain that each segment belongs to, shape (n,)."""
    _, node = np.unique(edges, return_inverse=True)
    node = node.reshape(edges.shape)
    n_nodes = int(node.max()) + 1
    graph = coo_array((np.ones(len(node)), (node[:, 0], node[:, 1])), shape=(n_nodes, n_nodes))
    _, label = connected_components(graph, directed=False)
    return np.asarray(np.unique(label[node[:, 0]], return_inverse=True)[1])


def _enclosed(segments: FloatArray, origin: FloatArray, normal: FloatArray) -> Section:
    """Area and centroid by the triangles from `origin` to each segment."""
    arm = segments - origin
    area = np.cross(arm[:, 0], arm[:, 1]) @ normal / 2.0
    total = float(area.sum())
    middle = arm.sum(axis=1) / 3.0
    return Section(area=total, centroid=origin + area @ middle / total)
