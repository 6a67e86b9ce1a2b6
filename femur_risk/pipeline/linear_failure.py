"""Failure of a linear model: the load at which a strain limit is reached."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FEResult, FloatArray, LoadCase, StrengthResult
from femur_fea.errors import FemurFEAWarning
from femur_fea.solver import LinearMethod, RankCount, Ranks
from femur_fea.strength import VOLUME_CRITERIA, StrainLimits, evaluate_strength, evaluate_volume
from femur_risk.pipeline.failure import LoadedFemur, LoadFailure, describe_site, plate_force_at
from femur_risk.pipeline.units import LOAD_UNITS, LoadUnits

__all__ = ["solve_linear_failure", "warn_of_light_site"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Solved:
    """One load case, its solution and its strength."""

    load: LoadCase
    result: FEResult
    strength: StrengthResult


def solve_linear_failure(
    loaded: LoadedFemur,
    criterion: StrainLimits,
    *,
    tolerance: float,
    method: LinearMethod,
    ranks: RankCount | Ranks,
) -> Iterator[LoadFailure]:
    """Yield the failure under each load, of a family that in the weakest direction.

    Load cases that hold the same points share one matrix.
    """
    from femur_fea.solver import solve_linear

    mesh, mapped = loaded.mesh, loaded.mapped
    loads = [load for directions in loaded.loads.values() for load in directions]
    results = iter(
        solve_linear(mesh, mapped.elastic, loads, tolerance=tolerance, method=method, ranks=ranks)
    )
    for name, directions in loaded.loads.items():
        solved = [
            _evaluate(loaded, load, result, criterion)
            for load, result in zip(directions, islice(results, len(directions)), strict=True)
        ]
        weakest = min(solved, key=lambda each: each.strength.failure_load)
        warn_of_light_site(mesh, mapped.light, weakest.strength)
        yield _describe(loaded, name, weakest, solved)


def _evaluate(
    loaded: LoadedFemur, load: LoadCase, result: FEResult, criterion: StrainLimits
) -> _Solved:
    strength = evaluate_strength(
        loaded.mesh, loaded.frame, result, load, criterion, bone=loaded.mapped.bone
    )
    return _Solved(load=load, result=result, strength=strength)


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
    loaded: LoadedFemur, name: str, weakest: _Solved, solved: Sequence[_Solved]
) -> LoadFailure:
    units, strength = LOAD_UNITS[weakest.load.quantity], weakest.strength
    return LoadFailure(
        name=name,
        load=weakest.load,
        point_data={"displacement_mm": weakest.result.u},
        cell_data=_fields(loaded.mesh, weakest),
        curve={  # the straight line from rest to failure
            units.motion_key: (0.0, strength.failure_load / strength.stiffness),
            f"{strength.quantity}_{units.suffix}": (0.0, units.scale * strength.failure_load),
        },
        result={
            **_strength(weakest, units),
            **_by_other_criteria(loaded, weakest),
            "directions": _directions(solved),
            **_balance(weakest, units),
            "solver": asdict(weakest.result.statistics),
        },
        material={},
    )


def _fields(mesh: BoneMesh, solved: _Solved) -> dict[str, FloatArray]:
    """Return what is written for every cell."""
    strength = solved.strength
    return {
        "strain": solved.result.strain.mean(axis=1),
        "stress_MPa": solved.result.stress,
        "risk_factor": _on_cells(mesh, strength.risk_factor),
        "surface_strain_largest": _on_cells(mesh, strength.surface_strain[:, 0]),
        "surface_strain_smallest": -_on_cells(mesh, -strength.surface_strain[:, 1]),
    }


def _strength(solved: _Solved, units: LoadUnits) -> dict[str, Any]:
    """Return the strength, and where and how the bone fails."""
    strength = solved.strength
    return {
        "quantity": strength.quantity,
        "criterion": strength.criterion,
        f"strength_{units.suffix}": units.scale * strength.failure_load,
        "plate_force_N": plate_force_at(solved.load, strength.failure_load),
        f"first_yield_{units.suffix}": units.scale * strength.first_yield_load,
        units.stiffness_key: units.scale * strength.stiffness,
        "weakest_site": describe_site(strength.weakest_site),
    }


def _balance(solved: _Solved, units: LoadUnits) -> dict[str, Any]:
    """Return the load as it was applied, its work and what the support takes up."""
    result, quantity = solved.result, solved.load.quantity
    return {
        f"reference_{quantity}_{units.suffix}": units.scale * result.force,
        f"fields_{quantity}_{units.suffix}": units.scale * result.force,
        "external_work_N_mm": result.external_work,
        "driven_force_N": result.driven_force,
        "reaction_force_N": result.reaction_force,
        "reaction_moment_N_mm": result.reaction_moment,
    }


def _by_other_criteria(loaded: LoadedFemur, solved: _Solved) -> dict[str, Any]:
    """Return the strength by every volume criterion, under the key of its unit.

    None for a cortex with a direction: the criteria speak of the energy of isotropic bone.
    """
    units = LOAD_UNITS[solved.load.quantity]
    key = f"strength_by_volume_{units.suffix}"
    if loaded.mapped.elastic.cortex is not None:
        return {key: None}
    found = {
        name: evaluate_volume(
            loaded.mesh,
            solved.result,
            solved.load,
            criterion,
            bone=loaded.mapped.bone,
            nu=loaded.preset.nu,
        ).failure_load
        for name, criterion in VOLUME_CRITERIA.items()
    }
    return {key: {name: units.scale * value for name, value in found.items()}}


def _directions(solved: Sequence[_Solved]) -> dict[str, float] | None:
    """Return the strength in every direction of a family; None for a single load."""
    if len(solved) == 1:
        return None
    units = LOAD_UNITS[solved[0].load.quantity]
    return {each.load.name: units.scale * each.strength.failure_load for each in solved}


def _on_cells(mesh: BoneMesh, on_facets: FloatArray) -> FloatArray:
    """Return the largest facet value of each cell, NaN where the cell has none, (n_cells,)."""
    values = np.full(mesh.n_cells, -np.inf)
    np.maximum.at(values, mesh.facet_cells, np.where(np.isnan(on_facets), -np.inf, on_facets))
    return np.where(np.isneginf(values), np.nan, values)
