"""Volume meshes of bone."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from femur_fea.domain.arrays import FloatArray, IntArray, Side, check_finite, check_shape, read_only
from femur_fea.domain.surface import TriangleSurface
from femur_fea.errors import MeshQualityError, OutOfRangeError

__all__ = ["BoneMesh", "ElementKind"]

type ElementKind = Literal["tet4", "tet10"]

# corners of the four faces of a tetrahedron, each seen counter-clockwise from outside
_TET_FACES = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoneMesh:
    """A volume mesh of one bone, straight-sided.

    A tet10 mesh stores corners only: its mid-edge nodes lie on the edges' midpoints, so the
    geometry is the same as that of tet4 and only the displacement is quadratic.

    Attributes
    ----------
    points : (n_points, 3), mm
        Corners of the cells in LPS.
    cells : (n_cells, 4)
        Indices of each cell's corners, positively oriented.
    kind : {"tet10", "tet4"}
        Order of the displacement on a cell.
    side : {"left", "right"}
        Which femur.
    facets : (n_facets, 3)
        Corners of the boundary triangles, counter-clockwise from outside; derived from `cells`.
    facet_cells : (n_facets,)
        The cell behind each boundary triangle; derived from `cells`.
    """

    points: FloatArray
    cells: IntArray
    kind: ElementKind
    side: Side
    facets: IntArray = field(init=False)
    facet_cells: IntArray = field(init=False)

    def __post_init__(self) -> None:
        check_shape("points", self.points, (None, 3))
        check_shape("cells", self.cells, (None, 4))
        check_finite("points", self.points)
        _check_indices(self.cells, len(self.points))
        _check_orientation(self.cell_volumes)
        facets, facet_cells = _boundary(self.cells)
        for name, array in (
            ("points", np.asarray(self.points, dtype=float)),
            ("cells", np.asarray(self.cells)),
            ("facets", facets),
            ("facet_cells", facet_cells),
        ):
            object.__setattr__(self, name, read_only(array))

    @property
    def n_points(self) -> int:
        """Number of corners."""
        return len(self.points)

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.cells)

    @property
    def centroids(self) -> FloatArray:
        """Centroid of every cell, shape (n_cells, 3), mm."""
        return np.asarray(self.points[self.cells].mean(axis=1))

    @property
    def cell_volumes(self) -> FloatArray:
        """Volume of every cell, shape (n_cells,), mm3; negative where it is inverted."""
        corner = self.points[self.cells]
        edges = corner[:, 1:] - corner[:, :1]
        return np.asarray(np.linalg.det(edges) / 6.0)

    @property
    def facet_centroids(self) -> FloatArray:
        """Centroid of every boundary triangle, shape (n_facets, 3), mm."""
        return np.asarray(self.points[self.facets].mean(axis=1))

    @property
    def facet_area_vectors(self) -> FloatArray:
        """Outward normal times area of every boundary triangle, shape (n_facets, 3), mm2."""
        corner = self.points[self.facets]
        return np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]) / 2.0

    @property
    def surface(self) -> TriangleSurface:
        """The boundary with its own points only."""
        used, corners = np.unique(self.facets, return_inverse=True)
        return TriangleSurface(
            points=self.points[used], triangles=corners.reshape(self.facets.shape)
        )


def _check_indices(cells: IntArray, n_points: int) -> None:
    if cells.size == 0 or cells.min() < 0 or cells.max() >= n_points:
        raise OutOfRangeError(
            found=f"{len(cells)} cells that refer to points outside 0 to {n_points - 1}"
            if cells.size
            else "a mesh without cells",
            expected="cells whose corners are rows of points",
            remedy="check how the mesh was read or made",
        )


def _check_orientation(volumes: FloatArray) -> None:
    bad = np.flatnonzero(volumes <= 0.0)
    if bad.size:
        raise MeshQualityError(
            found=f"{bad.size} of {volumes.size} cells inverted or flat, the first is cell {bad[0]}"
            f" of {volumes[bad[0]]:.3g} mm3",
            expected="cells of positive volume",
            remedy="mesh again with another edge length, or reorder the corners of each cell",
        )


def _boundary(cells: IntArray) -> tuple[IntArray, IntArray]:
    """Return the faces that belong to one cell only, and that cell."""
    faces = cells[:, _TET_FACES].reshape(-1, 3)
    owner = np.repeat(np.arange(len(cells)), len(_TET_FACES))
    _, first, count = np.unique(
        np.sort(faces, axis=1), axis=0, return_index=True, return_counts=True
    )
    single = np.sort(first[count == 1])
    return faces[single], owner[single]
