"""Stages fe and fe@healed: material mapping, solution and strength under every load."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    DensityField,
    ElasticField,
    FEResult,
    FloatArray,
    LabelMask,
    LoadCase,
    StrengthResult,
)
from femur_fea.io import write_json, write_mesh
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import MODULUS_FLOOR_MPA, heal, map_elasticity
from femur_fea.presets import PRESETS
from femur_fea.strength import evaluate_strength
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_bone, read_density, read_femur, read_lesion
from femur_risk.pipeline.choices import chosen_records, load_names, strain_limits
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage, content_of
from femur_risk.pipeline.versions import DOLFINX

__all__ = ["FE", "HEALED"]

_UPSTREAM = ("segmentation", "calibration", "mesh")
_LIBRARIES = (*DOLFINX, "numpy", "scipy")


def _settings(run: Run) -> dict[str, object]:
    config = run.config
    preset = PRESETS[config.preset.name]
    return {
        "preset": content_of(preset),
        "records": {name: content_of(record) for name, record in chosen_records(config)},
        "loads": list(load_names(config)),
        "fixed_length_mm": config.loads.fixed_length_mm,
        "model": config.solver.model,
        "relative_tolerance": config.solver.relative_tolerance,
    }


def _make_intact(run: Run, place: Path) -> None:
    """Write fields, curve and result of the bone as it is under every load."""
    femur = read_femur(run.folder)
    lesion = read_lesion(run.folder) if run.has_lesion else None
    _solve(run, place, femur, read_density(run.folder), lesion=lesion, healing=None)


def _make_healed(run: Run, place: Path) -> None:
    """Write the same of the lesion-free twin, on the same mesh."""
    femur = read_femur(run.folder)
    healed = heal(read_density(run.folder), femur, read_lesion(run.folder))
    _solve(run, place, femur, healed.density, lesion=None, healing=healed.method)


def _solve(
    run: Run,
    place: Path,
    femur: LabelMask,
    equivalent: DensityField,
    *,
    lesion: LabelMask | None,
    healing: str | None,
) -> None:
    from femur_fea.solver import solve_linear

    preset = PRESETS[run.config.preset.name]
    mesh, frame = read_bone(run.folder, run.config)
    converted = preset.to_law_density(equivalent, femur)
    mapped = map_elasticity(converted.density, femur, mesh, preset.law, nu=preset.nu, lesion=lesion)
    loads = [
        LOAD_CASES[name].apply(mesh, frame, fixed_length=run.config.loads.fixed_length_mm)
        for name in load_names(run.config)
    ]
    tolerance = run.config.solver.relative_tolerance
    results = solve_linear(mesh, mapped.elastic, loads, tolerance=tolerance)
    material = {
        "law": preset.law_name,
        "conversions": list(preset.conversion_names),
        "nu": preset.nu,
        "clamped_voxels": converted.clamped_voxels,
        "total_voxels": converted.total_voxels,
        "floor_MPa": MODULUS_FLOOR_MPA,
        "floor_fraction": mapped.floor_fraction,
        "extrapolated_fraction": mapped.extrapolated_fraction,
        "healing": healing,
    }
    for load, result in zip(loads, results, strict=True):
        strength = evaluate_strength(
            mesh, frame, result, load, strain_limits(run.config), bone=mapped.bone
        )
        name = layout.twin_name(load.name, healed=healing is not None)
        write_mesh(
            place / layout.field_file(name),
            mesh,
            point_data={"displacement_mm": result.u, "traction_MPa": load.traction},
            cell_data=_cell_fields(mesh, mapped.elastic, result, strength),
        )
        _write_curve(place / layout.curve_file(name), strength)
        write_json(place / layout.result_file(name), _result(load, result, strength, material))


def _cell_fields(
    mesh: BoneMesh, elastic: ElasticField, result: FEResult, strength: StrengthResult
) -> dict[str, FloatArray]:
    return {
        "E_modulus_MPa": elastic.E_modulus.mean(axis=1),
        "strain": result.strain.mean(axis=1),
        "stress_MPa": result.stress,
        "risk_factor": _on_cells(mesh, strength.risk_factor),
    }


def _on_cells(mesh: BoneMesh, on_facets: FloatArray) -> FloatArray:
    """Return the largest facet value of each cell, NaN where the cell has none, (n_cells,)."""
    values = np.full(mesh.n_cells, -np.inf)
    np.maximum.at(values, mesh.facet_cells, np.where(np.isnan(on_facets), -np.inf, on_facets))
    return np.where(np.isneginf(values), np.nan, values)


def _write_curve(path: Path, strength: StrengthResult) -> None:
    """Write the straight line from rest to failure."""
    failure_mm = strength.failure_load_N / strength.stiffness_N_per_mm
    lines = ["displacement_mm,force_N", "0.0,0.0", f"{failure_mm!r},{strength.failure_load_N!r}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _result(
    load: LoadCase, result: FEResult, strength: StrengthResult, material: dict[str, Any]
) -> dict[str, Any]:
    statistics = asdict(result.statistics)
    return {
        "load": load.name,
        "criterion": strength.criterion,
        "strength_N": strength.failure_load_N,
        "stiffness_N_per_mm": strength.stiffness_N_per_mm,
        "weakest_site": {
            "point_mm": strength.weakest_site.point,
            "region": strength.weakest_site.region,
            "mode": strength.weakest_site.mode,
        },
        "reference_force_N": load.magnitude,
        "external_work_N_mm": result.external_work,
        "reaction_force_N": result.reaction_force,
        "reaction_moment_N_mm": result.reaction_moment,
        "material": material,
        "solver": statistics,
    }


FE = Stage(
    name="fe",
    upstream=_UPSTREAM,
    owns=layout.OWNED["fe"],
    libraries=_LIBRARIES,
    settings=_settings,
    make=_make_intact,
)

HEALED = Stage(
    name="fe@healed",
    upstream=_UPSTREAM,
    owns=layout.OWNED["fe@healed"],
    libraries=_LIBRARIES,
    settings=_settings,
    make=_make_healed,
    needs_lesion=True,
)
