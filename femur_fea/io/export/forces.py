"""Consistent nodal forces of tractions on triangles and parallelograms, in closed form."""

import numpy as np

from femur_fea.domain import CELL_SHAPES, ElementKind, FloatArray

__all__ = ["FACET_EDGES", "facet_forces"]

# ends of a triangle's edges, in the order of its mid-edge nodes
FACET_EDGES = np.array([[0, 1], [1, 2], [2, 0]])

# forces (rows: three corners, then three mid-edges) over area, for unit traction at each corner
_QUADRATIC = np.vstack(
    [(3.0 * np.eye(3) - 1.0) / 60.0, (1.0 + np.eye(3)[FACET_EDGES].sum(axis=1)) / 15.0]
)


def facet_forces(corners: FloatArray, traction: FloatArray, *, kind: ElementKind) -> FloatArray:
    r"""Return the nodal forces of a traction that is linear, or bilinear, over each facet.

    Parameters
    ----------
    corners : (n_facets, 3 or 4, 3), mm
        Corner points of straight triangles or parallelograms.
    traction : (n_facets, 3 or 4, 3), MPa
        Traction at each corner; the last axis holds the components.
    kind : {"tet10", "tet4", "hex8"}
        The element; facets of tet10 have mid-edge nodes.

    Returns
    -------
    (n_facets, 3, 4 or 6, 3), N
        Forces at the corners, then at the mid-edges in the order of `FACET_EDGES`.

    Notes
    -----
    With barycentric coordinates :math:`\lambda_i` on a triangle of area A,

    .. math:: \int \lambda_1^a \lambda_2^b \lambda_3^c \, dA = 2 A \frac{a! b! c!}{(a+b+c+2)!}.

    The traction is :math:`\sum_j \lambda_j t_j`, with :math:`T = \sum_j t_j`. Linear functions
    :math:`\lambda_i` give :math:`f_i = A (t_i + T) / 12`. Quadratic ones,
    :math:`\lambda_i (2 \lambda_i - 1)` and :math:`4 \lambda_i \lambda_j`, give
    :math:`f_i = A (3 t_i - T) / 60` and :math:`f_{ij} = A (t_i + t_j + T) / 15`. On a
    parallelogram the integrals are products of those along two sides.
    """
    shape = CELL_SHAPES[kind]
    sides = corners - corners[:, :1]
    area = shape.face_area * np.linalg.norm(np.cross(sides[:, 1], sides[:, -1]), axis=1)
    weights = _QUADRATIC if kind == "tet10" else shape.face_products
    return np.asarray(area[:, None, None] * (weights @ traction))
