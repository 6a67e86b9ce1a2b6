"""Linear systems solved until the error of the displacement is small in the energy norm."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from femur_fea.errors import NotConvergedError
from femur_fea.solver.conjugate_gradients import conjugate_gradients

__all__ = ["EnergySolution", "solve_to_energy"]

_MAX_ITERATIONS = 500  # a femur takes about 17
_DELAY = 2  # steps after which the error before them is known
# The iteration updates its residual step by step, which drifts from the true one by round-off.
_DRIFT = 10.0
_REMEDY = "check the mesh for slivers and the modulus for extreme contrast"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EnergySolution:
    """Solution of one linear system.

    Attributes
    ----------
    u : Vec
        The solution.
    iterations : int
        Iterations of conjugate gradients.
    energy_error : float
        Estimated energy norm of the error, over that of the displacement.
    relative_residual : float
        True residual over the norm of the right-hand side.
    """

    u: Any
    iterations: int
    energy_error: float
    relative_residual: float


def solve_to_energy(
    matrix: Any,
    preconditioner: Any,
    right: Any,
    *,
    tolerance: float,
    squared_norm: Callable[[Any, float], float],
) -> EnergySolution:
    """Solve a linear system.

    Parameters
    ----------
    matrix, preconditioner, right : Mat, PC, Vec
        The system.
    tolerance : float
        On the energy norm of the error over that of the displacement.
    squared_norm : callable
        Squared energy norm of the displacement that is found with the iterate `u`, given also
        the squared energy norm of `u`.

    Raises
    ------
    NotConvergedError
        If the iteration fails, or the true residual says that the error is more than 10 times the
        tolerance.

    Notes
    -----
    The squared error at a step is the sum of what all later steps take off it. The first two of
    them are nearly all of it where convergence is as quick as here (Strakos and Tichy 2002,
    Electron Trans Numer Anal 13:56). The solution returned is that after these two steps.
    """
    taken = deque[float](maxlen=_DELAY)
    squared, scale = 0.0, 0.0
    for iterations, iterate in enumerate(conjugate_gradients(matrix, preconditioner, right)):
        taken.append(iterate.decrease)
        squared += iterate.decrease
        scale = squared_norm(iterate.u, squared)
        if iterations >= _DELAY and sum(taken) <= tolerance**2 * scale:
            break
        if iterations == _MAX_ITERATIONS:
            raise NotConvergedError(
                found=f"an error of {np.sqrt(sum(taken) / scale):.1e} in the energy norm after "
                f"{iterations} iterations",
                expected=f"a relative error below {tolerance:.1e}",
                remedy=_REMEDY,
            )
    residual = _true_residual(matrix, iterate.u, right)
    _check(residual, preconditioner, limit=_DRIFT * tolerance * np.sqrt(scale))
    norm = right.norm()
    return EnergySolution(
        u=iterate.u,
        iterations=iterations,
        energy_error=float(np.sqrt(sum(taken) / scale)) if scale > 0.0 else 0.0,
        relative_residual=residual.norm() / norm if norm > 0.0 else 0.0,
    )


def _true_residual(matrix: Any, u: Any, right: Any) -> Any:
    residual = right.duplicate()
    matrix.mult(u, residual)
    residual.aypx(-1.0, right)
    return residual


def _check(residual: Any, preconditioner: Any, *, limit: float) -> None:
    """Raise if the true residual, turned into an error by the preconditioner, is too large."""
    error = residual.duplicate()
    preconditioner.apply(residual, error)
    energy = float(np.sqrt(max(residual.dot(error), 0.0)))
    if not energy <= limit:
        raise NotConvergedError(
            found=f"an error of {energy:.2e} in the energy norm by the true residual, when the "
            "iteration had ended",
            expected=f"at most {limit:.1e}",
            remedy=_REMEDY,
        )
