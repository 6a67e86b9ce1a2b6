"""From a density image to the elasticity of a mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    DensityField,
    ElasticField,
    FloatArray,
    LabelMask,
    integration_points,
)
from femur_fea.errors import NoStiffnessError
from femur_fea.mapping.edge import BoneDensity, bone_density
from femur_fea.mapping.methods import map_property, volume_fraction
from femur_fea.mapping.rim import LESION_RIM, distance_from
from femur_fea.mapping.sampling import sample
from femur_fea.mapping.settings import DEFAULT_MAPPING, MappingSettings
from femur_fea.materials import DensityLaw

__all__ = ["MODULUS_FLOOR_MPA", "MappedElasticity", "map_bone_density", "map_elasticity"]

# the smallest modulus that open femur models use (Bonelab Ogo, sideways fall), MPa
MODULUS_FLOOR_MPA = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedElasticity:
    """Elasticity of a mesh and how much of it lies outside what was measured.

    Attributes
    ----------
    elastic : ElasticField
        Young's modulus of the cells.
    rho : (n_cells, n_points), g/cm3
        Density at the integration points.
    bone : (n_cells,), bool
        Cells of which no integration point lies within 2 mm of the lesion. Failure is looked for
        in these only, because the strain limits of bone do not apply to tumour and the image
        cannot tell one from the other at the lesion's rim.
    light : (n_cells,), bool
        Cells with an integration point that is less dense than the least dense bone that the law
        was measured on.
    floor_fraction : float
        Fraction of the bone's volume whose modulus was raised to the floor.
    edge_fraction : float
        Fraction of the bone's volume whose density was raised to that of the bone further in.
    integration_error : float
        Largest relative change of a mean over a cell when the cell was last cut finer, above the
        error of its integral; 0 where there is no mean.
    extrapolated_fraction : float
        Fraction of the bone's volume whose density lies outside the law's measured range; None
        where that range is not known.
    """

    elastic: ElasticField
    rho: FloatArray
    bone: BoolArray
    light: BoolArray
    floor_fraction: float
    edge_fraction: float
    integration_error: float
    extrapolated_fraction: float | None

    def __post_init__(self) -> None:
        if self.floor_fraction >= 1.0:
            raise NoStiffnessError(
                found="a bone whose Young's modulus lies on the floor of "
                f"{MODULUS_FLOOR_MPA:g} MPa everywhere",
                expected="bone that is stiffer somewhere",
                remedy="check the calibration, and that mask and CT belong together",
            )


def map_elasticity(
    density: DensityField,
    femur: LabelMask,
    mesh: BoneMesh,
    law: DensityLaw,
    *,
    nu: float,
    lesion: LabelMask | None = None,
    settings: MappingSettings = DEFAULT_MAPPING,
) -> MappedElasticity:
    """Return the elasticity of `mesh` from densities sampled inside the bone.

    The density is first continued outward from the mask's voxels, so that no sample near the
    surface mixes bone with the soft tissue beside it.

    Parameters
    ----------
    density : DensityField
        Density of the kind that the law takes, g/cm3.
    femur : LabelMask
        The bone, on the same grid.
    mesh : BoneMesh
        The bone's mesh, inside the grid.
    law : DensityLaw
        Relation between density and modulus.
    nu : float
        Poisson's ratio.
    lesion : LabelMask, optional
        The lesion, on the same grid; cells in it or its rim are not bone.
    settings : MappingSettings
        Method, and layers of the mask that are not trusted.

    Raises
    ------
    DensityKindError
        If the law takes another kind of density.
    GridMismatchError
        If mask and density differ in grid, or the mesh reaches outside it.
    OutOfRangeError
        If no bone lies below the layers that are not trusted.
    NotConvergedError
        If a mean over a cell could not be integrated.
    """
    inside = bone_density(density, femur, edge_voxels=settings.edge_voxels)
    return map_bone_density(inside, mesh, law, nu=nu, lesion=lesion, method=settings.method)


def map_bone_density(
    inside: BoneDensity,
    mesh: BoneMesh,
    law: DensityLaw,
    *,
    nu: float,
    lesion: LabelMask | None,
    method: str,
) -> MappedElasticity:
    """Return the elasticity of a mesh from a density that goes on beyond the bone.

    `map_elasticity` in its second half, for several meshes of one density.

    Parameters
    ----------
    inside : BoneDensity
        From `bone_density`.
    mesh : BoneMesh
        The bone's mesh, inside the grid.
    law : DensityLaw
        Relation between density and modulus.
    nu : float
        Poisson's ratio.
    lesion : LabelMask or None
        The lesion, on the same grid.
    method : str
        Name in `MAPPING_METHODS`.
    """
    modulus = map_property(inside.density, mesh, law, floor=MODULUS_FLOOR_MPA, method=method)
    points = integration_points(mesh)
    return MappedElasticity(
        elastic=ElasticField(E_modulus=modulus.values, nu=nu),
        rho=modulus.rho,
        bone=~_near(lesion, points).any(axis=1),
        light=_too_light(law.rho_range, modulus.rho).any(axis=1),
        floor_fraction=modulus.floor_fraction,
        edge_fraction=inside.edge_fraction,
        integration_error=modulus.integration_error,
        extrapolated_fraction=_outside(law.rho_range, modulus.rho, mesh),
    )


def _too_light(measured: tuple[float, float] | None, rho: FloatArray) -> BoolArray:
    if measured is None:
        return np.zeros(rho.shape, dtype=bool)
    return np.asarray(rho < measured[0])


def _near(lesion: LabelMask | None, points: FloatArray) -> BoolArray:
    """Whether each point lies in the lesion or its rim, shape (n_cells, n_samples)."""
    if lesion is None:
        return np.zeros(points.shape[:2], dtype=bool)
    distance = sample(lesion.grid, distance_from(lesion), points.reshape(-1, 3))
    return np.asarray(distance <= LESION_RIM).reshape(points.shape[:2])


def _outside(measured: tuple[float, float] | None, rho: FloatArray, mesh: BoneMesh) -> float | None:
    if measured is None:
        return None
    return volume_fraction(mesh, (rho < measured[0]) | (rho > measured[1]))
