"""Multigrid as a preconditioner, set up once for any number of right-hand sides.

Quadratic displacement: two levels, the linear displacement on the same mesh below the quadratic
one. Linear and trilinear displacement: algebraic multigrid (GAMG).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from petsc4py import PETSc

from femur_fea.domain import BoolArray, IntArray
from femur_fea.solver.rigid import rigid_motions
from femur_fea.solver.space import DisplacementSpace
from femur_fea.solver.stiffness import Stiffness, diagonal_matrix

__all__ = ["algebraic_multigrid", "two_level_multigrid"]

_SWEEPS = 3
_FINE_SWEEPS = 2  # a third saves 3 of 26 iterations and costs two products in each
_PREFIX = "femur_fea_"
_GAMG_OPTIONS = {
    "pc_gamg_threshold": "0.01",
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": str(_SWEEPS),
    "mg_levels_pc_type": "jacobi",
}


_FINE_OPTIONS = {
    "ksp_type": "chebyshev",
    "ksp_max_it": str(_FINE_SWEEPS),
    "ksp_norm_type": "none",
    "esteig_ksp_type": "cg",
    "esteig_ksp_max_it": "10",
}


def algebraic_multigrid(space: DisplacementSpace, matrix: Any) -> Any:
    """Return algebraic multigrid for the assembled `matrix` of a linear or trilinear space."""
    preconditioner: Any = PETSc.PC().create(matrix.comm)
    preconditioner.setOperators(matrix)
    with _gamg(preconditioner, space, matrix):
        preconditioner.setUp()
    return preconditioner


def two_level_multigrid(stiffness: Stiffness, linear_matrix: Any) -> Any:
    """Return multigrid of two levels for the stiffness of a tet10 space.

    Parameters
    ----------
    stiffness : Stiffness
        Of the quadratic displacement.
    linear_matrix : Mat
        Assembled stiffness of the linear displacement, held alike.
    """
    space, operator = stiffness.space, stiffness.operator
    diagonal = diagonal_matrix(stiffness)
    levels: Any = PETSc.PC().create(operator.comm)
    levels.setOperators(operator, diagonal)
    levels.setType("mg")
    levels.setMGLevels(2)
    levels.setMGInterpolation(1, _interpolation(space, stiffness.held))
    smoother = levels.getMGSmoother(1)
    smoother.setOperators(operator, diagonal)
    smoother.getPC().setType("pbjacobi")
    coarse = levels.getMGCoarseSolve()
    coarse.setType("preonly")
    coarse.setOperators(linear_matrix)
    with _gamg(coarse.getPC(), space, linear_matrix):
        coarse.setUp()
    with _options(smoother, _FINE_OPTIONS):
        levels.setUp()
    return levels


@contextmanager
def _gamg(preconditioner: Any, space: DisplacementSpace, matrix: Any) -> Iterator[None]:
    """Make a preconditioner GAMG; PETSc reads its options until the set-up has ended."""
    matrix.setNearNullSpace(_rigid_motions(space, matrix))
    preconditioner.setType("gamg")
    with _options(preconditioner, _GAMG_OPTIONS):
        yield


def _rigid_motions(space: DisplacementSpace, matrix: Any) -> Any:
    """Return the rigid motions of the nodes of the linear displacement as PETSc takes them."""
    vectors = []
    for motion in rigid_motions(space.mesh.points[space.linear_points]):
        vector = matrix.createVecRight()
        vector.array = motion[space.linear_share.own].ravel()
        vectors.append(vector)
    return PETSc.NullSpace().create(vectors=vectors, comm=matrix.comm)


@contextmanager
def _options(solver: Any, values: Mapping[str, str]) -> Iterator[None]:
    """Let a part of PETSc read options that have no other way in."""
    options = PETSc.Options(_PREFIX)
    for name, value in values.items():
        options.setValue(name, value)
    try:
        solver.setOptionsPrefix(_PREFIX)
        solver.setFromOptions()
        yield
    finally:
        for name in values:
            options.delValue(name)


def _interpolation(space: DisplacementSpace, held: BoolArray) -> Any:
    """Return the linear-to-quadratic interpolation between unknowns that are free on both levels.

    A node in the middle of an edge takes the mean of both ends. With the held ones left in, a
    coarse correction moves the supports and CG does not converge.
    """
    own, linear_own = space.share.own, space.linear_share.own
    ends = _linear_nodes(space)[space.ends[own]]
    columns = 3 * ends[:, None, :] + np.arange(3)[:, None]
    held_below = space.linear_held(held).ravel()[columns]
    used = ~held[own][:, :, None] & ~held_below
    used[ends[:, 0] == ends[:, 1], :, 1] = False
    per_row = used.sum(axis=2).ravel()
    start = np.concatenate([[0], np.cumsum(per_row)]).astype(np.int32)
    weights = np.where(ends[:, 0] == ends[:, 1], 1.0, 0.5)[:, None, None]
    matrix: Any = PETSc.Mat().createAIJ(
        (
            (3 * (own.stop - own.start), 3 * space.share.n_nodes),
            (3 * (linear_own.stop - linear_own.start), 3 * space.linear_share.n_nodes),
        ),
        csr=(start, columns[used].astype(np.int32), np.broadcast_to(weights, used.shape)[used]),
        comm=space.share.comm,
    )
    matrix.assemble()
    return matrix


def _linear_nodes(space: DisplacementSpace) -> IntArray:
    """Return the node of `V_linear` at each mesh point, (n_points,)."""
    nodes = np.empty_like(space.linear_points)
    nodes[space.linear_points] = np.arange(len(nodes))
    return nodes
