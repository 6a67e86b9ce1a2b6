"""Whether the supports leave a rigid motion of the bone, or of a part of it, free."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, IntArray
from femur_fea.errors import SingularSystemError

__all__ = ["check_support"]

_RIGID_MOTIONS = 6
_FREE_MOTION = 1e-12  # eigenvalue over the largest one; round-off is 1e-16, a 1 mm support 1e-5


def check_support(mesh: BoneMesh, held: BoolArray) -> None:
    """Raise unless the components (n_points, 3) that are held leave no part of the mesh loose.

    Notes
    -----
    A motion without strain is rigid in each part of the mesh whose cells hang together by their
    faces, and agrees at the points that two parts share. The system is singular exactly if such a
    motion other than rest leaves all held components at rest.

    Raises
    ------
    SingularSystemError
        With the part that is loose, or the number of motions left free.
    """
    _check_every_point_used(mesh)
    _check_bodies(mesh, held)
    parts = _face_connected_parts(mesh)
    free = _count_free_motions(mesh, held, parts)
    if free:
        raise SingularSystemError(
            found=f"{int(held.any(axis=1).sum())} held points that leave {free} rigid motions free "
            f"in a mesh of {int(parts.max()) + 1} parts joined by faces",
            expected="held points that are not in one line, and parts joined by whole faces",
            remedy="hold a larger region, or close gaps and thin bridges in the mask",
        )


def _check_every_point_used(mesh: BoneMesh) -> None:
    unused = np.flatnonzero(np.bincount(mesh.cells.ravel(), minlength=mesh.n_points) == 0)
    if unused.size:
        raise SingularSystemError(
            found=f"{unused.size} mesh points without a cell, the first is point {unused[0]}",
            expected="every point to be a corner of a cell",
            remedy="remove loose points from the mesh",
        )


def _check_bodies(mesh: BoneMesh, held: BoolArray) -> None:
    """Raise if of a body, whose cells hang together by their points, too little is held."""
    first = np.broadcast_to(mesh.cells[:, :1], mesh.cells.shape)
    body = _components(first.ravel(), mesh.cells.ravel(), mesh.n_points)
    supports = np.bincount(body, weights=held.sum(axis=1))
    loose = np.flatnonzero(supports < _RIGID_MOTIONS)
    if loose.size:
        cells = np.flatnonzero(body[mesh.cells[:, 0]] == loose[0])
        x, y, z = mesh.centroids[cells].mean(axis=0)
        raise SingularSystemError(
            found=f"{loose.size} of {supports.size} separate bodies of the mesh not held; the first"
            f" has {cells.size} cells around ({x:.1f}, {y:.1f}, {z:.1f}) mm and "
            f"{int(supports[loose[0]])} held components",
            expected=f"one body, or at least {_RIGID_MOTIONS} held components in each",
            remedy="keep the largest part of the mask, or hold every body",
        )


def _components(start: IntArray, end: IntArray, n_nodes: int) -> IntArray:
    graph = coo_array((np.ones(start.size, dtype=bool), (start, end)), shape=(n_nodes, n_nodes))
    return np.asarray(connected_components(graph, directed=False)[1])


def _face_connected_parts(mesh: BoneMesh) -> IntArray:
    """Return the part of every cell, (n_cells,): cells that share a face are in one part."""
    n_faces, n_corners = mesh.cell_shape.faces.shape
    faces = np.sort(mesh.cells[:, mesh.cell_shape.faces].reshape(-1, n_corners), axis=1)
    order = np.lexsort(faces.T)
    same = np.flatnonzero((faces[order[1:]] == faces[order[:-1]]).all(axis=1))
    return _components(order[same] // n_faces, order[same + 1] // n_faces, mesh.n_cells)


def _count_free_motions(mesh: BoneMesh, held: BoolArray, parts: IntArray) -> int:
    """Return how many independent motions, rigid in each part, leave all that is held at rest."""
    pair = np.unique(
        np.stack([mesh.cells.ravel(), np.repeat(parts, mesh.cell_shape.n_corners)], axis=1), axis=0
    )
    point, part = pair.T
    motion = _rigid_motions(mesh.points)
    n_parts = int(parts.max()) + 1
    gram = np.zeros((n_parts, n_parts, 6, 6))
    some = held[point].any(axis=1)
    at_rest = motion[point[some]] * held[point[some], :, None]
    _add_constraints(gram, at_rest, part[some], part[some])
    joint = np.flatnonzero(point[1:] == point[:-1])
    _add_constraints(gram, motion[point[joint]], part[joint], part[joint + 1])
    eigenvalues = np.linalg.eigvalsh(gram.swapaxes(1, 2).reshape(6 * n_parts, 6 * n_parts))
    return int(np.count_nonzero(eigenvalues <= _FREE_MOTION * max(eigenvalues[-1], 1.0)))


def _rigid_motions(points: FloatArray) -> FloatArray:
    """Return the six rigid motions at every point, (n_points, 3, 6), rotations scaled to size."""
    arm = points - points.mean(axis=0)
    arm = arm / np.abs(arm).max()
    motion = np.zeros((len(points), 3, 6))
    motion[:, :, :3] = np.eye(3)
    for axis in range(3):
        motion[:, :, 3 + axis] = np.cross(np.eye(3)[axis], arm)
    return motion


def _add_constraints(
    gram: FloatArray, motion: FloatArray, first: IntArray, second: IntArray
) -> None:
    """Add `motion` of part `first` = that of part `second` to `gram`; one part alone is at rest."""
    product = np.einsum("pia,pib->pab", motion, motion)
    apart = first != second
    np.add.at(gram, (first, first), product)
    for a, b, sign in ((second, second, 1.0), (first, second, -1.0), (second, first, -1.0)):
        np.add.at(gram, (a[apart], b[apart]), sign * product[apart])
