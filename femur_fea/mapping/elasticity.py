"""From a density image to Young's modulus at the integration points of a mesh."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    DensityField,
    ElasticField,
    FloatArray,
    ImageGrid,
    LabelMask,
    check_density_kind,
    check_same_grid,
)
from femur_fea.errors import GridMismatchError, NoStiffnessError
from femur_fea.mapping.extension import extend_outward
from femur_fea.mapping.integration import integration_points
from femur_fea.mapping.rim import LESION_RIM, distance_from
from femur_fea.materials import DensityLaw

__all__ = ["MODULUS_FLOOR_MPA", "MappedElasticity", "map_elasticity", "sample", "sample_density"]

# the smallest modulus that open femur models use (Bonelab Ogo, sideways fall), MPa
MODULUS_FLOOR_MPA = 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedElasticity:
    """Elasticity of a mesh and how much of it lies outside what was measured.

    Attributes
    ----------
    elastic : ElasticField
        Young's modulus at the integration points.
    bone : (n_cells,), bool
        Cells of which no integration point lies within 2 mm of the lesion. Failure is looked for
        in these only, because the strain limits of bone do not apply to tumour and the image
        cannot tell one from the other at the lesion's rim.
    light : (n_cells,), bool
        Cells with an integration point that is less dense than the least dense bone that the law
        was measured on.
    floor_fraction : float
        Fraction of the bone's volume whose modulus was raised to the floor.
    extrapolated_fraction : float
        Fraction of the bone's volume whose density lies outside the law's measured range; None
        where that range is not known.
    """

    elastic: ElasticField
    bone: BoolArray
    light: BoolArray
    floor_fraction: float
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

    Raises
    ------
    DensityKindError
        If the law takes another kind of density.
    GridMismatchError
        If mask and density differ in grid, or the mesh reaches outside it.
    """
    check_density_kind(found=density.kind, expected=law.density_kind, where="the material law")
    rho = sample_density(density, femur, mesh)
    points = integration_points(mesh)
    E_law = law.value(rho)
    weights = np.broadcast_to(mesh.cell_volumes[:, None], rho.shape)
    return MappedElasticity(
        elastic=ElasticField(E_modulus=np.maximum(E_law, MODULUS_FLOOR_MPA), nu=nu),
        bone=~_near(lesion, points).any(axis=1),
        light=_too_light(law.rho_range, rho).any(axis=1),
        floor_fraction=_fraction(E_law < MODULUS_FLOOR_MPA, weights),
        extrapolated_fraction=_outside(law.rho_range, rho, weights),
    )


def sample_density(density: DensityField, femur: LabelMask, mesh: BoneMesh) -> FloatArray:
    """Return the density at the integration points, shape (n_cells, 4 or 8), g/cm3.

    Parameters
    ----------
    density : DensityField
        Any density; it is continued outward from the bone first.
    femur : LabelMask
        The bone, on the same grid.
    mesh : BoneMesh
        The bone's mesh, inside the grid.

    Raises
    ------
    GridMismatchError
        If mask and density differ in grid, or the mesh reaches outside it.
    """
    check_same_grid("the density", density.grid, "the femur mask", femur.grid)
    inside = extend_outward(density, femur)
    points = integration_points(mesh)
    return sample(inside.grid, inside.rho, points.reshape(-1, 3)).reshape(points.shape[:2])


def sample(grid: ImageGrid, values: FloatArray, points: FloatArray) -> FloatArray:
    """Return image values at LPS points by trilinear interpolation, shape (n,).

    Parameters
    ----------
    grid : ImageGrid
        Where the samples lie.
    values : (ni, nj, nk)
        Image samples.
    points : (n, 3), mm
        Where to sample; up to one voxel outside the outermost samples' centres.

    Raises
    ------
    GridMismatchError
        If a point lies more than one voxel outside the image.
    """
    index = grid.to_index(points)
    beyond = np.maximum(-index, index - (np.asarray(grid.shape) - 1.0)).max()
    if beyond > 1.0:
        raise GridMismatchError(
            found=f"mesh points up to {beyond:.1f} voxels outside the image",
            expected="a mesh inside the image it was made from",
            remedy="check that mesh and image belong together and share the LPS frame",
        )
    return np.asarray(ndimage.map_coordinates(values, index.T, order=1, mode="nearest"))


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


def _outside(
    measured: tuple[float, float] | None, rho: FloatArray, weights: FloatArray
) -> float | None:
    if measured is None:
        return None
    return _fraction((rho < measured[0]) | (rho > measured[1]), weights)


def _fraction(where: BoolArray, weights: FloatArray) -> float:
    return float(weights[where].sum() / weights.sum())
