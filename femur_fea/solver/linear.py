"""Linear elasticity of one bone under any number of load cases."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, ElasticField, FEResult, LoadCase, check_shape
from femur_fea.errors import LoadError
from femur_fea.solver.environment import require_dolfinx

if TYPE_CHECKING:
    from femur_fea.solver.system import ElasticSystem

__all__ = ["common_fixed_points", "solve_linear"]


def solve_linear(
    mesh: BoneMesh,
    elastic: ElasticField,
    loads: Sequence[LoadCase],
    *,
    tolerance: float = 1e-8,
) -> tuple[FEResult, ...]:
    """Solve linear elasticity; the matrix and its preconditioner are set up once for all loads.

    Parameters
    ----------
    mesh : BoneMesh
        The bone; its kind names the order of the displacement.
    elastic : ElasticField
        Young's modulus on the cells of `mesh`.
    loads : sequence of LoadCase
        Load cases on the points of `mesh`, all with the same fixed points.
    tolerance : float
        On the relative residual. The true residual is computed afterwards and may be at most ten
        times as large.

    Returns
    -------
    tuple of FEResult
        One for each load case, in order.

    Raises
    ------
    MissingDependencyError
        If DOLFINx or a C compiler is not there.
    ShapeError
        If material or loads do not belong to the mesh.
    LoadError
        If there is no load case, fixed points differ, or a traction acts inside the bone.
    SingularSystemError
        If the fixed points do not hold every part of the mesh.
    NotConvergedError
        If a system could not be solved to the tolerance.
    """
    require_dolfinx()
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.support import check_support
    from femur_fea.solver.system import elastic_system

    check_shape("E_modulus", elastic.E_modulus, (mesh.n_cells, None))
    fixed = common_fixed_points(mesh, loads)
    check_support(mesh, fixed)
    space = displacement_space(mesh)
    held = space.held(np.repeat(fixed[:, None], 3, axis=1))
    system = elastic_system(space, elastic, held, tolerance=tolerance)
    return tuple(_solve_load(system, load) for load in loads)


def _solve_load(system: "ElasticSystem", load: LoadCase) -> FEResult:
    from femur_fea.solver import recovery
    from femur_fea.solver.forms import traction_load
    from femur_fea.solver.system import solve_system

    space = system.space
    force = traction_load(space, load.traction)
    solution = solve_system(system, force)
    stress = recovery.integration_stress(space, system.elastic, solution.u)
    support = np.where(system.held, recovery.internal_force(space, stress) - force, 0.0)
    reaction_force, reaction_moment = recovery.resultant(space.node_coordinates, support)
    return FEResult(
        load=load.name,
        u=solution.u[space.point_dofs],
        strain=recovery.corner_strain(space, solution.u),
        stress=stress.mean(axis=1),
        external_work=float(np.vdot(force, solution.u)),
        reaction_force=reaction_force,
        reaction_moment=reaction_moment,
        statistics=solution.statistics,
    )


def common_fixed_points(mesh: BoneMesh, loads: Sequence[LoadCase]) -> BoolArray:
    """Return the fixed points that all load cases share."""
    if not loads:
        raise LoadError(
            found="no load case", expected="at least one", remedy="name a load to apply"
        )
    first = loads[0]
    for load in loads:
        check_shape(f"traction of {load.name!r}", load.traction, (mesh.n_points, 3))
        _check_on_surface(mesh, load)
        different = int(np.count_nonzero(load.fixed != first.fixed))
        if different:
            raise LoadError(
                found=f"{different} points fixed in only one of {first.name!r} and {load.name!r}",
                expected="one set of fixed points for all load cases",
                remedy="solve the load cases in separate calls",
            )
    return first.fixed


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
