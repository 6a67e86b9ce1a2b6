"""Shapes of cells: tetrahedra and parallelepipeds, and the elements on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

from femur_fea.domain.arrays import FloatArray, IntArray, read_only

__all__ = ["CELL_SHAPES", "CellShape", "ElementKind"]

type ElementKind = Literal["tet4", "tet10", "hex8"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellShape:
    """A reference cell, which an affine map takes to every cell of its kind.

    Attributes
    ----------
    corners : (n_corners, 3), dimensionless
        Reference coordinates of the corners, in the order of VTK; the first is the origin.
    spanning : (3,)
        The corners at unit distance along the three reference coordinates.
    faces : (n_faces, 3 or 4)
        Corners of each face, counter-clockwise from outside.
    volume : float
        Volume of the reference cell.
    face_products : (3, 3) or (4, 4)
        Integrals of the products of two corner functions over a face of area 1. Corner functions
        are linear on a triangle and bilinear on a parallelogram.
    n_samples : int
        Integration points of a cell, at which materials are sampled.
    """

    corners: FloatArray
    spanning: IntArray
    faces: IntArray
    volume: float
    face_products: FloatArray
    n_samples: int

    def __post_init__(self) -> None:
        for name in ("corners", "spanning", "faces", "face_products"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def n_corners(self) -> int:
        """Number of corners."""
        return len(self.corners)

    @property
    def face_area(self) -> float:
        """Area of a face over that of the parallelogram of its sides at the first corner."""
        return 0.5 if self.faces.shape[1] == 3 else 1.0


_TETRAHEDRON = CellShape(
    corners=np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    spanning=np.array([1, 2, 3]),
    faces=np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]),
    volume=1.0 / 6.0,
    face_products=(np.ones((3, 3)) + np.eye(3)) / 12.0,
    n_samples=4,
)

_BOTTOM = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]])

_PARALLELEPIPED = CellShape(
    corners=np.concatenate([_BOTTOM, _BOTTOM + np.array([0.0, 0.0, 1.0])]),
    spanning=np.array([1, 3, 4]),
    faces=np.array(
        [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    ),
    volume=1.0,
    # 1/3 of a side for a corner with itself, 1/6 with its neighbour; a product over both sides
    face_products=np.array([[4, 2, 1, 2], [2, 4, 2, 1], [1, 2, 4, 2], [2, 1, 2, 4]]) / 36.0,
    n_samples=8,
)

CELL_SHAPES: Mapping[ElementKind, CellShape] = MappingProxyType(
    {"tet4": _TETRAHEDRON, "tet10": _TETRAHEDRON, "hex8": _PARALLELEPIPED}
)
