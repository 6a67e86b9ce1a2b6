"""Stages fe and fe@healed: material mapping, solution and strength under every load."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import DensityField, LabelMask
from femur_fea.io import write_json, write_mesh, write_xdmf
from femur_fea.mapping import heal
from femur_fea.presets import PRESETS, Preset
from femur_fea.solver import NonlinearSettings
from femur_fea.strength import StrainFailure, judged_cells
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import (
    read_bone,
    read_density,
    read_femur,
    read_lesion,
    read_quality,
)
from femur_risk.pipeline.choices import chosen_records, directions_of, load_names
from femur_risk.pipeline.edge import warn_of_edge
from femur_risk.pipeline.export import write_models
from femur_risk.pipeline.failure import LoadedFemur, LoadFailure
from femur_risk.pipeline.hidden import hidden_fraction, warn_of_hidden_lesion
from femur_risk.pipeline.linear_failure import solve_linear_failure
from femur_risk.pipeline.material import prepare_material
from femur_risk.pipeline.model_limits import (
    warn_of_extrapolation,
    warn_of_large_strains,
    warn_of_site_at_edge,
)
from femur_risk.pipeline.nonlinear_failure import solve_nonlinear_failure
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage, content_of
from femur_risk.pipeline.units import LOAD_UNITS
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
        "mapping": config.mapping.model_dump(),
        "model": preset.model,
        "solver": _solver_settings(run, preset),
        "export": sorted(config.solver.export),
    }


def _solver_settings(run: Run, preset: Preset) -> dict[str, object]:
    if preset.model == "nonlinear":
        return asdict(NonlinearSettings())
    return {
        "relative_tolerance": run.config.solver.relative_tolerance,
        "method": run.config.solver.method,
    }


def _make_intact(run: Run, place: Path) -> None:
    """Write fields, curve and result of the bone as it is under every load."""
    femur = read_femur(run.folder)
    lesion = read_lesion(run.folder) if run.has_lesion else None
    _write(run, place, femur, read_density(run.folder), lesion=lesion, healing=None)


def _make_healed(run: Run, place: Path) -> None:
    """Write the same of the lesion-free twin, on the same mesh."""
    femur = read_femur(run.folder)
    healed = heal(read_density(run.folder), femur, read_lesion(run.folder))
    _write(run, place, femur, healed.density, lesion=None, healing=healed.method)


def _write(
    run: Run,
    place: Path,
    femur: LabelMask,
    equivalent: DensityField,
    *,
    lesion: LabelMask | None,
    healing: str | None,
) -> None:
    loaded, material = _prepare(run, femur, equivalent, lesion=lesion)
    if healing is None:  # the twin differs in the lesion alone
        preset = loaded.preset
        warn_of_extrapolation(loaded.mesh, loaded.mapped.rho, preset.law, name=preset.law_name)
    hidden = {} if lesion is None else _hidden(loaded, lesion)
    for failure in _failures(run, loaded):
        name = layout.twin_name(failure.name, healed=healing is not None)
        whose = "femur" if healing is None else "lesion-free twin"
        warn_of_edge(failure.name, failure.load.name, bone=whose)
        _warn_of_limits(loaded, failure, whose)
        _write_fields(place, name, loaded, failure, run.config.solver.export)
        _write_curve(place / layout.curve_file(name), failure.curve)
        content = {
            "load": failure.load.name,
            **failure.result,
            "lesion_hidden_fraction": hidden.get(failure.name),
            "material": {**material, **failure.material, "healing": healing},
        }
        write_json(place / layout.result_file(name), content)
        write_models(place, name, loaded, failure.load, run.config.solver.export)


def _warn_of_limits(loaded: LoadedFemur, failure: LoadFailure, whose: str) -> None:
    point = np.asarray(failure.result["weakest_site"]["point_mm"])
    warn_of_site_at_edge(failure.name, failure.load, loaded.mesh, loaded.frame, point, bone=whose)
    if "plastic_strain" in failure.cell_data:
        warn_of_large_strains(
            failure.name,
            failure.cell_data["plastic_strain"],
            judged_cells(loaded.mesh, failure.load, loaded.mapped.bone),
            largest=failure.result["largest_plastic_strain"],
            bone=whose,
        )


def _hidden(loaded: LoadedFemur, lesion: LabelMask) -> dict[str, float]:
    """Return by load how much of the lesion is not judged, with a warning where some is not."""
    found = {
        name: hidden_fraction(loaded.mesh, loads, lesion) for name, loads in loaded.loads.items()
    }
    for name, fraction in found.items():
        warn_of_hidden_lesion(name, fraction)
    return found


def _prepare(
    run: Run, femur: LabelMask, equivalent: DensityField, *, lesion: LabelMask | None
) -> tuple[LoadedFemur, dict[str, Any]]:
    """Return the femur with its material and loads, and what result.json says of it."""
    preset = PRESETS[run.config.preset.name]
    mesh, frame = read_bone(run.folder)
    material = prepare_material(
        preset,
        run.config.mapping,
        mesh,
        frame,
        femur,
        equivalent,
        lesion=lesion,
        slice_thickness=read_quality(run.folder)["acquisition"]["slice_thickness_mm"],
    )
    fixed_length = run.config.loads.fixed_length_mm
    loaded = LoadedFemur(
        mesh=mesh,
        frame=frame,
        femur=material.femur,
        density=material.density,
        preset=preset,
        mapping=material.mapping,
        mapped=material.mapped,
        loads={
            name: [
                load.apply(mesh, frame, fixed_length=fixed_length) for load in directions_of(name)
            ]
            for name in load_names(run.config)
        },
    )
    return loaded, material.content


def _failures(run: Run, loaded: LoadedFemur) -> Iterator[LoadFailure]:
    """Return the failure under every load by the model of the preset."""
    failure = loaded.preset.failure
    if isinstance(failure, StrainFailure):
        tolerance = run.config.solver.relative_tolerance
        return solve_linear_failure(
            loaded,
            failure.criterion,
            tolerance=tolerance,
            method=run.config.solver.method,
            ranks=run.ranks,
        )
    return solve_nonlinear_failure(loaded, failure, settings=NonlinearSettings(), ranks=run.ranks)


def _write_fields(
    place: Path, name: str, loaded: LoadedFemur, failure: LoadFailure, export: Collection[str]
) -> None:
    path, mesh = place / layout.field_file(name), loaded.mesh
    units = LOAD_UNITS[failure.load.quantity]
    at, reference = (
        f"{which}_{failure.load.quantity}_{units.suffix}" for which in ("fields", "reference")
    )
    growth = failure.result[at] / failure.result[reference]
    point_data = {**failure.point_data, "traction_MPa": growth * failure.load.traction}
    cell_data = {
        "E_modulus_MPa": loaded.mapped.elastic.E_modulus.mean(axis=1),
        **failure.cell_data,
        "judged": judged_cells(mesh, failure.load, loaded.mapped.bone),
        # one number, on every cell because the file holds fields only
        at: np.full(mesh.n_cells, failure.result[at]),
    }
    write_mesh(path, mesh, point_data=point_data, cell_data=cell_data)
    if "xdmf" in export:
        path = place / layout.xdmf_file(name)
        write_xdmf(path, mesh, point_data=point_data, cell_data=cell_data)


def _write_curve(path: Path, curve: Mapping[str, Sequence[float]]) -> None:
    rows = [",".join(repr(value) for value in row) for row in zip(*curve.values(), strict=True)]
    path.write_text("\n".join([",".join(curve), *rows]) + "\n", encoding="utf-8")


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
