"""Laws of the yield stress beyond yield: a plateau, a fall and what is left."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import DensityKind, FloatArray, Provenance
from femur_fea.materials.law import check_not_negative, power_term
from femur_fea.registry import Registry

__all__ = ["SOFTENING_LAWS", "SofteningLaw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SofteningLaw:
    """Yield stress over plastic strain, as measured on specimens of one length.

    It holds over a plateau strain c + d rho, falls by a rho^b for each unit of strain and stays at
    a residual a rho^b. Strains are the elongation of a specimen over its length: where the yield
    stress falls, a bone fails in a band, so that the slope depends on the length that is measured.

    Attributes
    ----------
    plateau : (c, d), dimensionless and cm3/g
        Plastic strain at which the fall begins.
    slope : (a, b), MPa
        Fall of the yield stress over plastic strain, positive.
    residual : (a, b), MPa
        Yield stress that is left.
    specimen_length : float, mm
        Length of the specimens.
    density_kind, source, provenance
        As in `PowerLaw`.
    """

    plateau: tuple[float, float]
    slope: tuple[float, float]
    residual: tuple[float, float]
    specimen_length: float
    density_kind: DensityKind
    source: str
    provenance: Provenance

    @property
    def equation(self) -> str:
        """Plateau strain, fall and residual, MPa, in terms of rho, g/cm3."""
        constant, linear = self.plateau
        return (
            f"holds to a strain of {constant:g} + {linear:g} rho, falls by "
            f"{power_term(*self.slope)}, stays at {power_term(*self.residual)}"
        )

    def plateau_strain(self, rho: FloatArray) -> FloatArray:
        """Return the plastic strain of a specimen at which the fall begins.

        Raises
        ------
        OutOfRangeError
            If a density is negative: none of the three has a meaning there.
        """
        check_not_negative(rho)
        return np.asarray(self.plateau[0] + self.plateau[1] * rho)

    def fall(self, rho: FloatArray) -> FloatArray:
        """Return the fall of the yield stress over plastic strain of a specimen, MPa.

        Raises
        ------
        OutOfRangeError
            If a density is negative.
        """
        return _power(self.slope, rho)

    def residual_stress(self, rho: FloatArray) -> FloatArray:
        """Return the yield stress that is left, MPa.

        Raises
        ------
        OutOfRangeError
            If a density is negative.
        """
        return _power(self.residual, rho)


def _power(coefficients: tuple[float, float], rho: FloatArray) -> FloatArray:
    check_not_negative(rho)
    a, b = coefficients
    return np.asarray(a * rho**b)


SOFTENING_LAWS: Registry[SofteningLaw] = Registry("softening law")

SOFTENING_LAWS.add(
    "keyak_2005",
    SofteningLaw(
        plateau=(0.00189, 0.0241),
        slope=(2080.0, 1.45),
        residual=(43.1, 1.81),
        specimen_length=15.0,
        density_kind="ash",
        source="Keyak, Med Eng Phys 2001;23:165; Keyak et al., Clin Orthop 2005;437:219; from "
        "cubes of 15 mm; how the authors scale it to their elements is not known to us",
        provenance="unverified",
    ),
)
