"""Elements on affine cells: shape functions, in the order of the input mesh."""

import numpy as np

from femur_fea.domain import CELL_SHAPES, BoneMesh, ElementKind, FloatArray

__all__ = [
    "EDGES",
    "reference_gradients",
    "shape_derivatives",
]

# ends of the six edges in the order of the mid-edge functions of DOLFINx's quadratic element
EDGES = np.array([[2, 3], [1, 3], [1, 2], [0, 3], [0, 2], [0, 1]])


def shape_derivatives(kind: ElementKind, reference: FloatArray) -> FloatArray:
    """Return the derivatives of the shape functions by the reference coordinates.

    Parameters
    ----------
    kind : {"tet10", "tet4", "hex8"}
        The element.
    reference : (n_samples, 3), dimensionless
        Where to evaluate.

    Returns
    -------
    (n_samples, 4, 8 or 10, 3), dimensionless
        Corner functions first, then the mid-edge functions in the order of `EDGES`.
    """
    if kind == "hex8":
        return _trilinear(reference)
    barycentric = np.column_stack([1.0 - reference.sum(axis=1), reference])
    by_barycentric = _quadratic(barycentric) if kind == "tet10" else _linear(barycentric)
    # the first barycentric coordinate is one less the three reference coordinates
    return by_barycentric[:, :, 1:] - by_barycentric[:, :, :1]


def reference_gradients(mesh: BoneMesh) -> FloatArray:
    """Return the gradients of the reference coordinates, (n_cells, 3, 3), 1/mm.

    Element [c, k, j] is the derivative of reference coordinate k along axis j, the same everywhere
    in the cell.
    """
    return np.linalg.inv(mesh.cell_edges).transpose(0, 2, 1)


def _linear(barycentric: FloatArray) -> FloatArray:
    """Return the derivatives by the barycentric coordinates, (n_samples, 4, 4)."""
    return np.broadcast_to(np.eye(4), (len(barycentric), 4, 4))


def _quadratic(barycentric: FloatArray) -> FloatArray:
    """Return the derivatives by the barycentric coordinates, (n_samples, 10, 4)."""
    corner = np.eye(4) * (4.0 * barycentric[:, None, :] - 1.0)
    edge = np.zeros((len(barycentric), 6, 4))
    rows = np.arange(6)
    edge[:, rows, EDGES[:, 0]] = 4.0 * barycentric[:, EDGES[:, 1]]
    edge[:, rows, EDGES[:, 1]] = 4.0 * barycentric[:, EDGES[:, 0]]
    return np.concatenate([corner, edge], axis=1)


def _trilinear(reference: FloatArray) -> FloatArray:
    """Return the derivatives by the reference coordinates, (n_samples, 8, 3)."""
    at_end = CELL_SHAPES["hex8"].corners == 1.0
    along = np.where(at_end, reference[:, None], 1.0 - reference[:, None])
    slope = np.where(at_end, 1.0, -1.0)
    others = along[:, :, [1, 2, 0]] * along[:, :, [2, 0, 1]]
    return np.asarray(slope * others)
