"""One stiffness with its supports, solved for any number of right-hand sides."""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from femur_fea.domain import BoolArray, ElasticField, FloatArray, SolverStatistics
from femur_fea.solver.energy import solve_to_energy
from femur_fea.solver.moduli import stress_of
from femur_fea.solver.preconditioner import PRECONDITIONERS
from femur_fea.solver.settings import LinearMethod
from femur_fea.solver.space import DisplacementSpace
from femur_fea.solver.stiffness import Stiffness, elastic_stiffness

__all__ = ["ElasticSystem", "NodalSolution", "elastic_system", "solve_system"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ElasticSystem:
    """A stiffness with its preconditioner.

    Attributes
    ----------
    stiffness : Stiffness
        The stiffness and its supports.
    preconditioner : PC
        Set up, used by every right-hand side.
    method : {"multigrid", "mumps"}
        What it is.
    tolerance : float
        On the energy norm of the error over that of the displacement.
    setup_seconds : float
        Wall time of all set-up.
    """

    stiffness: Stiffness
    preconditioner: Any
    method: LinearMethod
    tolerance: float
    setup_seconds: float

    @property
    def space(self) -> DisplacementSpace:
        """The displacement."""
        return self.stiffness.space

    @property
    def held(self) -> BoolArray:
        """Unknowns whose displacement is prescribed, (n_nodes, 3)."""
        return self.stiffness.held


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Start:
    """The prescribed displacement, before the free unknowns have moved.

    Attributes
    ----------
    u : (n_nodes, 3), mm
        Prescribed displacement, zero at free unknowns.
    force : Vec
        Forces that it takes, of free unknowns.
    energy : float, N mm
        Its squared energy norm.
    """

    u: FloatArray
    force: Any
    energy: float

    def squared_norm(self, free: Any, squared: float) -> float:
        """Return the squared energy norm when the free unknowns have moved by `free` as well."""
        return self.energy + 2.0 * float(self.force.dot(free)) + squared


def elastic_system(
    space: DisplacementSpace,
    elastic: ElasticField,
    held: BoolArray,
    *,
    tolerance: float,
    method: LinearMethod = "multigrid",
) -> ElasticSystem:
    """Prepare the stiffness and set up its solver.

    Parameters
    ----------
    space : DisplacementSpace
        The displacement.
    elastic : ElasticField
        The material, on the cells of `space.mesh`.
    held : (n_nodes, 3)
        Unknowns of `space.V` whose displacement is prescribed.
    tolerance : float
        On the energy norm of the error over that of the displacement.
    method : {"multigrid", "mumps"}
        What preconditions conjugate gradients.
    """
    start = time.perf_counter()
    stiffness = elastic_stiffness(space, elastic, held)
    return ElasticSystem(
        stiffness=stiffness,
        preconditioner=PRECONDITIONERS[method](stiffness),
        method=method,
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
        If the iteration fails, or the true residual says that the error is more than 10 times the
        tolerance.
    """
    begin = time.perf_counter()
    start = _start(system, displacement)
    right = _vector(system, np.where(system.held, 0.0, load))
    right.axpy(-1.0, start.force)
    found = solve_to_energy(
        system.stiffness.operator,
        system.preconditioner,
        right,
        tolerance=system.tolerance,
        squared_norm=start.squared_norm,
    )
    share = system.space.share
    statistics = SolverStatistics(
        method=system.method,
        ranks=share.comm.size,
        n_dofs=3 * share.n_nodes,
        iterations=found.iterations,
        energy_error=found.energy_error,
        relative_residual=found.relative_residual,
        seconds=time.perf_counter() - begin,
        setup_seconds=system.setup_seconds,
    )
    free = share.all_nodes(np.array(found.u.array_r).reshape(-1, 3))
    return NodalSolution(u=start.u + free, statistics=statistics)


def _start(system: ElasticSystem, displacement: FloatArray | None) -> _Start:
    """Return the forces of a prescribed displacement, by which the load has to be lessened."""
    if displacement is None:
        at_rest = np.zeros(system.held.shape)
        return _Start(u=at_rest, force=_vector(system, at_rest), energy=0.0)
    stiffness = system.stiffness
    u = np.where(system.held, displacement, 0.0)
    stress = stress_of(stiffness.moduli, stiffness.kinematics.strain(u))
    force = stiffness.kinematics.force(stress)
    return _Start(
        u=u,
        force=_vector(system, np.where(system.held, 0.0, force)),
        energy=float(np.vdot(force, u)),
    )


def _vector(system: ElasticSystem, values: FloatArray) -> Any:
    """Return values (n_nodes, 3) as a vector of PETSc."""
    vector = system.stiffness.operator.createVecRight()
    vector.array = values[system.space.share.own].ravel()
    return vector
