"""From density or modulus to the yield stresses of a mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    DensityField,
    ElasticField,
    FemoralFrame,
    LabelMask,
    Provenance,
    YieldField,
    check_density_kind,
    check_shape,
)
from femur_fea.mapping import (
    DEFAULT_MAPPING,
    MappingSettings,
    bone_density,
    map_property,
    volume_fraction,
)
from femur_fea.materials import DensityLaw, SofteningLaw
from femur_fea.registry import Registry
from femur_fea.strength.region import regions_of
from femur_fea.strength.softening import cell_size, cell_softening, warn_of_oblong_bricks

__all__ = [
    "STRENGTH_FLOOR_MPA",
    "YIELD_STRAINS",
    "MappedStrength",
    "YieldStrains",
    "map_strength",
    "strength_by_site",
]

# yield stress of a bone at the modulus floor of 0.1 MPa that yields at about 1 % of strain, MPa
STRENGTH_FLOOR_MPA = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedStrength:
    """Yield stresses of a mesh and how much of it was raised to the floor.

    Attributes
    ----------
    strength : YieldField
        Yield stresses at the integration points.
    floor_fraction : float
        Fraction of the bone's volume whose yield stress, or what softening leaves of it, was
        raised to the floor.
    """

    strength: YieldField
    floor_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True)
class YieldStrains:
    """Strains at which bone of one site yields in uniaxial tests.

    Attributes
    ----------
    tension, compression : float, dimensionless
        Yield strains, both positive.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    tension: float
    compression: float
    source: str
    provenance: Provenance


_MORGAN_KEAVENY = "Morgan and Keaveny, J Biomech 2001;34:569, as used by the open solver parosol-py"

YIELD_STRAINS: Registry[YieldStrains] = Registry("yield strains")

YIELD_STRAINS.add(
    "morgan_2001_femoral_neck",
    YieldStrains(
        tension=0.0061, compression=0.0085, source=_MORGAN_KEAVENY, provenance="published"
    ),
)
YIELD_STRAINS.add(
    "morgan_2001_greater_trochanter",
    YieldStrains(
        tension=0.0061, compression=0.0070, source=_MORGAN_KEAVENY, provenance="published"
    ),
)


def map_strength(
    density: DensityField,
    femur: LabelMask,
    mesh: BoneMesh,
    law: DensityLaw,
    *,
    settings: MappingSettings = DEFAULT_MAPPING,
    softening: SofteningLaw | None = None,
) -> MappedStrength:
    """Return the von Mises yield stress of `mesh` by a density-strength law.

    Density and method are those of the modulus, see `femur_fea.mapping.map_elasticity`.

    Parameters
    ----------
    density : DensityField
        Density of the kind that the laws take, g/cm3.
    femur : LabelMask
        The bone, on the same grid.
    mesh : BoneMesh
        The bone's mesh, inside the grid.
    law : DensityLaw
        Relation between density and strength, of `femur_fea.materials.STRENGTH_LAWS`.
    settings : MappingSettings
        Those of the modulus.
    softening : SofteningLaw, optional
        How the yield stress falls; absent for perfect plasticity.

    Raises
    ------
    DensityKindError
        If a law takes another kind of density.
    GridMismatchError
        If mask and density differ in grid, or the mesh reaches outside it.
    """
    inside = bone_density(density, femur, edge_voxels=settings.edge_voxels)
    stress = map_property(
        inside.density, mesh, law, floor=STRENGTH_FLOOR_MPA, method=settings.method
    )
    if softening is None:
        strength = YieldField(tension=stress.values, compression=stress.values)
        return MappedStrength(strength=strength, floor_fraction=stress.floor_fraction)
    kind = softening.density_kind
    check_density_kind(found=density.kind, expected=kind, where="the softening law")
    # where the yield stress is a mean over the cell, so is the density that it falls by
    is_mean = stress.values.shape[1] == 1
    rho = stress.rho.mean(axis=1, keepdims=True) if is_mean else stress.rho
    warn_of_oblong_bricks(mesh)
    fall = cell_softening(softening, rho, cell_size(mesh), smallest=STRENGTH_FLOOR_MPA)
    weakest = np.minimum(law.value(stress.rho), softening.residual_stress(stress.rho))
    return MappedStrength(
        strength=YieldField(tension=stress.values, compression=stress.values, softening=fall),
        floor_fraction=volume_fraction(mesh, weakest < STRENGTH_FLOOR_MPA),
    )


def strength_by_site(
    mesh: BoneMesh,
    elastic: ElasticField,
    frame: FemoralFrame,
    *,
    neck: YieldStrains,
    trochanter: YieldStrains,
) -> YieldField:
    """Return yield stresses that are the modulus times the yield strains of head and neck or below.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    elastic : ElasticField
        Its modulus; the yield stress goes with it, so a modulus floor needs no other.
    frame : FemoralFrame
        Tells the sites apart.
    neck : YieldStrains
        Of cells whose centroids lie in the head or the neck.
    trochanter : YieldStrains
        Of all others.
    """
    check_shape("E_modulus", elastic.E_modulus, (mesh.n_cells, None))
    proximal = np.isin(regions_of(frame, mesh.centroids), ["head", "neck"])
    tension = np.where(proximal, neck.tension, trochanter.tension)
    compression = np.where(proximal, neck.compression, trochanter.compression)
    return YieldField(
        tension=tension[:, None] * elastic.E_modulus,
        compression=compression[:, None] * elastic.E_modulus,
    )
