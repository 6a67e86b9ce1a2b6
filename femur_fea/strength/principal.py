"""Principal strains."""

import numpy as np

from femur_fea.domain import FloatArray, check_shape

__all__ = ["principal_strains"]


def principal_strains(strain: FloatArray) -> FloatArray:
    """Return the principal strains, largest first.

    Parameters
    ----------
    strain : (n, 6), dimensionless
        Voigt components xx yy zz yz xz xy with engineering shear.

    Returns
    -------
    (n, 3), dimensionless
        Eigenvalues in descending order.

    Raises
    ------
    ShapeError
        If `strain` does not have six columns.
    """
    check_shape("strain", strain, (None, 6))
    xx, yy, zz, yz, xz, xy = (strain * [1, 1, 1, 0.5, 0.5, 0.5]).T
    tensor = np.stack([xx, xy, xz, xy, yy, yz, xz, yz, zz], axis=-1).reshape(-1, 3, 3)
    return np.linalg.eigvalsh(tensor)[:, ::-1]
