"""Composite quadrature on cells, as fine as an image asks for."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from femur_fea.domain import CELL_SHAPES, ElementKind, FloatArray, read_only, reference_points

__all__ = ["composite_rule"]


def _halved_tetrahedron() -> FloatArray:
    """Return the corners of the eight parts of one volume (Bey, Computing 1995;55:355)."""
    corners = CELL_SHAPES["tet4"].corners
    ends = np.array([[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]])
    nodes = np.concatenate([corners, corners[ends].mean(axis=1)])
    at_corners = [[0, 4, 5, 6], [4, 1, 7, 8], [5, 7, 2, 9], [6, 8, 9, 3]]
    in_the_middle = [[4, 5, 6, 8], [4, 5, 7, 8], [5, 6, 8, 9], [5, 7, 8, 9]]
    return np.asarray(nodes[at_corners + in_the_middle])


def _halved_parallelepiped() -> FloatArray:
    """Return the corners of the eight parts of one volume."""
    corners = CELL_SHAPES["hex8"].corners
    return np.asarray(0.5 * (corners[:, None] + corners[None]))


# (8, n_corners, 3): reference coordinates of the corners of the parts of a cell of halved edges
_PARTS: Mapping[ElementKind, FloatArray] = MappingProxyType(
    {
        "tet4": read_only(_halved_tetrahedron()),
        "tet10": read_only(_halved_tetrahedron()),
        "hex8": read_only(_halved_parallelepiped()),
    }
)


def composite_rule(kind: ElementKind, level: int) -> FloatArray:
    """Return points of equal weight in a reference cell whose edges are halved `level` times.

    Each of the 8^level parts, all of one volume, holds the integration points of its own, so that
    polynomials of degree 2 on each part are integrated without error.

    Parameters
    ----------
    kind : {"tet10", "tet4", "hex8"}
        Shape of the cell.
    level : int
        How often every edge is halved.

    Returns
    -------
    (n_samples x 8^level, 3), dimensionless
        Reference coordinates.
    """
    parts, spanning = _PARTS[kind], CELL_SHAPES[kind].spanning
    first = parts[:, :1]
    edges = parts[:, spanning] - first
    points = reference_points(kind)
    for _ in range(level):
        points = (first + points @ edges).reshape(-1, 3)
    return points
