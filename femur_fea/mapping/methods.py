"""From density to a property of the cells: at their integration points, or averaged over them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    DensityField,
    FloatArray,
    check_density_kind,
    integration_points,
)
from femur_fea.mapping.average import average_over_cells
from femur_fea.mapping.sampling import sample
from femur_fea.materials import DensityLaw
from femur_fea.registry import Registry

__all__ = ["MAPPING_METHODS", "MappedProperty", "MappingMethod", "map_property", "volume_fraction"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedProperty:
    """A modulus or strength on a mesh, and the densities that it came from.

    Attributes
    ----------
    values : (n_cells, 1) or (n_cells, n_points), MPa
        The property, nowhere below the floor.
    rho : (n_cells, n_points), g/cm3
        Density at the integration points.
    floor_fraction : float
        Fraction of the bone's volume whose density gives less than the floor.
    integration_error : float
        Largest relative change of a mean over a cell when the cell was last cut finer, above the
        error of its integral; 0 where there is no mean.
    """

    values: FloatArray
    rho: FloatArray
    floor_fraction: float
    integration_error: float


type _Property = Callable[[FloatArray], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingMethod:
    """A way to give cells a property that depends on density.

    Attributes
    ----------
    name : str
        Name of the method.
    description : str
        Where in a cell the law is applied, for a report.
    apply : callable
        From density, mesh, densities at the integration points and the property of a density to
        the samples of every cell, and the integration error of a mean.
    """

    name: str
    description: str
    apply: Callable[
        [DensityField, BoneMesh, FloatArray, _Property],
        tuple[FloatArray, float],
    ]


def _at_points(
    _density: DensityField, _mesh: BoneMesh, rho: FloatArray, law: _Property
) -> tuple[FloatArray, float]:
    return law(rho), 0.0


def _cell_average(
    density: DensityField, mesh: BoneMesh, _rho: FloatArray, law: _Property
) -> tuple[FloatArray, float]:
    average = average_over_cells(density.grid, law(density.rho), mesh)
    return average.mean[:, None], average.largest_change


MAPPING_METHODS: Registry[MappingMethod] = Registry("mapping method")

MAPPING_METHODS.add(
    "points",
    MappingMethod(
        name="points",
        description="at the integration points of each cell",
        apply=_at_points,
    ),
)
MAPPING_METHODS.add(
    "cell_average",
    MappingMethod(
        name="cell_average",
        description="voxel by voxel, averaged over the volume of each cell",
        apply=_cell_average,
    ),
)


def map_property(
    density: DensityField, mesh: BoneMesh, law: DensityLaw, *, floor: float, method: str
) -> MappedProperty:
    """Return the property of every cell by a law of density.

    Parameters
    ----------
    density : DensityField
        Density of the kind that the law takes, continued outward from the bone, g/cm3.
    mesh : BoneMesh
        The bone's mesh, inside the grid.
    law : DensityLaw
        Relation between density and the property.
    floor : float, MPa
        Lowest value; what the law gives below it is raised to it before anything is averaged.
    method : str
        Name in `MAPPING_METHODS`.

    Raises
    ------
    DensityKindError
        If the law takes another kind of density.
    GridMismatchError
        If the mesh reaches outside the grid.
    UnknownNameError
        If there is no such method.
    """
    check_density_kind(
        found=density.kind, expected=law.density_kind, where=f"the law of {law.source}"
    )
    points = integration_points(mesh)
    rho = sample(density.grid, density.rho, points.reshape(-1, 3)).reshape(points.shape[:2])

    def with_floor(densities: FloatArray) -> FloatArray:
        return np.maximum(law.value(densities), floor)

    values, error = MAPPING_METHODS[method].apply(density, mesh, rho, with_floor)
    return MappedProperty(
        values=values,
        rho=rho,
        floor_fraction=volume_fraction(mesh, law.value(rho) < floor),
        integration_error=error,
    )


def volume_fraction(mesh: BoneMesh, where: BoolArray) -> float:
    """Return the share of the volume for which integration points (n_cells, n_points) stand."""
    return float(where.mean(axis=1) @ mesh.cell_volumes / mesh.cell_volumes.sum())
