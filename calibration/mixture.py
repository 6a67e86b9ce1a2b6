"""The line of a scan whose energy is known by its probability alone."""

from collections.abc import Sequence

import numpy as np

from calibration.curve import CalibrationCurve
from femur_fea.domain import FloatArray

__all__ = ["mean_line"]


def mean_line(
    curves: Sequence[CalibrationCurve], probability: FloatArray
) -> tuple[float, float, FloatArray]:
    """Return the mean of lines, one of which is true.

    Parameters
    ----------
    curves : (n,)
        A line for every energy; one without a covariance is exact.
    probability : (n,)
        Of each, with the sum 1.

    Returns
    -------
    slope, intercept : float, g/cm3 per HU and g/cm3
        The mean.
    covariance : (2, 2)
        By the law of total variance: the mean of their covariances plus the covariance of the
        lines. The second part is common to slope and intercept, and to all references.
    """
    lines = np.array([(curve.slope, curve.intercept) for curve in curves])
    slope, intercept = mean = probability @ lines
    covariances = [
        np.zeros((2, 2)) if curve.covariance is None else curve.covariance for curve in curves
    ]
    within = np.einsum("e,eij->ij", probability, np.array(covariances))
    between = np.einsum("e,ei,ej->ij", probability, lines - mean, lines - mean)
    return float(slope), float(intercept), within + between
