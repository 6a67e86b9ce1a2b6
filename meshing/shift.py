"""A mesh whose surface is moved by less than a cell, with the same cells."""

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, ImageGrid, IntArray
from femur_fea.errors import MeshError

__all__ = ["shift_surface"]

_AT_BORDER = 0.05  # voxels off the face of the image within which a facet lies on it


def shift_surface(mesh: BoneMesh, grid: ImageGrid, distance: float) -> BoneMesh:
    """Return the mesh with its surface moved outward along its normals, its cells the same.

    Points inside follow harmonically. Where the image cuts the bone, the cut stays in its plane.

    Parameters
    ----------
    mesh : BoneMesh
        Tetrahedra.
    grid : ImageGrid
        Grid of the mask that was meshed.
    distance : float, mm
        Outward; inward where negative.

    Raises
    ------
    MeshError
        If the cells are cubes, which have no normals to move along, or a cell would turn over.
    """
    if mesh.kind == "hex8":
        raise MeshError(
            found="a surface of cubes to be moved",
            expected="tetrahedra within a smooth surface",
            remedy="use element tet10 or tet4",
        )
    on_face = _on_border(grid, mesh.facet_centroids)
    cut = on_face.any(axis=1)
    side = np.unique(mesh.facets[~cut])
    moved = _harmonic(mesh, side, _normals(mesh, ~cut)[side])
    for axis in range(3):
        normal = grid.affine[:3, axis] / grid.spacing[axis]
        flat = np.unique(mesh.facets[on_face[:, axis]])
        moved[flat] -= np.outer(moved[flat] @ normal, normal)
    return BoneMesh(
        points=mesh.points + distance * moved, cells=mesh.cells, kind=mesh.kind, side=mesh.side
    )


def _on_border(grid: ImageGrid, points: FloatArray) -> BoolArray:
    """Whether each point lies on a face of the image across each of its axes, (n, 3)."""
    index = grid.to_index(points)
    last = np.asarray(grid.shape) - 0.5
    return np.asarray(np.minimum(np.abs(index + 0.5), np.abs(index - last)) < _AT_BORDER)


def _normals(mesh: BoneMesh, included: BoolArray) -> FloatArray:
    """Return the unit normal at every point of the included facets, (n_points, 3)."""
    normal = np.zeros(mesh.points.shape)
    for corner in mesh.facets[included].T:
        np.add.at(normal, corner, mesh.facet_area_vectors[included])
    length = np.linalg.norm(normal, axis=1, keepdims=True)
    return normal / np.where(length > 0.0, length, 1.0)


def _harmonic(mesh: BoneMesh, known: IntArray, values: FloatArray) -> FloatArray:
    """Return values at all points, each unknown one the mean of its neighbours along edges."""
    n = mesh.n_points
    first, second = np.triu_indices(mesh.cells.shape[1], k=1)
    ends = np.unique(
        np.sort(np.stack([mesh.cells[:, first].ravel(), mesh.cells[:, second].ravel()]), axis=0),
        axis=1,
    )
    ones = np.ones(2 * ends.shape[1])
    joined = sparse.csr_array((ones, np.concatenate([ends, ends[::-1]], axis=1)), shape=(n, n))
    laplacian = (sparse.diags_array(joined.sum(axis=1)) - joined).tocsc()
    free = np.setdiff1d(np.arange(n), known)
    moved = np.zeros((n, 3))
    moved[known] = values
    if free.size:
        right = -(laplacian[free][:, known] @ values)
        moved[free] = splu(laplacian[free][:, free]).solve(right)
    return moved
