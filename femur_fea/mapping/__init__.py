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
from femur_fea.mapping.integration import (
    CORNER_SHARES,
    integration_points,
    reference_points,
)
from femur_fea.mapping.labels import elasticity_by_label

__all__ = [
    "CORNER_SHARES",
    "HEALING_METHOD",
    "MODULUS_FLOOR_MPA",
    "HealedDensity",
    "MappedElasticity",
    "elasticity_by_label",
    "extend_outward",
    "heal",
    "integration_points",
    "map_elasticity",
    "reference_points",
    "sample",
    "sample_density",
]
