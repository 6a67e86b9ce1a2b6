"""Conjugate gradients with multigrid, set up once for any number of load cases.

Quadratic displacement: two levels, the linear displacement on the same mesh below the quadratic
one. Linear and trilinear displacement: algebraic multigrid (GAMG).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dolfinx.fem import petsc
from petsc4py import PETSc

from femur_fea.domain import BoolArray
from femur_fea.solver.space import DisplacementSpace

__all__ = ["algebraic_solver", "two_level_solver"]

_MAX_ITERATIONS = 500  # a femur takes about 13
_SWEEPS = 3
_FINE_SWEEPS = 2  # a third saves 3 of 26 iterations and costs two products in each
_PREFIX = "femur_fea_"
_GAMG_OPTIONS = {
    "pc_gamg_threshold": "0.01",
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": str(_SWEEPS),
    "mg_levels_pc_type": "jacobi",
}


def algebraic_solver(space: DisplacementSpace, matrix: Any, *, tolerance: float) -> Any:
    """Return CG with algebraic multigrid, set up for the `matrix` of a tet4 or hex8 space."""
    solver = _conjugate_gradients(matrix, tolerance)
    with _gamg(solver, space):
        solver.setUp()
    return solver


def two_level_solver(
    space: DisplacementSpace, matrix: Any, linear_matrix: Any, held: BoolArray, *, tolerance: float
) -> Any:
    """Return CG with two levels, set up for the `matrix` of a quadratic space.

    Parameters
    ----------
    space : DisplacementSpace
        A tet10 space.
    matrix, linear_matrix : Mat
        Stiffness of `space.V` and `space.V_linear`, held rows and columns those of a unit matrix.
    held : (n_nodes, 3)
        Held unknowns of `space.V`.
    tolerance : float
        On the relative residual.
    """
    solver = _conjugate_gradients(matrix, tolerance)
    levels = solver.getPC()
    levels.setType("mg")
    levels.setMGLevels(2)
    levels.setMGInterpolation(1, _interpolation(space, held))
    _smooth_by_point_blocks(levels.getMGSmoother(1), matrix)
    coarse = levels.getMGCoarseSolve()
    coarse.setType("preonly")
    coarse.setOperators(linear_matrix)
    with _gamg(coarse, space):
        solver.setUp()
    return solver


def _conjugate_gradients(matrix: Any, tolerance: float) -> Any:
    """Return CG that stops by the plain norm of the residual over that of the right-hand side.

    It bounds the nodal forces out of balance, and so the error of the support reactions, and may
    be checked against the true residual. Under surface traction it is stricter than the energy
    norm of the residual, which was 6 to 33 times smaller on a clamped bar.
    """
    solver: Any = PETSc.KSP().create(matrix.comm)
    solver.setOperators(matrix)
    solver.setType("cg")
    solver.setNormType(PETSc.KSP.NormType.UNPRECONDITIONED)
    solver.setTolerances(rtol=tolerance, atol=0.0, max_it=_MAX_ITERATIONS)
    return solver


@contextmanager
def _gamg(solver: Any, space: DisplacementSpace) -> Iterator[None]:
    """Give `solver` algebraic multigrid; PETSc reads its options until the set-up has ended."""
    matrix, _ = solver.getOperators()
    coordinates = matrix.createVecRight()
    coordinates.setBlockSize(3)
    nodes = space.V_linear.tabulate_dof_coordinates()[: coordinates.local_size // 3]
    coordinates.array = nodes.ravel()
    matrix.setNearNullSpace(PETSc.NullSpace().createRigidBody(coordinates))
    options = PETSc.Options(_PREFIX)
    for name, value in _GAMG_OPTIONS.items():
        options.setValue(name, value)
    try:
        solver.setOptionsPrefix(_PREFIX)
        solver.getPC().setType("gamg")
        solver.setFromOptions()
        yield
    finally:
        for name in _GAMG_OPTIONS:
            options.delValue(name)


def _smooth_by_point_blocks(smoother: Any, matrix: Any) -> None:
    smoother.setOperators(matrix)
    smoother.setType("chebyshev")
    smoother.setNormType(PETSc.KSP.NormType.NONE)
    smoother.setTolerances(max_it=_FINE_SWEEPS)
    smoother.getPC().setType("pbjacobi")


def _interpolation(space: DisplacementSpace, held: BoolArray) -> Any:
    """Return the linear-to-quadratic interpolation between unknowns that are free on both levels.

    With the held ones left in, a coarse correction moves the supports and CG does not converge.
    """
    matrix = petsc.interpolation_matrix(space.V_linear, space.V)
    matrix.assemble()
    coarse, fine = matrix.createVecs()
    fine.array = ~held.ravel()
    coarse.array = ~space.linear_held(held).ravel()
    matrix.diagonalScale(fine, coarse)
    return matrix
