"""Density, modulus and strength laws as records with their sources and measured ranges."""

from femur_fea.materials.conversion import (
    DENSITY_CONVERSIONS,
    ClampedDensity,
    LinearConversion,
    clamp_negative,
)
from femur_fea.materials.law import DensityLaw, PowerLaw, PowerSegment, SegmentedLaw
from femur_fea.materials.modulus import MATERIAL_LAWS
from femur_fea.materials.strength import STRENGTH_LAWS

__all__ = [
    "DENSITY_CONVERSIONS",
    "MATERIAL_LAWS",
    "STRENGTH_LAWS",
    "ClampedDensity",
    "DensityLaw",
    "LinearConversion",
    "PowerLaw",
    "PowerSegment",
    "SegmentedLaw",
    "clamp_negative",
]
