"""The chain from CT to strength in words, with its sources."""

from femur_fea.io import read_json
from femur_fea.loads import LOAD_CASES
from femur_fea.mapping import HEALING_METHOD, MODULUS_FLOOR_MPA
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.choices import load_names, strain_limits
from femur_risk.pipeline.run import Run
from femur_risk.report import MethodStep

__all__ = ["method_steps"]


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
    loads = [
        MethodStep(
            step=f"Load: {name}",
            description="Force spread over a patch of the surface, the distal "
            f"{run.config.loads.fixed_length_mm:g} mm held.",
            source=LOAD_CASES[name].source,
        )
        for name in load_names(run.config)
    ]
    return (
        MethodStep(
            step="CT number to density",
            description=f"rho_{curve['density_kind']} = {curve['slope_g_per_cm3_per_HU']:.4g} HU "
            f"{curve['intercept_g_per_cm3']:+.4g} g/cm3; {curve['label']}. Negative densities "
            "are set to 0 before the conversions and counted.",
            source=curve["source"],
        ),
        *conversions,
        MethodStep(
            step="Density to Young's modulus",
            description=f"{preset.law_name}, Poisson's ratio {preset.nu:g}, at four points in each "
            f"cell, never below {MODULUS_FLOOR_MPA:g} MPa.",
            source=preset.law.source,
        ),
        *_healing(run),
        *loads,
        MethodStep(
            step="Finite elements",
            description=f"Linear elasticity on {run.config.mesh.element} cells of "
            f"{run.config.mesh.edge_length_mm:g} mm, conjugate gradients to a relative tolerance "
            f"of {run.config.solver.relative_tolerance:g}.",
        ),
        MethodStep(
            step="Failure",
            description=f"{preset.criterion_name}: the load at which a surface patch first "
            "reaches a strain limit.",
            source=strain_limits(run.config).source,
        ),
    )


def _healing(run: Run) -> tuple[MethodStep, ...]:
    if not run.has_lesion:
        return ()
    return (MethodStep(step="Lesion-free twin", description=f"{HEALING_METHOD}."),)
