"""The order of integration points in the nonlinear solver.

Arrays there hold components first, (6, n): NumPy then works along whole rows of points. Point
q n_cells + c is integration point q of cell c.
"""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["N_POINTS", "by_cell", "by_component"]

N_POINTS = 4  # in each cell


def by_component(samples: FloatArray, n_cells: int) -> FloatArray:
    """Return one value for each integration point, (n_points,), from 1 or 4 samples in a cell."""
    return np.ascontiguousarray(np.broadcast_to(samples, (n_cells, N_POINTS)).T).ravel()


def by_cell(values: FloatArray) -> FloatArray:
    """Return values (..., n_points) in the order of the cells, (n_cells, 4, ...)."""
    return np.moveaxis(values.reshape(*values.shape[:-1], N_POINTS, -1), (-1, -2), (0, 1))
