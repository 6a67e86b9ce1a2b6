"""Density, modulus and strength laws as records with their sources and measured ranges."""

from femur_fea.materials.anisotropy import CORTEX_ANISOTROPY, DEFAULT_ANISOTROPY
from femur_fea.materials.conversion import (
    DENSITY_CONVERSIONS,
    ClampedDensity,
    LinearConversion,
    clamp_negative,
)
from femur_fea.materials.law import DensityLaw, PowerLaw
from femur_fea.materials.modulus import MATERIAL_LAWS
from femur_fea.materials.rate import StrainRateLaw
from femur_fea.materials.scatter import LAW_SCATTER, LawScatter, scatter_of_fit
from femur_fea.materials.segments import PowerSegment, SegmentedLaw
from femur_fea.materials.softening import SOFTENING_LAWS, SofteningLaw
from femur_fea.materials.strength import STRENGTH_LAWS
from femur_fea.materials.table import laws_page

__all__ = [
    "CORTEX_ANISOTROPY",
    "DEFAULT_ANISOTROPY",
    "DENSITY_CONVERSIONS",
    "LAW_SCATTER",
    "MATERIAL_LAWS",
    "SOFTENING_LAWS",
    "STRENGTH_LAWS",
    "ClampedDensity",
    "DensityLaw",
    "LawScatter",
    "LinearConversion",
    "PowerLaw",
    "PowerSegment",
    "SegmentedLaw",
    "SofteningLaw",
    "StrainRateLaw",
    "clamp_negative",
    "laws_page",
    "scatter_of_fit",
]
