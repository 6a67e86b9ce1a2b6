"""What both models of failure take, and what they hand over to be written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from femur_fea.domain import (
    BoneMesh,
    DensityField,
    FemoralFrame,
    FloatArray,
    LabelMask,
    LoadCase,
    WeakestSite,
)
from femur_fea.mapping import MappedElasticity, MappingSettings
from femur_fea.presets import Preset

__all__ = ["LoadFailure", "LoadedFemur", "describe_site", "plate_force_at"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedFemur:
    """A femur, as it is or without its lesion, with its elasticity and its loads.

    Attributes
    ----------
    mesh : BoneMesh
        The mesh.
    frame : FemoralFrame
        Names the regions.
    femur : LabelMask
        The bone on the grid of the density.
    density : DensityField
        Density that the laws of the preset take.
    preset : Preset
        The chain of laws.
    mapping : MappingSettings
        How density becomes a property of the cells.
    mapped : MappedElasticity
        Elasticity of the mesh.
    loads : mapping of str to sequence of LoadCase
        By name, in the order of the run; the directions of a family, else one.
    """

    mesh: BoneMesh
    frame: FemoralFrame
    femur: LabelMask
    density: DensityField
    preset: Preset
    mapping: MappingSettings
    mapped: MappedElasticity
    loads: Mapping[str, Sequence[LoadCase]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadFailure:
    """How a femur fails under one load, as the artefacts hold it.

    Attributes
    ----------
    name : str
        Name of the load, or of the family of loads.
    load : LoadCase
        The load; of a family that in whose direction the femur is weakest.
    point_data, cell_data : mapping of str to array
        Fields on points and cells of the mesh, beside those that every model writes.
    curve : mapping of str to sequence of numbers
        Columns of the load-displacement curve.
    result : mapping of str to plain value
        What result.json says beside load and material.
    material : mapping of str to plain value
        What it says of the material, beside the elasticity.
    """

    name: str
    load: LoadCase
    point_data: Mapping[str, FloatArray]
    cell_data: Mapping[str, FloatArray]
    curve: Mapping[str, Sequence[float]]
    result: Mapping[str, Any]
    material: Mapping[str, Any]


def plate_force_at(load: LoadCase, size: float) -> float | None:
    """Return the force of a load's plate, N, when the load has a size, N; None without a plate."""
    return None if load.plate_force is None else load.plate_force * size / load.magnitude


def describe_site(site: WeakestSite) -> dict[str, Any]:
    """Return a weakest site as result.json holds it."""
    return {"point_mm": site.point, "region": site.region, "mode": site.mode}
