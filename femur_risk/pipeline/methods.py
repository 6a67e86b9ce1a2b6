"""The chain from CT to strength in words, with its sources."""

from femur_fea.domain import PLATEAU_SLOPE
from femur_fea.io import read_json
from femur_fea.loads import find_load
from femur_fea.mapping import HEALING_METHOD
from femur_fea.presets import PRESETS, Preset
from femur_fea.solver import NonlinearSettings
from femur_fea.strength import (
    StrainFailure,
    StrainLimits,
    YieldByDensity,
    YieldBySite,
    YieldModel,
)
from femur_risk.pipeline import layout
from femur_risk.pipeline.choices import load_names
from femur_risk.pipeline.material_methods import material_steps
from femur_risk.pipeline.run import Run
from femur_risk.report import MethodStep

__all__ = ["describe_yield", "method_steps"]


def method_steps(run: Run) -> tuple[MethodStep, ...]:
    """Return the steps in the order in which they are done."""
    preset = PRESETS[run.config.preset.name]
    curve = read_json(run.folder / layout.CURVE)
    conversions = [
        MethodStep(
            step=f"{record.from_kind} to {record.to_kind} density",
            description=f"rho_{record.to_kind} = {record.slope:.4g} rho_{record.from_kind} "
            f"{record.intercept:+.4g} g/cm3; {name}",
            source=record.source,
        )
        for name, record in zip(preset.conversion_names, preset.conversions, strict=True)
    ]
    loads = [_load(run, name) for name in load_names(run.config)]
    return (
        MethodStep(
            step="CT number to density",
            description=f"rho_{curve['density_kind']} = {curve['slope_g_per_cm3_per_HU']:.4g} HU "
            f"{curve['intercept_g_per_cm3']:+.4g} g/cm3; {curve['label']}. Negative densities "
            "are set to 0 before the conversions and counted.",
            source=curve["source"],
        ),
        *conversions,
        *material_steps(preset, run.config.mapping),
        *_healing(run),
        *loads,
        *_failure(run, preset),
    )


def describe_yield(preset: Preset) -> str | None:
    """Return what bone does beyond yield in a preset; None in a linear one."""
    if isinstance(preset.failure, StrainFailure):
        return None
    what = _plasticity(preset.failure).rstrip(",")
    return f"Bone beyond yield: {what[0].lower()}{what[1:]}"


def _load(run: Run, name: str) -> MethodStep:
    record = find_load(name)
    what = f"{record.description[0].upper()}{record.description[1:]}"
    return MethodStep(
        step=f"Load: {name}",
        description=f"{what}; the distal {run.config.loads.fixed_length_mm:g} mm held.",
        source=record.source,
    )


def _failure(run: Run, preset: Preset) -> tuple[MethodStep, MethodStep]:
    if isinstance(preset.failure, StrainFailure):
        return _linear_failure(run, preset.failure.criterion)
    return _nonlinear_failure(run, preset.failure)


def _linear_failure(run: Run, criterion: StrainLimits) -> tuple[MethodStep, MethodStep]:
    return (
        MethodStep(
            step="Finite elements",
            description=f"Linear elasticity on {_cells(run)}, conjugate gradients to a relative "
            f"error in energy of {run.config.solver.relative_tolerance:g}.",
        ),
        MethodStep(
            step="Failure",
            description=f"{criterion.name}: the load at which a surface patch first reaches a "
            "strain limit.",
            source=criterion.source,
        ),
    )


def _nonlinear_failure(run: Run, model: YieldModel) -> tuple[MethodStep, MethodStep]:
    settings = NonlinearSettings()
    return (
        MethodStep(
            step="Finite elements",
            description=f"{_plasticity(model)} at small strains on {_cells(run)}, loaded through a "
            f"machine {settings.machine_stiffness:g} times as stiff as the bone by up to "
            f"{settings.max_displacement:g} mm; Newton's method to {settings.newton.tolerance:g} "
            "of the internal forces.",
        ),
        MethodStep(step="Failure", description=_strength(model, settings)),
    )


def _plasticity(model: YieldModel) -> str:
    match model:
        case YieldBySite():
            return "Perfect plasticity, stronger in compression than in tension, without softening,"
        case YieldByDensity(softening_law_name=None):
            return "Von Mises perfect plasticity without softening"
        case _:
            return "Von Mises plasticity with softening"


def _strength(model: YieldModel, settings: NonlinearSettings) -> str:
    plateau = (
        "the force at which the slope of the load-displacement curve has fallen to "
        f"{100.0 * PLATEAU_SLOPE:g} % of its first, elastic one, or the last force where "
        "it has not."
    )
    if isinstance(model, YieldByDensity) and model.softening_law_name is not None:
        return (
            "The largest force, if the bone is loaded until the force has fallen to "
            f"{100.0 * settings.fallen:g} % of it; otherwise {plateau}"
        )
    return f"T{plateau[1:]}"


def _cells(run: Run) -> str:
    mesh = read_json(run.folder / layout.MESH_QUALITY)
    return f"{mesh['element']} cells of {mesh['edge_length_mm']:g} mm"


def _healing(run: Run) -> tuple[MethodStep, ...]:
    if not run.has_lesion:
        return ()
    return (MethodStep(step="Lesion-free twin", description=f"{HEALING_METHOD}."),)
