"""Volume meshes of bone."""

from dataclasses import dataclass, field

import numpy as np

from femur_fea.domain.arrays import FloatArray, IntArray, Side, check_finite, check_shape, read_only
from femur_fea.domain.cell_shape import CELL_SHAPES, CellShape, ElementKind
from femur_fea.domain.surface import TriangleSurface
from femur_fea.errors import InvertedCellError, MeshQualityError, OutOfRangeError

__all__ = ["BoneMesh"]

# of a cell's longest edge: what corners stored in single precision leave of a parallelepiped
_SKEW = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoneMesh:
    """A volume mesh of one bone whose cells are affine images of one reference cell.

    A tet10 mesh stores corners only: its mid-edge nodes lie on the edges' midpoints, so the
    geometry is the same as that of tet4 and only the displacement is quadratic. The cells of a
    hex8 mesh are parallelepipeds, as the voxels of an image are.

    Attributes
    ----------
    points : (n_points, 3), mm
        Corners of the cells in LPS.
    cells : (n_cells, 4 or 8)
        Indices of each cell's corners in the order of VTK, positively oriented.
    kind : {"tet10", "tet4", "hex8"}
        Shape of a cell and order of the displacement on it.
    side : {"left", "right"} or None
        Which femur; None for any other bone.
    facets : (n_facets, 3 or 4)
        Corners of the boundary's triangles or parallelograms, counter-clockwise from outside;
        derived from `cells`.
    facet_cells : (n_facets,)
        The cell behind each facet; derived from `cells`.
    """

    points: FloatArray
    cells: IntArray
    kind: ElementKind
    side: Side | None
    facets: IntArray = field(init=False)
    facet_cells: IntArray = field(init=False)

    def __post_init__(self) -> None:
        check_shape("points", self.points, (None, 3))
        check_shape("cells", self.cells, (None, self.cell_shape.n_corners))
        check_finite("points", self.points)
        _check_indices(self.cells, len(self.points))
        _check_orientation(self.cell_volumes)
        _check_affine(self.points[self.cells], self.cell_edges, self.cell_shape)
        facets, facet_cells = _boundary(self.cells, self.cell_shape.faces)
        for name, array in (
            ("points", np.asarray(self.points, dtype=float)),
            ("cells", np.asarray(self.cells)),
            ("facets", facets),
            ("facet_cells", facet_cells),
        ):
            object.__setattr__(self, name, read_only(array))

    @property
    def cell_shape(self) -> CellShape:
        """The reference cell."""
        return CELL_SHAPES[self.kind]

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
    def cell_edges(self) -> FloatArray:
        """Edges along the reference coordinates from each cell's first corner, (n_cells, 3, 3), mm.

        Element [c, k, j] is the derivative of position j by reference coordinate k, the same
        everywhere in the cell.
        """
        ends = self.points[self.cells[:, self.cell_shape.spanning]]
        return np.asarray(ends - self.points[self.cells[:, :1]])

    @property
    def cell_volumes(self) -> FloatArray:
        """Volume of every cell, shape (n_cells,), mm3; negative where it is inverted."""
        return np.asarray(np.linalg.det(self.cell_edges) * self.cell_shape.volume)

    @property
    def facet_centroids(self) -> FloatArray:
        """Centroid of every facet, shape (n_facets, 3), mm."""
        return np.asarray(self.points[self.facets].mean(axis=1))

    @property
    def facet_area_vectors(self) -> FloatArray:
        """Outward normal times area of every facet, shape (n_facets, 3), mm2."""
        corner = self.points[self.facets]
        parallelogram = np.cross(corner[:, 1] - corner[:, 0], corner[:, -1] - corner[:, 0])
        return self.cell_shape.face_area * parallelogram

    @property
    def surface(self) -> TriangleSurface:
        """The boundary with its own points only, parallelograms cut along a diagonal."""
        used, corners = np.unique(self.facets, return_inverse=True)
        corners = corners.reshape(self.facets.shape)
        fans = [corners[:, [0, k, k + 1]] for k in range(1, self.facets.shape[1] - 1)]
        return TriangleSurface(
            points=self.points[used], triangles=np.stack(fans, axis=1).reshape(-1, 3)
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
        raise InvertedCellError(
            found=f"{bad.size} of {volumes.size} cells inverted or flat, the first is cell {bad[0]}"
            f" of {volumes[bad[0]]:.3g} mm3",
            expected="cells of positive volume",
            remedy="mesh again with another edge length, or reorder the corners of each cell",
        )


def _check_affine(corners: FloatArray, edges: FloatArray, shape: CellShape) -> None:
    """Raise unless the corners (n_cells, n_corners, 3) are where the edges put them."""
    if shape.n_corners == 4:
        return
    longest = np.linalg.norm(edges, axis=2).max(axis=1)
    apart = np.abs(corners - corners[:, :1] - shape.corners @ edges).max(axis=(1, 2)) / longest
    worst = int(apart.argmax())
    if apart[worst] > _SKEW:
        raise MeshQualityError(
            found=f"a corner of hexahedron {worst} {apart[worst]:.2g} of its longest edge away "
            f"from where its other edges put it, {np.count_nonzero(apart > _SKEW)} cells so",
            expected="parallelepipeds, whose opposite edges are parallel, with corners in the "
            "order of VTK",
            remedy="use hex8 for voxels, and tet10 for cells of any other shape",
        )


def _boundary(cells: IntArray, cell_faces: IntArray) -> tuple[IntArray, IntArray]:
    """Return the faces that belong to one cell only, and that cell."""
    n_faces, n_corners = cell_faces.shape
    faces = cells[:, cell_faces].reshape(-1, n_corners)
    owner = np.repeat(np.arange(len(cells)), n_faces)
    ordered = np.sort(faces, axis=1)
    rank = np.lexsort(ordered.T)
    new = np.append(True, (ordered[rank[1:]] != ordered[rank[:-1]]).any(axis=1))
    lonely = new & np.append(new[1:], True)
    single = np.sort(rank[lonely])
    return faces[single], owner[single]
