"""Where the error of a line is quoted as one number: at cortical bone."""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["CORTICAL_DENSITY", "error_at_cortex"]

# g/cm3: a round number for the cortex of the shaft, which carries most of the load. No result but
# the fraction that is quoted depends on it.
CORTICAL_DENSITY = 1.0


def error_at_cortex(slope: float, intercept: float, covariance: FloatArray) -> float:
    """Return the standard error of the density of the cortex as a fraction of it.

    Parameters
    ----------
    slope, intercept : float, g/cm3 per HU and g/cm3
        The line.
    covariance : (2, 2)
        Of slope and intercept.
    """
    at = np.array([(CORTICAL_DENSITY - intercept) / slope, 1.0])
    return float(np.sqrt(at @ covariance @ at)) / CORTICAL_DENSITY
