"""What conjugate gradients are preconditioned by: multigrid, or the factors of the stiffness."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from petsc4py import PETSc

from femur_fea.solver.forms import assemble_stiffness, linear_stiffness_form, stiffness_form
from femur_fea.solver.multigrid import algebraic_multigrid, two_level_multigrid
from femur_fea.solver.settings import LinearMethod
from femur_fea.solver.stiffness import Stiffness

__all__ = ["PRECONDITIONERS"]


def _multigrid(stiffness: Stiffness) -> Any:
    if stiffness.space.mesh.kind != "tet10":
        return algebraic_multigrid(stiffness.space, _assembled(stiffness))
    space, held = stiffness.space, stiffness.held
    form = linear_stiffness_form(space, stiffness.elastic)
    linear_matrix = assemble_stiffness(form, space.linear_share, space.linear_held(held))
    return two_level_multigrid(stiffness, linear_matrix)


def _mumps(stiffness: Stiffness) -> Any:
    """Return the Cholesky factors, with which one step of conjugate gradients is the solution."""
    matrix = _assembled(stiffness)
    factors: Any = PETSc.PC().create(matrix.comm)
    factors.setOperators(matrix)
    factors.setType("cholesky")
    factors.setFactorSolverType("mumps")
    factors.setUp()
    return factors


def _assembled(stiffness: Stiffness) -> Any:
    space = stiffness.space
    return assemble_stiffness(stiffness_form(space, stiffness.elastic), space.share, stiffness.held)


PRECONDITIONERS: Mapping[LinearMethod, Callable[[Stiffness], Any]] = MappingProxyType(
    {"multigrid": _multigrid, "mumps": _mumps}
)
