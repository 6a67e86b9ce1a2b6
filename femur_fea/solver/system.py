"""One stiffness matrix with its supports, solved for any number of right-hand sides."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from petsc4py import PETSc

from femur_fea.domain import BoolArray, ElasticField, FloatArray, SolverStatistics
from femur_fea.errors import NotConvergedError
from femur_fea.solver.forms import assemble_stiffness, linear_stiffness_form, stiffness_form
from femur_fea.solver.multigrid import algebraic_solver, two_level_solver
from femur_fea.solver.recovery import integration_stress, internal_force
from femur_fea.solver.space import DisplacementSpace

__all__ = ["ElasticSystem", "NodalSolution", "elastic_system", "solve_system"]

# The iteration updates its residual step by step, which drifts from the true one by round-off.
_DRIFT = 10.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ElasticSystem:
    """A stiffness matrix, its supports and its preconditioner.

    Attributes
    ----------
    space : DisplacementSpace
        The displacement.
    elastic : ElasticField
        The material.
    held : (n_nodes, 3)
        Unknowns of `space.V` whose displacement is prescribed.
    matrix : Mat
        The stiffness, with held rows and columns those of a unit matrix.
    solver : KSP
        Set up, used by every right-hand side.
    tolerance : float
        On the relative residual.
    setup_seconds : float
        Wall time of assembly and preconditioner.
    """

    space: DisplacementSpace
    elastic: ElasticField
    held: BoolArray
    matrix: Any
    solver: Any
    tolerance: float
    setup_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NodalSolution:
    """Displacement of the nodes under one right-hand side.

    Attributes
    ----------
    u : (n_nodes, 3), mm
        Displacement of every node of the space.
    statistics : SolverStatistics
        How it was solved.
    """

    u: FloatArray
    statistics: SolverStatistics


def elastic_system(
    space: DisplacementSpace, elastic: ElasticField, held: BoolArray, *, tolerance: float
) -> ElasticSystem:
    """Assemble the stiffness and set up its solver.

    Parameters
    ----------
    space : DisplacementSpace
        The displacement.
    elastic : ElasticField
        The material, on the cells of `space.mesh`.
    held : (n_nodes, 3)
        Unknowns of `space.V` whose displacement is prescribed.
    tolerance : float
        On the relative residual.
    """
    start = time.perf_counter()
    form = stiffness_form(space, elastic)
    if space.mesh.kind == "tet10":
        matrix = assemble_stiffness(form, held, kind="baij")
        linear_form = linear_stiffness_form(space, elastic)
        linear_matrix = assemble_stiffness(linear_form, space.linear_held(held), kind="aij")
        solver = two_level_solver(space, matrix, linear_matrix, held, tolerance=tolerance)
    else:
        matrix = assemble_stiffness(form, held, kind="aij")
        solver = algebraic_solver(space, matrix, tolerance=tolerance)
    return ElasticSystem(
        space=space,
        elastic=elastic,
        held=held,
        matrix=matrix,
        solver=solver,
        tolerance=tolerance,
        setup_seconds=time.perf_counter() - start,
    )


def solve_system(
    system: ElasticSystem, load: FloatArray, displacement: FloatArray | None = None
) -> NodalSolution:
    """Solve one right-hand side.

    Parameters
    ----------
    system : ElasticSystem
        From `elastic_system`.
    load : (n_nodes, 3), N
        Nodal forces; those at held unknowns have no effect on the displacement.
    displacement : (n_nodes, 3), mm, optional
        Displacement of the held unknowns, others are not read; rest if it is not given.

    Raises
    ------
    NotConvergedError
        If the iteration fails, or the true residual lies above 10 times the tolerance.
    """
    start = time.perf_counter()
    right = _right_hand_side(system, load, displacement)
    solution = system.matrix.createVecRight()
    system.solver.solve(right, solution)
    _check_reason(system)
    residual = right.duplicate()
    system.matrix.mult(solution, residual)
    residual.aypx(-1.0, right)
    scale = right.norm()
    relative = residual.norm() / scale if scale > 0.0 else 0.0
    _check_residual(system, relative)
    statistics = SolverStatistics(
        n_dofs=system.matrix.size[0],
        iterations=system.solver.getIterationNumber(),
        relative_residual=relative,
        seconds=time.perf_counter() - start,
        setup_seconds=system.setup_seconds,
    )
    return NodalSolution(u=np.array(solution.array_r).reshape(-1, 3), statistics=statistics)


def _right_hand_side(
    system: ElasticSystem, load: FloatArray, displacement: FloatArray | None
) -> Any:
    """Return the load with the forces of the prescribed displacement taken off."""
    right = np.where(system.held, 0.0, load)
    if displacement is not None:
        prescribed = np.where(system.held, displacement, 0.0)
        stress = integration_stress(system.space, system.elastic, prescribed)
        lifted = right - internal_force(system.space, stress)
        right = np.where(system.held, prescribed, lifted)
    vector = system.matrix.createVecLeft()
    vector.array = right.ravel()
    return vector


def _check_reason(system: ElasticSystem) -> None:
    reason = system.solver.getConvergedReason()
    if reason <= 0:
        names = {
            value: name
            for name, value in vars(PETSc.KSP.ConvergedReason).items()
            if isinstance(value, int)
        }
        raise NotConvergedError(
            found=f"conjugate gradients stopped after {system.solver.getIterationNumber()} "
            f"iterations ({names.get(reason, reason)})",
            expected=f"a relative residual below {system.tolerance:.1e}",
            remedy="check the mesh for slivers and the modulus for extreme contrast",
        )


def _check_residual(system: ElasticSystem, relative: float) -> None:
    limit = _DRIFT * system.tolerance
    if not relative <= limit:
        raise NotConvergedError(
            found=f"a true relative residual of {relative:.2e} when the iteration had ended",
            expected=f"at most {limit:.1e}",
            remedy="check the mesh for slivers and the modulus for extreme contrast",
        )
