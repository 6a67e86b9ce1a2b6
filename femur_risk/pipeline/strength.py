"""Stage strength: strength.json, which says what was found under each load."""

import warnings
from pathlib import Path
from typing import Any

from femur_fea.errors import FemurFEAWarning
from femur_fea.io import read_json, write_json
from femur_fea.loads import HipContact, HipWithMuscles, find_load
from femur_fea.presets import PRESETS
from femur_risk.exposure import GRAVITY
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_quality
from femur_risk.pipeline.choices import chosen_records, load_names, unverified_constants
from femur_risk.pipeline.fold import describe_fold
from femur_risk.pipeline.interval import describe_uncertainty
from femur_risk.pipeline.mesh_error import describe_mesh_error
from femur_risk.pipeline.rigidity import read_rigidity
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage
from femur_risk.pipeline.units import LOAD_UNITS, strength_keys

__all__ = ["STRENGTH"]

# of strength, by which single meshes scatter (docs/theory.md): below it a gain is none
_SCATTER = 0.02
_SITE_KEYS = ("point_mm", "region", "mode")
_SOLVER_KEYS = (
    "method",
    "ranks",
    "n_dofs",
    "iterations",
    "relative_residual",
    "energy_error",
    "seconds",
)


def _settings(run: Run) -> dict[str, object]:
    return {
        "case_id": run.case_id,
        "mass_kg": run.config.input.mass_kg,
        "simulated": run.config.input.simulated,
        "preset": run.config.preset.name,
        "loads": list(load_names(run.config)),
        "provenance": {name: record.provenance for name, record in chosen_records(run.config)},
    }


def _make(run: Run, place: Path) -> None:
    """Write strength.json, with the loss by the lesion where there is one."""
    content = {
        "case_id": run.case_id,
        "side": read_quality(run.folder)["side"],
        "preset": run.config.preset.name,
        "tier": "fe",
        "simulated": run.config.input.simulated,
        "calibration": read_json(run.folder / layout.CURVE)["label"],
        "unverified": list(unverified_constants(run.config, run.folder)),
        "loads": {name: _describe(run, name) for name in load_names(run.config)},
        "rigidity": read_rigidity(run.folder),
    }
    write_json(place / layout.STRENGTH, content)


def _describe(run: Run, load: str) -> dict[str, Any]:
    result = read_json(run.folder / layout.result_file(load))
    twin = _twin(run, load) if run.has_lesion else None
    units = LOAD_UNITS[result["quantity"]]
    key = f"strength_{units.suffix}"
    ratio = result[key] / twin[key] if twin else None
    if ratio is not None and ratio > 1.0 + _SCATTER:
        _warn_of_gain(load, ratio)
    return {
        "quantity": result["quantity"],
        **strength_keys("strength", result),
        "strength_BW": _body_weights(run, result),
        "activity_BW": _activity(load),
        "plate_force_N": result["plate_force_N"],
        **strength_keys("first_yield", result),
        **strength_keys("strength_by_volume", result),
        **{unit.stiffness_key: result.get(unit.stiffness_key) for unit in LOAD_UNITS.values()},
        "criterion": result["criterion"],
        "curve_end": result.get("curve_end"),
        "directions": result.get("directions"),
        "weakest_direction": result["load"] if result.get("directions") else None,
        **{f"healed_{name}": value for name, value in strength_keys("strength", twin).items()},
        "healed_curve_end": twin.get("curve_end") if twin else None,
        "healing_method": twin["material"]["healing"] if twin else None,
        "strength_loss_fraction": None if ratio is None else 1.0 - ratio,
        "lesion_hidden_fraction": result["lesion_hidden_fraction"],
        "strain_fold_ratio": describe_fold(run, load),
        **describe_uncertainty(
            read_json(run.folder / layout.UNCERTAINTY),
            load,
            strength=result[key],
            units=units,
            ratio=ratio,
            numerical_error=_mesh_error(run),
        ),
        "weakest_site": {name: result["weakest_site"][name] for name in _SITE_KEYS},
        "solver": {name: result["solver"][name] for name in _SOLVER_KEYS},
    }


def _warn_of_gain(load: str, ratio: float) -> None:
    """Warn that a bone comes out stronger with its lesion than without."""
    warnings.warn(
        f"under {load!r} the bone comes out {ratio - 1.0:.0%} stronger with its lesion than "
        "without: a lesion that is stiffer than bone does that; else the lesion-free bone is "
        "weakest where the lesion and its rim are, which are not judged in the bone with lesion, "
        "so that its strength is an upper bound and the loss cannot be told",
        FemurFEAWarning,
        stacklevel=2,
    )


def _mesh_error(run: Run) -> dict[str, object]:
    mesh, preset = read_json(run.folder / layout.MESH_QUALITY), PRESETS[run.config.preset.name]
    return describe_mesh_error(mesh["element"], mesh["edge_length_mm"], preset)


def _body_weights(run: Run, result: dict[str, Any]) -> float | None:
    """Return the strength in body weights; None for a moment, or without a mass."""
    mass, strength = run.config.input.mass_kg, result.get("strength_N")
    return None if mass is None or strength is None else strength / (mass * GRAVITY)


def _activity(load: str) -> float | None:
    """Return the force on the head in the activity that a load is of, in body weights."""
    record = find_load(load)
    return record.body_weights if isinstance(record, HipContact | HipWithMuscles) else None


def _twin(run: Run, load: str) -> dict[str, Any]:
    name = layout.twin_name(load, healed=True)
    return read_json(run.folder / layout.result_file(name))


STRENGTH = Stage(
    name="strength",
    upstream=("segmentation", "calibration", "mesh", "fe", "fe@healed", "rigidity", "uncertainty"),
    owns=layout.OWNED["strength"],
    libraries=(),
    settings=_settings,
    make=_make,
)
