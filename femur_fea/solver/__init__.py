"""Displacement, strain and stress of a bone under load, by finite elements."""

from femur_fea.solver.linear import solve_linear
from femur_fea.solver.nonlinear import solve_nonlinear
from femur_fea.solver.ranks import RankCount, Ranks
from femur_fea.solver.settings import (
    LinearMethod,
    NewtonSettings,
    NonlinearSettings,
)
from femur_fea.solver.together import LeadingRank, abort_on_faults, follow

__all__ = [
    "LeadingRank",
    "LinearMethod",
    "NewtonSettings",
    "NonlinearSettings",
    "RankCount",
    "Ranks",
    "abort_on_faults",
    "follow",
    "solve_linear",
    "solve_nonlinear",
]
