"""The order of integration points in the nonlinear solver.

Arrays there hold components first, (6, n): NumPy then works along whole rows of points. Point
q n_cells + c is integration point q of cell c.
"""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["by_cell", "by_component"]


def by_component(samples: FloatArray, n_samples: int) -> FloatArray:
    """Return one value for each integration point, (n_points,), from 1 or all samples in a cell.

    Parameters
    ----------
    samples : (n_cells, 1 or n_samples)
        Values in the order of the cells.
    n_samples : int
        Integration points of a cell.
    """
    return np.ascontiguousarray(np.broadcast_to(samples, (len(samples), n_samples)).T).ravel()


def by_cell(values: FloatArray, n_samples: int) -> FloatArray:
    """Return values (..., n_points) in the order of the cells, (n_cells, n_samples, ...)."""
    return np.moveaxis(values.reshape(*values.shape[:-1], n_samples, -1), (-1, -2), (0, 1))
