"""Linear elasticity of one bone under any number of load cases."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    ElasticField,
    FEResult,
    LoadCase,
    check_samples_of,
    check_shape,
)
from femur_fea.errors import LoadError
from femur_fea.solver.locking import check_compressible
from femur_fea.solver.ranks import RankCount, Ranks, choose_ranks
from femur_fea.solver.settings import LinearMethod

if TYPE_CHECKING:
    from femur_fea.solver.system import ElasticSystem

__all__ = ["check_loads", "solve_linear"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearJob:
    """What `solve_linear` asks for."""

    mesh: BoneMesh
    elastic: ElasticField
    loads: tuple[LoadCase, ...]
    tolerance: float
    method: LinearMethod

    def run(self, comm: Any) -> tuple[FEResult, ...]:
        """Return the results, complete on every rank."""
        from femur_fea.solver.space import displacement_space
        from femur_fea.solver.support import check_support
        from femur_fea.solver.system import elastic_system

        groups = list(_equally_held(self.loads))
        for group in groups:
            check_support(self.mesh, self.loads[group[0]].held)
        space = displacement_space(self.mesh, comm)
        results: dict[int, FEResult] = {}
        for group in groups:
            held = space.held(self.loads[group[0]].held)
            system = elastic_system(
                space, self.elastic, held, tolerance=self.tolerance, method=self.method
            )
            results.update({index: _solve_load(system, self.loads[index]) for index in group})
        return tuple(results[index] for index in range(len(self.loads)))


def solve_linear(
    mesh: BoneMesh,
    elastic: ElasticField,
    loads: Sequence[LoadCase],
    *,
    tolerance: float = 1e-6,
    method: LinearMethod = "multigrid",
    ranks: RankCount | Ranks = 1,
) -> tuple[FEResult, ...]:
    """Solve linear elasticity under every load case.

    Load cases that hold the same components of displacement, whatever they prescribe there, share
    one stiffness and its preconditioner.

    Parameters
    ----------
    mesh : BoneMesh
        The bone; its kind names the order of the displacement.
    elastic : ElasticField
        Young's modulus on the cells of `mesh`.
    loads : sequence of LoadCase
        Load cases on the points of `mesh`.
    tolerance : float
        On the energy norm of the error over that of the displacement, as it was two iterations
        before the last. The true residual is computed afterwards and must agree.
    method : {"multigrid", "mumps"}
        What preconditions conjugate gradients; "mumps" factorises the matrix, for small meshes.
    ranks : int, "auto" or Ranks
        How many MPI ranks solve together; more than one are started as processes of their own.
        "auto" takes the cores of the machine, fewer for a small mesh.

    Returns
    -------
    tuple of FEResult
        One for each load case, in order.

    Raises
    ------
    MissingDependencyError
        If DOLFINx or a C compiler is not there, or mpiexec for several ranks.
    ShapeError
        If material or loads do not belong to the mesh.
    IncompressibleError
        If Poisson's ratio is over 0.49.
    LoadError
        If there is no load case, or a traction acts inside the bone.
    SingularSystemError
        If what a load case holds leaves a part of the mesh loose.
    NotConvergedError
        If a system could not be solved to the tolerance.
    """
    check_samples_of(mesh, "E_modulus", elastic.E_modulus)
    check_compressible(mesh, elastic)
    check_loads(mesh, loads)
    job = LinearJob(
        mesh=mesh, elastic=elastic, loads=tuple(loads), tolerance=tolerance, method=method
    )
    return choose_ranks(ranks, mesh).run(job)


def _equally_held(loads: Sequence[LoadCase]) -> Iterator[list[int]]:
    """Yield the indices of load cases that hold the same components, in order."""
    left = list(range(len(loads)))
    while left:
        group = [i for i in left if np.array_equal(loads[i].held, loads[left[0]].held)]
        left = [i for i in left if i not in group]
        yield group


def _solve_load(system: "ElasticSystem", load: LoadCase) -> FEResult:
    from femur_fea.solver import recovery
    from femur_fea.solver.forms import traction_load
    from femur_fea.solver.moduli import stress_of
    from femur_fea.solver.system import solve_system

    space, geometry = system.space, system.stiffness.kinematics
    applied = traction_load(space, load.traction)
    displacement = space.at_nodes(load.displacement)
    solution = solve_system(system, applied, displacement)
    stress = stress_of(system.stiffness.moduli, geometry.strain(solution.u))
    support = np.where(system.held, geometry.force(stress) - applied, 0.0)
    is_driven = displacement.any(axis=1, keepdims=True)
    at_rest = np.where(is_driven, 0.0, support)
    reaction_force, reaction_moment = recovery.resultant(space.node_coordinates, at_rest)
    work = float(np.vdot(applied + support, solution.u))
    return FEResult(
        load=load.name,
        u=solution.u[space.point_dofs],
        strain=recovery.corner_strain(geometry, solution.u),
        stress=recovery.mean_stress(geometry, stress),
        force=load.magnitude if load.magnitude > 0.0 else work / load.stroke,
        external_work=work,
        driven_force=(support - at_rest).sum(axis=0),
        reaction_force=reaction_force,
        reaction_moment=reaction_moment,
        statistics=solution.statistics,
    )


def check_loads(mesh: BoneMesh, loads: Sequence[LoadCase]) -> None:
    """Raise unless there are load cases that act on the surface of the mesh.

    Raises
    ------
    LoadError
        If there is none, or a traction acts inside the bone.
    ShapeError
        If a load case belongs to another mesh.
    """
    if not loads:
        raise LoadError(
            found="no load case", expected="at least one", remedy="name a load to apply"
        )
    for load in loads:
        check_shape(f"traction of {load.name!r}", load.traction, (mesh.n_points, 3))
        _check_on_surface(mesh, load)


def _check_on_surface(mesh: BoneMesh, load: LoadCase) -> None:
    inside = load.traction.any(axis=1)
    inside[mesh.facets] = False
    if inside.any():
        raise LoadError(
            found=f"load case {load.name!r} with traction at {int(inside.sum())} points that are "
            "not on the surface",
            expected="traction at surface points only",
            remedy="apply the load to the surface of this mesh",
        )
