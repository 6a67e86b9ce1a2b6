"""Mass attenuation coefficients of the elements of the body, by photon energy.

Source: Hubbell and Seltzer, Tables of X-Ray Mass Attenuation Coefficients, NISTIR 5632, NIST
Standard Reference Database 126 of July 2004, Table 3
(nist.gov/pml/x-ray-mass-attenuation-coefficients), read as the open CT library pyctl carries it
with this citation (phernst/pyctl, ctl/database/attenuation_spectra).
"""

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError

if TYPE_CHECKING:
    from scipy.interpolate import CubicSpline

__all__ = ["ENERGIES", "element_attenuation"]

ENERGIES = (20.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0)  # keV

# cm2/g at `ENERGIES`
_COEFFICIENTS = {
    "H": (0.3695, 0.3570, 0.3458, 0.3355, 0.3260, 0.3091, 0.2944, 0.2651),
    "C": (0.4420, 0.2562, 0.2076, 0.1871, 0.1753, 0.1610, 0.1514, 0.1347),
    "N": (0.6178, 0.3066, 0.2288, 0.1980, 0.1817, 0.1639, 0.1529, 0.1353),
    "O": (0.8651, 0.3779, 0.2585, 0.2132, 0.1907, 0.1678, 0.1551, 0.1361),
    "Na": (2.057, 0.7197, 0.3969, 0.2804, 0.2268, 0.1796, 0.1585, 0.1335),
    "Mg": (2.763, 0.9306, 0.4881, 0.3292, 0.2570, 0.1951, 0.1686, 0.1394),
    "P": (5.352, 1.700, 0.8096, 0.4916, 0.3494, 0.2324, 0.1865, 0.1432),
    "S": (6.708, 2.113, 0.9872, 0.5849, 0.4053, 0.2585, 0.2020, 0.1506),
    "Cl": (7.739, 2.425, 1.117, 0.6483, 0.4395, 0.2696, 0.2050, 0.1480),
    "Ar": (8.629, 2.697, 1.228, 0.7012, 0.4664, 0.2760, 0.2043, 0.1427),
    "K": (10.93, 3.413, 1.541, 0.8679, 0.5678, 0.3251, 0.2345, 0.1582),
    "Ca": (13.06, 4.080, 1.830, 1.019, 0.6578, 0.3656, 0.2571, 0.1674),
    "Fe": (25.68, 8.176, 3.629, 1.958, 1.205, 0.5952, 0.3717, 0.1964),
}


def element_attenuation(symbol: str, energy: FloatArray) -> FloatArray:
    """Return the mass attenuation coefficient of an element.

    Parameters
    ----------
    symbol : {"H", "C", "N", "O", "Na", "Mg", "P", "S", "Cl", "Ar", "K", "Ca", "Fe"}
        The element.
    energy : any shape, keV
        Photon energies between 20 and 150 keV, where none of them has an absorption edge.

    Returns
    -------
    as `energy`, cm2/g
        With coherent scattering, by a cubic spline of logarithm over logarithm.

    Raises
    ------
    OutOfRangeError
        Outside the table.
    """
    if np.min(energy) < ENERGIES[0] or np.max(energy) > ENERGIES[-1]:
        raise OutOfRangeError(
            found=f"photon energies from {np.min(energy):g} to {np.max(energy):g} keV",
            expected=f"between {ENERGIES[0]:g} and {ENERGIES[-1]:g} keV",
            remedy="check the effective energy of the scan",
        )
    return np.asarray(np.exp(_spline(symbol)(np.log(energy))))


@cache  # a fact of the table, asked for thousands of times by one scan
def _spline(symbol: str) -> "CubicSpline":
    """Return the logarithm of the coefficient over that of the energy."""
    from scipy.interpolate import CubicSpline

    return CubicSpline(np.log(ENERGIES), np.log(_COEFFICIENTS[symbol]))
