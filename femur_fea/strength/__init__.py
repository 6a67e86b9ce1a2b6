"""Failure criteria, and from fields to failure load."""

from femur_fea.strength.criterion import FAILURE_CRITERIA, StrainLimits
from femur_fea.strength.linear import evaluate_strength
from femur_fea.strength.principal import principal_strains
from femur_fea.strength.region import Region, region_of
from femur_fea.strength.rigidity import SectionRigidity, section_rigidity
from femur_fea.strength.section import (
    SectionPlanes,
    neck_sections,
    sections_along,
    shaft_sections,
)
from femur_fea.strength.surface import facet_strain, patch_average
from femur_fea.strength.twin import RigidityRatio, compare_rigidity

__all__ = [
    "FAILURE_CRITERIA",
    "Region",
    "RigidityRatio",
    "SectionPlanes",
    "SectionRigidity",
    "StrainLimits",
    "compare_rigidity",
    "evaluate_strength",
    "facet_strain",
    "neck_sections",
    "patch_average",
    "principal_strains",
    "region_of",
    "section_rigidity",
    "sections_along",
    "shaft_sections",
]
