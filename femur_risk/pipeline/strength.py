"""Stage strength: strength.json, which says what was found under each load."""

from pathlib import Path
from typing import Any

from femur_fea.io import read_json, write_json
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_quality
from femur_risk.pipeline.choices import load_names
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage

__all__ = ["STRENGTH"]

STANDARD_GRAVITY = 9.80665  # m/s2, 3rd General Conference on Weights and Measures, 1901

_SITE_KEYS = ("point_mm", "region")
_SOLVER_KEYS = ("n_dofs", "iterations", "relative_residual", "seconds")


def _settings(run: Run) -> dict[str, object]:
    return {
        "case_id": run.case_id,
        "mass_kg": run.config.input.mass_kg,
        "simulated": run.config.input.simulated,
        "preset": run.config.preset.name,
        "loads": list(load_names(run.config)),
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
        "loads": {name: _describe(run, name) for name in load_names(run.config)},
    }
    write_json(place / layout.STRENGTH, content)


def _describe(run: Run, load: str) -> dict[str, Any]:
    result = read_json(run.folder / layout.result_file(load))
    twin = _twin(run, load) if run.has_lesion else None
    strength: float = result["strength_N"]
    mass = run.config.input.mass_kg
    return {
        "strength_N": strength,
        "strength_BW": None if mass is None else strength / (mass * STANDARD_GRAVITY),
        "stiffness_N_per_mm": result["stiffness_N_per_mm"],
        "criterion": result["criterion"],
        "healed_strength_N": twin["strength_N"] if twin else None,
        "healing_method": twin["material"]["healing"] if twin else None,
        "strength_loss_fraction": 1.0 - strength / twin["strength_N"] if twin else None,
        "interval_90_N": None,
        "weakest_site": {key: result["weakest_site"][key] for key in _SITE_KEYS},
        "solver": {key: result["solver"][key] for key in _SOLVER_KEYS},
    }


def _twin(run: Run, load: str) -> dict[str, Any]:
    name = layout.twin_name(load, healed=True)
    return read_json(run.folder / layout.result_file(name))


STRENGTH = Stage(
    name="strength",
    upstream=("calibration", "fe", "fe@healed"),
    owns=layout.OWNED["strength"],
    libraries=(),
    settings=_settings,
    make=_make,
)
