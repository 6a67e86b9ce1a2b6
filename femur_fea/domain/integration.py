"""Where the material is sampled inside a cell."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from femur_fea.domain.arrays import FloatArray, read_only
from femur_fea.domain.cell_shape import CELL_SHAPES, ElementKind
from femur_fea.domain.mesh import BoneMesh

__all__ = ["CORNER_SHARES", "integration_points", "reference_points"]

_NEAR = (5.0 + 3.0 * np.sqrt(5.0)) / 20.0
_FAR = (5.0 - np.sqrt(5.0)) / 20.0

# Row q holds the barycentric coordinates of point q. The weights are equal, and the rule is exact
# for quadratic polynomials: Hammer, Marlowe and Stroud 1956, Table 2,
# doi:10.1090/S0025-5718-1956-0086389-6.
_HAMMER = _FAR + (_NEAR - _FAR) * np.eye(4)

_GAUSS = (3.0 - np.sqrt(3.0)) / 6.0  # from either end of a unit interval, two equal weights


def _gauss_shares() -> FloatArray:
    """Return the trilinear corner functions at the 2 x 2 x 2 points of Gauss, (8, 8)."""
    corners = CELL_SHAPES["hex8"].corners
    points = _GAUSS + (1.0 - 2.0 * _GAUSS) * corners
    along = np.where(corners[None] == 1.0, points[:, None], 1.0 - points[:, None])
    return np.asarray(along.prod(axis=2))


# (n_samples, n_corners): row q holds the functions that are linear (tetrahedra) or trilinear (hex8)
# and 1 at one corner each, at integration point q, which lies nearest to corner q. All points of a
# cell weigh equally.
CORNER_SHARES: Mapping[ElementKind, FloatArray] = MappingProxyType(
    {
        "tet4": read_only(_HAMMER),
        "tet10": read_only(_HAMMER),
        "hex8": read_only(_gauss_shares()),
    }
)


def reference_points(kind: ElementKind) -> FloatArray:
    """Return the reference coordinates of the integration points, shape (n_samples, 3)."""
    return np.asarray(CORNER_SHARES[kind] @ CELL_SHAPES[kind].corners)


def integration_points(mesh: BoneMesh) -> FloatArray:
    """Return the integration points of every cell, point q nearest to corner q.

    Returns
    -------
    (n_cells, 4 or 8, 3), mm
        World coordinates, in the order of `ElasticField.E_modulus`.
    """
    return np.asarray(CORNER_SHARES[mesh.kind] @ mesh.points[mesh.cells])
