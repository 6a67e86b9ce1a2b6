"""A testing machine of finite stiffness that drives a load pattern, and its linear systems.

The machine moves by d and pulls with the force

    P = kappa (d - q),   q = f . u

on the pattern f of nodal forces per newton, so that q is the displacement that is work-conjugate
to P. Its tangent K + kappa f f^T is positive definite at and beyond a limit load, where K is not,
as long as the force falls less steeply than the machine is stiff; nothing is prescribed about how
the bone moves under the load.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from petsc4py import PETSc

from femur_fea.domain import FloatArray
from femur_fea.solver.system import ElasticSystem, solve_system

__all__ = ["LinearStep", "Machine", "machine", "solve_tangent"]

_MAX_ITERATIONS = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Machine:
    """A load pattern, the stiffness behind it and the preconditioner of their systems.

    Attributes
    ----------
    system : ElasticSystem
        The bone while it is elastic.
    pattern : (n_nodes, 3), dimensionless
        Nodal forces for a force of 1 N; zero at held unknowns.
    elastic_u : (n_nodes, 3), mm/N
        Elastic displacement under a force of 1 N.
    elastic_iterations : int
        Iterations that it took.
    stiffness : float, N/mm
        Stiffness kappa of the machine.
    preconditioner : MachinePreconditioner
        Elastic multigrid, corrected for the machine.
    """

    system: ElasticSystem
    pattern: FloatArray
    elastic_u: FloatArray
    elastic_iterations: int
    stiffness: float
    preconditioner: "MachinePreconditioner"

    @property
    def elastic_stiffness(self) -> float:
        """Force over displacement of the elastic bone, N/mm."""
        return 1.0 / self.displacement(self.elastic_u)

    def displacement(self, u: FloatArray) -> float:
        """Return the displacement q, mm, that is work-conjugate to the force."""
        return float(np.vdot(self.pattern, u))

    def force(self, position: float, u: FloatArray) -> float:
        """Return the force P, N, when the machine has moved by `position` mm."""
        return self.stiffness * (position - self.displacement(u))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearStep:
    """Solution of one linear system.

    Attributes
    ----------
    u : (n_nodes, 3), mm
        Displacement.
    iterations : int
        Iterations of conjugate gradients.
    converged : bool
        Whether the residual has fallen as far as asked, along a direction that leads downhill: not
        where conjugate gradients met negative stiffness.
    """

    u: FloatArray
    iterations: int
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class MachineOperator:
    """Product with K + kappa f f^T, for PETSc."""

    matrix: Any
    pattern: Any
    stiffness: float

    def mult(self, _: Any, x: Any, y: Any) -> None:
        """Write the product with `x` to `y`."""
        self.matrix.mult(x, y)
        y.axpy(self.stiffness * self.pattern.dot(x), self.pattern)


@dataclass(frozen=True, slots=True, eq=False)
class MachinePreconditioner:
    """Inverse of M + kappa f f^T by Sherman and Morrison, M the elastic multigrid, for PETSc.

    `softened` is M^-1 f, and `weight` kappa / (1 + kappa f . M^-1 f).
    """

    elastic: Any
    softened: Any
    weight: float

    def apply(self, _: Any, x: Any, y: Any) -> None:
        """Write the preconditioned `x` to `y`."""
        self.elastic.apply(x, y)
        y.axpy(-self.weight * self.softened.dot(x), self.softened)


def machine(system: ElasticSystem, pattern: FloatArray, *, relative_stiffness: float) -> Machine:
    """Return a machine of `relative_stiffness` times the elastic stiffness of the bone.

    Raises
    ------
    NotConvergedError
        If the elastic bone could not be solved.
    """
    pattern = np.where(system.held, 0.0, pattern)
    elastic = solve_system(system, pattern)
    stiffness = relative_stiffness / float(np.vdot(pattern, elastic.u))
    f = _vector(system, pattern)
    softened = f.duplicate()
    multigrid = system.preconditioner
    multigrid.apply(f, softened)
    return Machine(
        system=system,
        pattern=pattern,
        elastic_u=elastic.u,
        elastic_iterations=elastic.statistics.iterations,
        stiffness=stiffness,
        preconditioner=MachinePreconditioner(
            multigrid, softened, stiffness / (1.0 + stiffness * f.dot(softened))
        ),
    )


def solve_tangent(machine: Machine, tangent: Any, load: FloatArray, *, rtol: float) -> LinearStep:
    """Solve (K + kappa f f^T) u = load for a tangent K, to a relative residual of `rtol`."""
    comm = tangent.comm
    operator = PETSc.Mat().createPython(
        tangent.sizes,
        MachineOperator(tangent, _vector(machine.system, machine.pattern), machine.stiffness),
        comm=comm,
    )
    operator.setUp()
    solver: Any = PETSc.KSP().create(comm)
    solver.setOperators(operator)
    solver.setType("cg")
    solver.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
    solver.setTolerances(rtol=rtol, atol=0.0, max_it=_MAX_ITERATIONS)
    solver.getPC().setType("python")
    solver.getPC().setPythonContext(machine.preconditioner)
    right = _vector(machine.system, load)
    solution = right.duplicate()
    solver.solve(right, solution)
    u = machine.system.space.share.all_nodes(np.array(solution.array_r).reshape(-1, 3))
    # multigrid moves held unknowns a little, and what no residual tells of would add up
    step = LinearStep(
        u=np.where(machine.system.held, 0.0, u),
        iterations=solver.getIterationNumber(),
        converged=solver.getConvergedReason() > 0 and right.dot(solution) > 0.0,
    )
    for used in (solver, operator, right, solution):
        used.destroy()  # on several ranks petsc4py keeps what is merely dropped
    return step


def _vector(system: ElasticSystem, values: FloatArray) -> Any:
    vector = system.stiffness.operator.createVecRight()
    vector.array = values[system.space.share.own].ravel()
    return vector
