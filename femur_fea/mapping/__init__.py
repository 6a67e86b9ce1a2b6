"""From a density image to material fields on a mesh."""

from femur_fea.mapping.elasticity import (
    MODULUS_FLOOR_MPA,
    MappedElasticity,
    map_elasticity,
    sample,
    sample_density,
)
from femur_fea.mapping.extension import extend_outward
from femur_fea.mapping.healed import HEALING_METHOD, HealedDensity, heal
from femur_fea.mapping.integration import INTEGRATION_BARYCENTRIC, integration_points

__all__ = [
    "HEALING_METHOD",
    "INTEGRATION_BARYCENTRIC",
    "MODULUS_FLOOR_MPA",
    "HealedDensity",
    "MappedElasticity",
    "extend_outward",
    "heal",
    "integration_points",
    "map_elasticity",
    "sample",
    "sample_density",
]
