"""Straight-sided tetrahedra: shape functions and strain, in the order of the input mesh."""

import numpy as np

from femur_fea.domain import BoneMesh, ElementKind, FloatArray

__all__ = [
    "CORNERS",
    "EDGES",
    "barycentric_gradients",
    "displacement_gradient",
    "shape_derivatives",
    "tensor_to_strain",
]

CORNERS = np.eye(4)

# ends of the six edges in the order of the mid-edge functions of DOLFINx's quadratic element
EDGES = np.array([[2, 3], [1, 3], [1, 2], [0, 3], [0, 2], [0, 1]])


def shape_derivatives(kind: ElementKind, barycentric: FloatArray) -> FloatArray:
    """Return the derivatives of the shape functions by the barycentric coordinates.

    Parameters
    ----------
    kind : {"tet10", "tet4"}
        Order of the displacement.
    barycentric : (n_samples, 4), dimensionless
        Where to evaluate.

    Returns
    -------
    (n_samples, 4 or 10, 4), dimensionless
        Corner functions first, then the mid-edge functions in the order of `EDGES`.
    """
    samples = len(barycentric)
    if kind == "tet4":
        return np.broadcast_to(np.eye(4), (samples, 4, 4))
    corner = np.eye(4) * (4.0 * barycentric[:, None, :] - 1.0)
    edge = np.zeros((samples, 6, 4))
    rows = np.arange(6)
    edge[:, rows, EDGES[:, 0]] = 4.0 * barycentric[:, EDGES[:, 1]]
    edge[:, rows, EDGES[:, 1]] = 4.0 * barycentric[:, EDGES[:, 0]]
    return np.concatenate([corner, edge], axis=1)


def barycentric_gradients(mesh: BoneMesh) -> FloatArray:
    """Return the gradients of the four barycentric coordinates, (n_cells, 4, 3), 1/mm."""
    corner = mesh.points[mesh.cells]
    edges = corner[:, 1:] - corner[:, :1]
    three = np.linalg.inv(edges).transpose(0, 2, 1)
    return np.concatenate([-three.sum(axis=1, keepdims=True), three], axis=1)


def displacement_gradient(
    derivatives: FloatArray, gradients: FloatArray, u_cell: FloatArray
) -> FloatArray:
    """Return the displacement gradient at the samples of every cell.

    Parameters
    ----------
    derivatives : (n_samples, n_functions, 4), dimensionless
        From `shape_derivatives`.
    gradients : (n_cells, 4, 3), 1/mm
        From `barycentric_gradients`.
    u_cell : (n_cells, n_functions, 3), mm
        Displacement of each cell's nodes.

    Returns
    -------
    (n_cells, n_samples, 3, 3), dimensionless
        Element [i, j] is the derivative of component i along axis j.
    """
    by_barycentric = np.einsum("qak,nai->nqik", derivatives, u_cell, optimize=True)
    return np.asarray(np.matmul(by_barycentric, gradients[:, None]))


def tensor_to_strain(gradient: FloatArray) -> FloatArray:
    """Return the Voigt strain (engineering shear) of displacement gradients, (..., 6)."""
    double = gradient + gradient.swapaxes(-1, -2)
    strain = np.empty((*gradient.shape[:-2], 6))
    for column, (i, j) in enumerate([(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]):
        strain[..., column] = double[..., i, j] * (0.5 if i == j else 1.0)
    return strain
