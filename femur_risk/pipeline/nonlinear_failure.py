"""Failure of a nonlinear model: the force at which a bone that yields gives way."""

import warnings
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from femur_fea.domain import LoadCase, LoadDisplacementCurve, NonlinearResult
from femur_fea.errors import FemurFEAWarning
from femur_fea.solver import NonlinearSettings, RankCount, Ranks
from femur_fea.strength import (
    STRENGTH_FLOOR_MPA,
    PeakStrength,
    YieldModel,
    evaluate_peak,
    map_yield,
)
from femur_risk.pipeline.failure import LoadedFemur, LoadFailure, describe_site, plate_force_at

__all__ = ["solve_nonlinear_failure"]


def solve_nonlinear_failure(
    loaded: LoadedFemur,
    model: YieldModel,
    *,
    settings: NonlinearSettings,
    ranks: RankCount | Ranks,
) -> Iterator[LoadFailure]:
    """Yield the failure under each load, one after the other: each yields on its own."""
    from femur_fea.solver import solve_nonlinear

    mesh = loaded.mesh
    if mesh.kind == "hex8":
        _warn_of_stiff_cubes()
    mapped = map_yield(
        model,
        density=loaded.density,
        femur=loaded.femur,
        mesh=mesh,
        elastic=loaded.mapped.elastic,
        frame=loaded.frame,
        mapping=loaded.mapping,
    )
    material = {
        "yield_laws": {role: name for role, name, _ in model.parts},
        "strength_floor_MPa": STRENGTH_FLOOR_MPA,
        "strength_floor_fraction": mapped.floor_fraction,
    }
    for name, (load,) in loaded.loads.items():
        result = solve_nonlinear(
            mesh, loaded.mapped.elastic, mapped.strength, load, settings=settings, ranks=ranks
        )
        peak = evaluate_peak(mesh, loaded.frame, result, load, bone=loaded.mapped.bone)
        yield _describe(name, load, result, peak, settings, material)


def _warn_of_stiff_cubes() -> None:
    warnings.warn(
        "cubes that yield are too strong in bending where a wall is one cell thick: 7 to 23 % in a "
        "tube with a wall of 3 mm; where they soften, a bent bar was 9 to 19 % too strong and kept "
        "its force (docs/theory.md). Use smaller cubes, or element tet10",
        FemurFEAWarning,
        stacklevel=3,
    )


def _describe(
    name: str,
    load: LoadCase,
    result: NonlinearResult,
    peak: PeakStrength,
    settings: NonlinearSettings,
    material: dict[str, Any],
) -> LoadFailure:
    return LoadFailure(
        name=name,
        load=load,
        point_data={"displacement_mm": result.u},
        cell_data={
            "stress_MPa": result.stress.mean(axis=1),
            "plastic_strain": result.plastic_magnitude.mean(axis=1),
        },
        curve=_columns(result.curve),
        result={
            "quantity": load.quantity,
            **_strength(load, peak),
            **_state(result),
            "reference_force_N": load.magnitude,
            **_path(result),
            "solver": _statistics(result, settings),
        },
        material=material,
    )


def _columns(curve: LoadDisplacementCurve) -> dict[str, list[float]]:
    return {
        "displacement_mm": curve.displacement.tolist(),
        "force_N": curve.force.tolist(),
        "newton_iterations": curve.newton_iterations.tolist(),
        "krylov_iterations": curve.krylov_iterations.tolist(),
    }


def _strength(load: LoadCase, peak: PeakStrength) -> dict[str, Any]:
    """Return the strength, and where and how the bone fails."""
    return {
        "criterion": peak.criterion,
        "strength_N": peak.failure_load_N,
        "plate_force_N": plate_force_at(load, peak.failure_load_N),
        "first_yield_N": peak.first_yield_N,
        "stiffness_N_per_mm": peak.stiffness_N_per_mm,
        "weakest_site": describe_site(peak.weakest_site),
        "excluded_share": peak.excluded_share,
        "tumour_share": peak.tumour_share,
    }


def _state(result: NonlinearResult) -> dict[str, Any]:
    """Return yield and energies of the state that the fields are of."""
    return {
        "yielded_fraction": result.yielded_fraction,
        "largest_plastic_strain": float(result.plastic_magnitude.max()),
        "dissipated_energy_N_mm": result.dissipated_energy,
        "stored_energy_N_mm": result.stored_energy,
        "external_work_N_mm": result.curve.work_to(result.displacement),
    }


def _path(result: NonlinearResult) -> dict[str, Any]:
    """Return where on the curve the fields are, and how the curve ends."""
    return {
        "fields_force_N": result.force,
        "fields_displacement_mm": result.displacement,
        "last_force_N": float(result.curve.force[-1]),
        "curve_end": result.curve.end,
    }


def _statistics(result: NonlinearResult, settings: NonlinearSettings) -> dict[str, Any]:
    curve = result.curve
    return {
        "method": "Newton's method, conjugate gradients",
        "ranks": result.ranks,
        "n_dofs": result.n_dofs,
        "iterations": int(curve.krylov_iterations.sum()),
        "newton_iterations": int(curve.newton_iterations.sum()),
        "steps": len(curve.force) - 1,
        "relative_residual": result.imbalance,
        "energy_error": None,
        "seconds": result.seconds,
        "settings": asdict(settings),
    }
