"""Values of strain and stress that do not depend on the axes."""

import numpy as np

from femur_fea.domain import FloatArray, check_shape

__all__ = ["effective_strain", "principal_strains", "von_mises"]


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


def effective_strain(strain: FloatArray, *, nu: float) -> FloatArray:
    r"""Return the strain of a uniaxial state with the same energy, sqrt(2 U / E).

    Parameters
    ----------
    strain : (n, 6), dimensionless
        Voigt components xx yy zz yz xz xy with engineering shear.
    nu : float
        Poisson's ratio.

    Returns
    -------
    (n,), dimensionless

    Raises
    ------
    ShapeError
        If `strain` does not have six columns.

    Notes
    -----
    :math:`2 U / E = \nu / ((1 + \nu)(1 - 2 \nu)) \, (tr \, \epsilon)^2 +
    \epsilon : \epsilon / (1 + \nu)`, which does not depend on E.
    """
    check_shape("strain", strain, (None, 6))
    trace = strain[:, :3].sum(axis=1)
    product = strain**2 @ np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5])
    energy = nu / ((1.0 + nu) * (1.0 - 2.0 * nu)) * trace**2 + product / (1.0 + nu)
    return np.asarray(np.sqrt(energy))


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
