"""Failure criteria, and from fields to failure load."""

from femur_fea.strength.criterion import FAILURE_CRITERIA, StrainLimits
from femur_fea.strength.failure import (
    FailureModel,
    StrainFailure,
    YieldByDensity,
    YieldBySite,
    YieldModel,
    map_yield,
)
from femur_fea.strength.fold import (
    STRAIN_FOLD_THRESHOLD,
    FoldThreshold,
    StrainFold,
    strain_fold,
)
from femur_fea.strength.invariants import effective_strain, principal_strains, von_mises
from femur_fea.strength.judged import judged_cells
from femur_fea.strength.linear import evaluate_strength
from femur_fea.strength.peak import PeakStrength, evaluate_peak
from femur_fea.strength.region import Region, region_of, regions_of
from femur_fea.strength.rigidity import SectionRigidity, section_rigidity
from femur_fea.strength.section import (
    SectionPlanes,
    neck_sections,
    sections_along,
    shaft_sections,
)
from femur_fea.strength.surface import facet_strain, patch_average, patch_radius_on
from femur_fea.strength.twin import RigidityRatio, compare_rigidity
from femur_fea.strength.volume import (
    VOLUME_CRITERIA,
    VolumeLimit,
    VolumeStrength,
    evaluate_volume,
)
from femur_fea.strength.yield_law import (
    STRENGTH_FLOOR_MPA,
    YIELD_STRAINS,
    MappedStrength,
    YieldStrains,
    map_strength,
    strength_by_site,
)

__all__ = [
    "FAILURE_CRITERIA",
    "STRAIN_FOLD_THRESHOLD",
    "STRENGTH_FLOOR_MPA",
    "VOLUME_CRITERIA",
    "YIELD_STRAINS",
    "FailureModel",
    "FoldThreshold",
    "MappedStrength",
    "PeakStrength",
    "Region",
    "RigidityRatio",
    "SectionPlanes",
    "SectionRigidity",
    "StrainFailure",
    "StrainFold",
    "StrainLimits",
    "VolumeLimit",
    "VolumeStrength",
    "YieldByDensity",
    "YieldBySite",
    "YieldModel",
    "YieldStrains",
    "compare_rigidity",
    "effective_strain",
    "evaluate_peak",
    "evaluate_strength",
    "evaluate_volume",
    "facet_strain",
    "judged_cells",
    "map_strength",
    "map_yield",
    "neck_sections",
    "patch_average",
    "patch_radius_on",
    "principal_strains",
    "region_of",
    "regions_of",
    "section_rigidity",
    "sections_along",
    "shaft_sections",
    "strain_fold",
    "strength_by_site",
    "von_mises",
]
