"""Strength of a bone under several loads by a linear preset, for the studies of accuracy."""

from collections.abc import Iterable

from femur_fea.domain import BoneMesh, BoolArray, ElasticField, FemoralFrame, StrengthResult
from femur_fea.loads import LoadDefinition
from femur_fea.presets import Preset
from femur_fea.solver import solve_linear
from femur_fea.strength import StrainFailure, evaluate_strength

__all__ = ["FIXED_LENGTH", "strengths"]

FIXED_LENGTH = 10.0  # mm of shaft that is held


def strengths(
    preset: Preset,
    mesh: BoneMesh,
    frame: FemoralFrame,
    elastic: ElasticField,
    records: Iterable[LoadDefinition],
    *,
    bone: BoolArray,
) -> dict[str, StrengthResult]:
    """Return the strength under every load by its name, looked for where `bone` is true."""
    if not isinstance(preset.failure, StrainFailure):
        raise SystemExit("the study is of a linear preset")
    criterion = preset.failure.criterion
    loads = [record.apply(mesh, frame, fixed_length=FIXED_LENGTH) for record in records]
    return {
        load.name: evaluate_strength(mesh, frame, result, load, criterion, bone=bone)
        for load, result in zip(loads, solve_linear(mesh, elastic, loads), strict=True)
    }
