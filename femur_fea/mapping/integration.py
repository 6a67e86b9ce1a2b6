"""Where the material is sampled inside a cell."""

import numpy as np

from femur_fea.domain import BoneMesh, FloatArray, read_only

__all__ = ["INTEGRATION_BARYCENTRIC", "integration_points"]

_NEAR = (5.0 + 3.0 * np.sqrt(5.0)) / 20.0
_FAR = (5.0 - np.sqrt(5.0)) / 20.0

# (4, 4): row q holds the barycentric coordinates of integration point q, which lies nearest to
# corner q. The weights are equal, and the rule is exact for quadratic polynomials: Hammer, Marlowe
# and Stroud 1956, Table 2, doi:10.1090/S0025-5718-1956-0086389-6.
INTEGRATION_BARYCENTRIC: FloatArray = read_only(_FAR + (_NEAR - _FAR) * np.eye(4))


def integration_points(mesh: BoneMesh) -> FloatArray:
    """Return the four integration points of every cell, point q nearest to corner q.

    Returns
    -------
    (n_cells, 4, 3), mm
        World coordinates, in the order of `ElasticField.E_modulus`.
    """
    return np.asarray(INTEGRATION_BARYCENTRIC @ mesh.points[mesh.cells])
