"""From a density image to material fields on a mesh."""

from femur_fea.mapping.average import AVERAGE_TOLERANCE, CellAverage, average_over_cells
from femur_fea.mapping.cortex import CORTICAL_DENSITY, give_direction
from femur_fea.mapping.edge import BoneDensity, bone_density
from femur_fea.mapping.elasticity import (
    MODULUS_FLOOR_MPA,
    MappedElasticity,
    map_bone_density,
    map_elasticity,
)
from femur_fea.mapping.extension import extend_outward
from femur_fea.mapping.healed import HEALING_METHOD, HealedDensity, heal
from femur_fea.mapping.labels import elasticity_by_label
from femur_fea.mapping.methods import (
    MAPPING_METHODS,
    MappedProperty,
    MappingMethod,
    map_property,
    volume_fraction,
)
from femur_fea.mapping.sampling import sample
from femur_fea.mapping.settings import DEFAULT_MAPPING, MappingSettings

__all__ = [
    "AVERAGE_TOLERANCE",
    "CORTICAL_DENSITY",
    "DEFAULT_MAPPING",
    "HEALING_METHOD",
    "MAPPING_METHODS",
    "MODULUS_FLOOR_MPA",
    "BoneDensity",
    "CellAverage",
    "HealedDensity",
    "MappedElasticity",
    "MappedProperty",
    "MappingMethod",
    "MappingSettings",
    "average_over_cells",
    "bone_density",
    "elasticity_by_label",
    "extend_outward",
    "give_direction",
    "heal",
    "map_bone_density",
    "map_elasticity",
    "map_property",
    "sample",
    "volume_fraction",
]
