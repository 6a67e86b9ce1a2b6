"""Failure of a linear model: the load at which a strain limit is reached."""

import warnings
from collections.abc import Iterator
from dataclasses import asdict

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FEResult, FloatArray, LoadCase, StrengthResult
from femur_fea.errors import FemurFEAWarning
from femur_fea.strength import StrainLimits, evaluate_strength
from femur_risk.pipeline.failure import LoadedFemur, LoadFailure, describe_site

__all__ = ["solve_linear_failure", "warn_of_light_site"]


def solve_linear_failure(
    loaded: LoadedFemur, criterion: StrainLimits, *, tolerance: float
) -> Iterator[LoadFailure]:
    """Yield the failure under each load; all of them share one matrix."""
    from femur_fea.solver import solve_linear

    mesh, mapped = loaded.mesh, loaded.mapped
    results = solve_linear(mesh, mapped.elastic, loaded.loads, tolerance=tolerance)
    for load, result in zip(loaded.loads, results, strict=True):
        strength = evaluate_strength(mesh, loaded.frame, result, load, criterion, bone=mapped.bone)
        warn_of_light_site(mesh, mapped.light, strength)
        yield _describe(mesh, load, result, strength)


def warn_of_light_site(mesh: BoneMesh, light: BoolArray, strength: StrengthResult) -> None:
    """Warn if the weakest site is less dense than the bone that the material law speaks of.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    light : (n_cells,), bool
        Cells less dense than the least dense bone of the law.
    strength : StrengthResult
        Strength under one load.
    """
    weakest = int(np.nanargmax(strength.risk_factor))
    if light[mesh.facet_cells[weakest]]:
        warnings.warn(
            f"the weakest site under {strength.load!r} is less dense than the least dense bone "
            "that the material law was measured on: it may be tumour without a mask (--lesion), or "
            "the edge of a mask that holds soft tissue",
            FemurFEAWarning,
            stacklevel=2,
        )


def _describe(
    mesh: BoneMesh, load: LoadCase, result: FEResult, strength: StrengthResult
) -> LoadFailure:
    failure_mm = strength.failure_load_N / strength.stiffness_N_per_mm
    return LoadFailure(
        load=load,
        point_data={"displacement_mm": result.u},
        cell_data={
            "strain": result.strain.mean(axis=1),
            "stress_MPa": result.stress,
            "risk_factor": _on_cells(mesh, strength.risk_factor),
        },
        curve={  # the straight line from rest to failure
            "displacement_mm": (0.0, failure_mm),
            "force_N": (0.0, strength.failure_load_N),
        },
        result={
            "criterion": strength.criterion,
            "strength_N": strength.failure_load_N,
            "stiffness_N_per_mm": strength.stiffness_N_per_mm,
            "weakest_site": describe_site(strength.weakest_site),
            "reference_force_N": result.force,
            "external_work_N_mm": result.external_work,
            "driven_force_N": result.driven_force,
            "reaction_force_N": result.reaction_force,
            "reaction_moment_N_mm": result.reaction_moment,
            "solver": asdict(result.statistics),
        },
        material={},
    )


def _on_cells(mesh: BoneMesh, on_facets: FloatArray) -> FloatArray:
    """Return the largest facet value of each cell, NaN where the cell has none, (n_cells,)."""
    values = np.full(mesh.n_cells, -np.inf)
    np.maximum.at(values, mesh.facet_cells, np.where(np.isnan(on_facets), -np.inf, on_facets))
    return np.where(np.isneginf(values), np.nan, values)
