"""The material of a femur: density that the laws take, elasticity, and what is said of both."""

from dataclasses import dataclass, replace
from typing import Any

from femur_fea.domain import BoneMesh, DensityField, FemoralFrame, LabelMask
from femur_fea.mapping import (
    MODULUS_FLOOR_MPA,
    BoneDensity,
    MappedElasticity,
    MappingSettings,
    bone_density,
    give_direction,
    map_bone_density,
)
from femur_fea.materials import DEFAULT_ANISOTROPY, ClampedDensity
from femur_fea.presets import Preset
from femur_risk.config import MappingConfig
from femur_risk.pipeline.choices import cortex_record
from femur_risk.pipeline.restoration import restore

__all__ = ["FemurMaterial", "map_material", "prepare_material"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FemurMaterial:
    """The material of a femur on its mesh.

    Attributes
    ----------
    density : DensityField
        Density that the laws of the preset take.
    femur : LabelMask
        The bone on the grid of the density.
    mapping : MappingSettings
        How it becomes a property of the cells.
    mapped : MappedElasticity
        Elasticity of the mesh.
    content : mapping of str to plain value
        What result.json says of the material.
    """

    density: DensityField
    femur: LabelMask
    mapping: MappingSettings
    mapped: MappedElasticity
    content: dict[str, Any]


def prepare_material(
    preset: Preset,
    config: MappingConfig,
    mesh: BoneMesh,
    frame: FemoralFrame,
    femur: LabelMask,
    equivalent: DensityField,
    *,
    lesion: LabelMask | None,
    slice_thickness: float | None,
) -> FemurMaterial:
    """Return the material of `mesh` by the laws of a preset.

    Raises
    ------
    CortexError
        If the cortex shall have a direction and this bone shows none, or shall be restored and is
        nowhere thick enough to measure the scan's blur.
    """
    seen = restore(config, equivalent, femur, slice_thickness=slice_thickness)
    femur = seen.femur
    converted = preset.to_law_density(seen.density, femur)
    settings = MappingSettings(method=config.method, edge_voxels=config.edge_voxels)
    inside = bone_density(converted.density, femur, edge_voxels=settings.edge_voxels)
    mapped = map_material(preset, config, mesh, frame, inside, lesion=lesion)
    return FemurMaterial(
        density=converted.density,
        femur=femur,
        mapping=settings,
        mapped=mapped,
        content={
            **_describe(preset, converted, settings, mapped),
            "cortex": _describe_cortex(mesh, mapped),
            "cortical_blur": seen.content,
        },
    )


def map_material(
    preset: Preset,
    config: MappingConfig,
    mesh: BoneMesh,
    frame: FemoralFrame,
    inside: BoneDensity,
    *,
    lesion: LabelMask | None,
) -> MappedElasticity:
    """Return the elasticity of `mesh`, from density that the laws take and that goes on outward.

    Raises
    ------
    CortexError
        If the cortex shall have a direction and this bone shows none.
    """
    mapped = map_bone_density(
        inside, mesh, preset.law, nu=preset.nu, lesion=lesion, method=config.method
    )
    ratios = cortex_record(config)
    if ratios is None:
        return mapped
    kind = preset.law.density_kind
    elastic = give_direction(mapped.elastic, mapped.rho, kind, mesh, frame, ratios)
    return replace(mapped, elastic=elastic)


def _describe(
    preset: Preset, converted: ClampedDensity, settings: MappingSettings, mapped: MappedElasticity
) -> dict[str, Any]:
    return {
        "law": preset.law_name,
        "conversions": list(preset.conversion_names),
        "nu": preset.nu,
        "clamped_voxels": converted.clamped_voxels,
        "total_voxels": converted.total_voxels,
        "mapping_method": settings.method,
        "integration_error": mapped.integration_error,
        "edge_voxels": settings.edge_voxels,
        "edge_fraction": mapped.edge_fraction,
        "floor_MPa": MODULUS_FLOOR_MPA,
        "floor_fraction": mapped.floor_fraction,
        "extrapolated_fraction": mapped.extrapolated_fraction,
    }


def _describe_cortex(mesh: BoneMesh, mapped: MappedElasticity) -> dict[str, Any] | None:
    cortex = mapped.elastic.cortex
    if cortex is None:
        return None
    volumes = mesh.cell_volumes
    return {
        "constants": DEFAULT_ANISOTROPY,
        "axis": cortex.axis,
        "fraction": float(volumes[cortex.cells].sum() / volumes.sum()),
    }
