"""How much a mixture of elements weakens X-rays, and which density of a mineral does the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from calibration.elements import element_attenuation
from femur_fea.domain import DensityKind, FloatArray
from femur_fea.errors import CalibrationError

__all__ = [
    "MINERALS",
    "WATER",
    "Material",
    "Mineral",
    "contrast",
    "equivalent_density",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A mixture of elements.

    Attributes
    ----------
    fractions : mapping from symbol to float
        Fraction of the mass of each element.
    density : float, g/cm3
        Physical density.
    """

    fractions: Mapping[str, float]
    density: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "fractions", MappingProxyType(dict(self.fractions)))

    def mass_attenuation(self, energy: FloatArray) -> FloatArray:
        """Return the mass attenuation coefficient at energies in keV, cm2/g: the mean by mass."""
        parts = [w * element_attenuation(e, energy) for e, w in self.fractions.items()]
        return np.asarray(np.sum(parts, axis=0) / sum(self.fractions.values()))

    def attenuation(self, energy: FloatArray) -> FloatArray:
        """Return the linear attenuation coefficient at energies in keV, 1/cm."""
        return self.density * self.mass_attenuation(energy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mineral:
    """The mineral of a phantom in water or a solid that attenuates as water does.

    Attributes
    ----------
    formula : mapping from symbol to float
        Number of atoms of each element.
    displaced : float, cm3/g
        Volume of water that a gram of it displaces.
    source : str
        Citation of the displaced volume.
    """

    formula: Mapping[str, float]
    displaced: float
    source: str

    @property
    def material(self) -> Material:
        """The mineral alone; its density is mass per displaced volume."""
        mass = {symbol: n * _ATOMIC_MASS[symbol] for symbol, n in self.formula.items()}
        return Material(fractions=mass, density=1.0 / self.displaced)


# IUPAC standard atomic weights, abridged
_ATOMIC_MASS = {"H": 1.008, "C": 12.011, "O": 15.999, "P": 30.974, "K": 39.098, "Ca": 40.078}

WATER = Material(fractions={"H": 0.111898, "O": 0.888102}, density=1.0)

MINERALS: Mapping[DensityKind, Mineral] = MappingProxyType(
    {
        "CaHA": Mineral(
            formula={"Ca": 10, "P": 6, "O": 26, "H": 2},
            displaced=1.0 / 3.16,
            source="hydroxyapatite crystal, 3.16 g/cm3 calculated from its unit cell",
        ),
        "K2HPO4": Mineral(
            formula={"K": 2, "H": 1, "P": 1, "O": 4},
            displaced=0.2174 / 0.9996,
            source="Mindways QCT PRO User Guide v5.0: water falls by 0.2174 g per gram dissolved",
        ),
    }
)


def contrast(kind: DensityKind, energy: FloatArray) -> FloatArray:
    """Return by how much a phantom's mineral raises attenuation, 1/cm for 1 g/cm3 of it.

    Parameters
    ----------
    kind : {"CaHA", "K2HPO4"}
        The mineral.
    energy : any shape, keV
        Photon energies.

    Returns
    -------
    as `energy`, cm2/g
        mu/rho of the mineral less the attenuation of the water that a gram of it displaces.

    Raises
    ------
    CalibrationError
        If the kind is not that of a phantom's mineral.
    """
    if kind not in MINERALS:
        raise CalibrationError(
            found=f"a calibration to density of kind {kind!r}",
            expected=f"the equivalent of a phantom's mineral: {' or '.join(MINERALS)}",
            remedy="calibrate to the phantom's mineral; the preset converts to ash density",
        )
    mineral = MINERALS[kind]
    displaced = mineral.displaced * WATER.attenuation(energy)
    return mineral.material.mass_attenuation(energy) - displaced


def equivalent_density(
    attenuation: FloatArray, kind: DensityKind, energy: FloatArray
) -> FloatArray:
    """Return the density of mineral in water that attenuates as `attenuation` (1/cm), g/cm3."""
    return (attenuation - WATER.attenuation(energy)) / contrast(kind, energy)
