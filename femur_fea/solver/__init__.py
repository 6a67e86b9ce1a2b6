"""Displacement, strain and stress of a bone under load, by finite elements."""

from femur_fea.solver.linear import solve_linear
from femur_fea.solver.nonlinear import solve_nonlinear
from femur_fea.solver.settings import PLATEAU_SLOPE, NewtonSettings, NonlinearSettings

__all__ = [
    "PLATEAU_SLOPE",
    "NewtonSettings",
    "NonlinearSettings",
    "solve_linear",
    "solve_nonlinear",
]
