"""Tissues whose composition is known well enough to calibrate by."""

from dataclasses import dataclass

from calibration.attenuation import WATER, Material
from femur_fea.domain import Provenance
from femur_fea.registry import Registry

__all__ = ["COMPACT_BONE", "TISSUES", "Tissue", "porous"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tissue:
    """A tissue that serves as a reference.

    Attributes
    ----------
    material : Material
        Its mean composition and density.
    spread : float
        Standard deviation of its linear attenuation among people, as a fraction.
    provenance : {"published", "unverified"}
        Whether composition and spread were both read in a source.
    source : str
        Citation of the composition, and where the spread comes from.
    """

    material: Material
    spread: float
    provenance: Provenance
    source: str


_ICRU = (
    "ICRU Report 44 as tabulated in NISTIR 5632, Table 2,"
    " nist.gov/pml/x-ray-mass-attenuation-coefficients"
)

TISSUES: Registry[Tissue] = Registry("reference tissue")

TISSUES.add(
    "air",
    Tissue(
        material=Material(
            fractions={"C": 0.000124, "N": 0.755268, "O": 0.231781, "Ar": 0.012827},
            density=1.205e-3,
        ),
        spread=0.1,  # pressure and humidity; a tenth of 1 HU
        provenance="published",
        source=f"{_ICRU}; spread: a choice",
    ),
)

TISSUES.add(
    "fat",
    Tissue(
        material=Material(
            fractions={
                "H": 0.114,
                "C": 0.598,
                "N": 0.007,
                "O": 0.278,
                "Na": 0.001,
                "S": 0.001,
                "Cl": 0.001,
            },
            density=0.95,
        ),
        # from this mean to the fat-rich composition "adipose tissue 3" of 0.93 g/cm3
        spread=0.02,
        provenance="published",
        source=f"{_ICRU}; spread: Woodard and White, Br J Radiol 1986, as used by Schneider et al."
        " 2000, doi:10.1088/0031-9155/45/2/314",
    ),
)

TISSUES.add(
    "muscle",
    Tissue(
        material=Material(
            fractions={
                "H": 0.102,
                "C": 0.143,
                "N": 0.034,
                "O": 0.710,
                "Na": 0.001,
                "P": 0.002,
                "S": 0.003,
                "Cl": 0.001,
                "K": 0.004,
            },
            density=1.05,
        ),
        spread=0.015,
        provenance="unverified",
        source=f"{_ICRU}; spread: a choice, a tenth of fat by volume within the muscle",
    ),
)

TISSUES.add(
    "blood",
    Tissue(
        material=Material(
            fractions={
                "H": 0.102,
                "C": 0.110,
                "N": 0.033,
                "O": 0.745,
                "Na": 0.001,
                "P": 0.001,
                "S": 0.002,
                "Cl": 0.003,
                "K": 0.002,
                "Fe": 0.001,
            },
            density=1.06,
        ),
        spread=0.01,
        provenance="unverified",
        source=f"{_ICRU}; spread: a choice, for the haematocrit",
    ),
)

# What lies between the pores of the cortex.
COMPACT_BONE = Material(
    fractions={
        "H": 0.034,
        "C": 0.155,
        "N": 0.042,
        "O": 0.435,
        "Na": 0.001,
        "Mg": 0.002,
        "P": 0.103,
        "S": 0.003,
        "Ca": 0.225,
    },
    density=1.92,
)

# From 4 to 6 % in young adults to over 9 % in the elderly, at the middle of the shaft.
_POROSITY = 0.07


def porous(solid: Material, porosity: float) -> Material:
    """Return a material a part of whose volume is water, as that of pores is but for a few HU."""
    parts = dict.fromkeys((*solid.fractions, *WATER.fractions), 0.0)
    for material, share in ((solid, 1.0 - porosity), (WATER, porosity)):
        total = sum(material.fractions.values())
        for symbol, fraction in material.fractions.items():
            parts[symbol] += share * material.density * fraction / total
    return Material(fractions=parts, density=sum(parts.values()))


TISSUES.add(
    "cortical bone",
    Tissue(
        material=porous(COMPACT_BONE, _POROSITY),
        # 5 % of attenuation for every 10 % of pores, and as much for the mineral of what is solid
        spread=0.08,
        provenance="unverified",
        source=f"{_ICRU}; porosity: Feik, Thomas and Clement 1997,"
        " doi:10.1046/j.1469-7580.1997.19130407.x, abstract; spread: a choice, for porosity and"
        " mineral content",
    ),
)
