"""Scalar measures of stress that figures show."""

import numpy as np

from femur_fea.domain import FloatArray, check_shape

__all__ = ["von_mises"]


def von_mises(stress: FloatArray) -> FloatArray:
    """Return the von Mises stress.

    Parameters
    ----------
    stress : (n, 6), MPa
        Voigt components xx yy zz yz xz xy.

    Returns
    -------
    (n,), MPa

    Raises
    ------
    ShapeError
        If `stress` does not have six columns.
    """
    check_shape("stress", stress, (None, 6))
    xx, yy, zz, yz, xz, xy = stress.T
    normal = (xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2
    return np.asarray(np.sqrt(normal / 2.0 + 3.0 * (yz**2 + xz**2 + xy**2)))
