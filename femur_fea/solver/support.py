"""Whether the supports leave a rigid motion of the bone, or of a part of it, free."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, IntArray
from femur_fea.errors import SingularSystemError

__all__ = ["check_support"]

_RIGID_MOTIONS = 6
_FREE_MOTION = 1e-12  # eigenvalue over the largest one; round-off is 1e-16, a 1 mm support 1e-5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Constraints:
    """Motions that must be equal in two parts, or zero where both are one.

    Attributes
    ----------
    n_parts : int
        Number of parts.
    first, second : (n,)
        The parts.
    motion : (n, 3, 6)
        The six rigid motions at the point in question, components that are free set to zero.
    """

    n_parts: int
    first: IntArray
    second: IntArray
    motion: FloatArray

    @property
    def product(self) -> FloatArray:
        """Squares of the constraints, (n, 6, 6)."""
        return np.asarray(np.einsum("pia,pib->pab", self.motion, self.motion))


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
    constraints = _constraints(mesh, held, parts)
    _check_each_part(mesh, parts, _own_products(constraints))
    _check_all_parts(_all_products(constraints))


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
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(start.size, dtype=bool), (start, end)), shape=(n_nodes, n_nodes))
    return np.asarray(connected_components(graph, directed=False)[1])


def _face_connected_parts(mesh: BoneMesh) -> IntArray:
    """Return the part of every cell, (n_cells,): cells that share a face are in one part."""
    n_faces, n_corners = mesh.cell_shape.faces.shape
    faces = np.sort(mesh.cells[:, mesh.cell_shape.faces].reshape(-1, n_corners), axis=1)
    order = np.lexsort(faces.T)
    same = np.flatnonzero((faces[order[1:]] == faces[order[:-1]]).all(axis=1))
    return _components(order[same] // n_faces, order[same + 1] // n_faces, mesh.n_cells)


def _constraints(mesh: BoneMesh, held: BoolArray, parts: IntArray) -> "_Constraints":
    """Return what holds the parts: components at rest, and points that two parts share."""
    n_parts = int(parts.max()) + 1
    corners = np.repeat(parts, mesh.cell_shape.n_corners)
    point, part = np.divmod(
        np.unique(mesh.cells.ravel().astype(np.int64) * n_parts + corners), n_parts
    )
    motion = _rigid_motions(mesh.points)
    some = held[point].any(axis=1)
    joint = np.flatnonzero(point[1:] == point[:-1])
    at_rest = motion[point[some]] * held[point[some], :, None]
    return _Constraints(
        n_parts=n_parts,
        first=np.concatenate([part[some], part[joint]]),
        second=np.concatenate([part[some], part[joint + 1]]),
        motion=np.concatenate([at_rest, motion[point[joint]]]),
    )


def _check_each_part(mesh: BoneMesh, parts: IntArray, products: FloatArray) -> None:
    """Raise if a part can move though all others are at rest, as it does then whatever they do."""
    free = _n_zero(np.linalg.eigvalsh(products))
    loose = np.flatnonzero(free)
    if loose.size:
        cells = np.flatnonzero(parts == loose[0])
        x, y, z = mesh.centroids[cells].mean(axis=0)
        raise SingularSystemError(
            found=f"{loose.size} of {len(free)} parts of the mesh, joined by faces in themselves, "
            f"that are not held; the first, of {cells.size} cells around ({x:.1f}, {y:.1f}, "
            f"{z:.1f}) mm, has {free[loose[0]]} rigid motions free",
            expected="held points that are not in one line, and parts joined by whole faces",
            remedy="hold a larger region, keep the largest part of the mask, or close its gaps",
        )


def _check_all_parts(products: FloatArray) -> None:
    """Raise if parts that hold one another can move together."""
    n = 6 * len(products)
    (free,) = _n_zero(np.linalg.eigvalsh(products.swapaxes(1, 2).reshape(1, n, n)))
    if free:
        raise SingularSystemError(
            found=f"{free} rigid motions free in a mesh of {len(products)} parts that share less "
            "than a face",
            expected="held points that are not in one line, and parts joined by whole faces",
            remedy="hold a larger region, keep the largest part of the mask, or close its gaps",
        )


def _n_zero(eigenvalues: FloatArray) -> IntArray:
    """Return how many of each row's eigenvalues, ascending, are zero but for round-off."""
    largest = np.maximum(eigenvalues[:, -1:], 1.0)
    return np.asarray(np.count_nonzero(eigenvalues <= _FREE_MOTION * largest, axis=1))


def _rigid_motions(points: FloatArray) -> FloatArray:
    """Return the six rigid motions at every point, (n_points, 3, 6), rotations scaled to size."""
    arm = points - points.mean(axis=0)
    arm = arm / np.abs(arm).max()
    motion = np.zeros((len(points), 3, 6))
    motion[:, :, :3] = np.eye(3)
    for axis in range(3):
        motion[:, :, 3 + axis] = np.cross(np.eye(3)[axis], arm)
    return motion


def _own_products(constraints: "_Constraints") -> FloatArray:
    """Return the squared constraints on each part with all others at rest, (n_parts, 6, 6)."""
    product, first, second = constraints.product, constraints.first, constraints.second
    own = np.zeros((constraints.n_parts, 6, 6))
    np.add.at(own, first, product)
    apart = first != second
    np.add.at(own, second[apart], product[apart])
    return own


def _all_products(constraints: "_Constraints") -> FloatArray:
    """Return the squared constraints on all parts together, (n_parts, n_parts, 6, 6)."""
    n_parts, first, second = constraints.n_parts, constraints.first, constraints.second
    products = np.zeros((n_parts, n_parts, 6, 6))
    products[np.arange(n_parts), np.arange(n_parts)] = _own_products(constraints)
    apart = first != second
    for a, b in ((first, second), (second, first)):
        np.add.at(products, (a[apart], b[apart]), -constraints.product[apart])
    return products
