"""Smooth displacements that are not in the modes: a Gaussian process on the mean femur."""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["smooth_basis"]

_LEFT = 0.01  # of the mean variance that the basis may leave out


def smooth_basis(points: FloatArray, *, length: float) -> FloatArray:
    """Return functions (n, r) whose sum with independent normal weights is a Gaussian process.

    Its variance is 1 and its correlation exp(-d^2 / (2 length^2)), to 1 % of the variance.

    Parameters
    ----------
    points : (n, 3), mm
        Where the process is wanted.
    length : float, mm
        Over which it is alike.

    Notes
    -----
    The columns are the first of a Cholesky factor of the covariance with pivoting, so that no
    eigenvectors, whose sign is arbitrary, are needed: the same weights give the same field.

    References
    ----------
    Luethi, Gerig, Jud and Vetter, Gaussian process morphable models, IEEE Transactions on Pattern
    Analysis and Machine Intelligence 2018;40:1860, doi:10.1109/TPAMI.2017.2739743
    """
    left = np.ones(len(points))
    columns: list[FloatArray] = []
    while left.mean() > _LEFT:
        pivot = int(left.argmax())
        apart = points - points[pivot]
        column = np.exp(-0.5 * np.einsum("ij,ij->i", apart, apart) / length**2)
        for known in columns:
            column -= known[pivot] * known
        column /= np.sqrt(left[pivot])
        left = np.maximum(left - column**2, 0.0)
        columns.append(column)
    return np.stack(columns, axis=1)
