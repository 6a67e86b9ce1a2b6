"""Preconditioned conjugate gradients that know how much energy every step takes off the error."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from femur_fea.errors import NotConvergedError

__all__ = ["Iterate", "conjugate_gradients"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Iterate:
    """A state of conjugate gradients.

    Attributes
    ----------
    u, residual : Vec
        Solution so far, and what is left of the right-hand side; the next step overwrites both.
    decrease : float
        What the last step took off the squared energy norm of the error; 0 before the first.
    """

    u: Any
    residual: Any
    decrease: float


def conjugate_gradients(matrix: Any, preconditioner: Any, right: Any) -> Iterator[Iterate]:
    """Yield the iterates from zero on, and end only where the residual vanishes.

    Parameters
    ----------
    matrix : Mat
        Symmetric and positive definite.
    preconditioner : PC
        The same.
    right : Vec
        Right-hand side.

    Raises
    ------
    NotConvergedError
        If matrix or preconditioner are not positive definite.

    Notes
    -----
    With z the preconditioned residual r and a the length of a step, the squared energy norm of the
    error falls by a r . z: Hestenes and Stiefel 1952, Theorem 6:1, doi:10.6028/jres.049.044.
    """
    u, residual = right.duplicate(), right.copy()
    u.set(0.0)
    yield Iterate(u=u, residual=residual, decrease=0.0)
    preconditioned, product = right.duplicate(), right.duplicate()
    preconditioner.apply(residual, preconditioned)
    direction = preconditioned.copy()
    slope = residual.dot(preconditioned)
    while slope != 0.0:
        matrix.mult(direction, product)
        curvature = direction.dot(product)
        if not (slope > 0.0 and curvature > 0.0):
            raise NotConvergedError(
                found=f"conjugate gradients in a direction of slope {slope:.2e} and curvature "
                f"{curvature:.2e}",
                expected="both positive: a stiffness and a preconditioner that are definite",
                remedy="check the mesh for slivers and the modulus for extreme contrast",
            )
        length = slope / curvature
        u.axpy(length, direction)
        residual.axpy(-length, product)
        yield Iterate(u=u, residual=residual, decrease=length * slope)
        preconditioner.apply(residual, preconditioned)
        before, slope = slope, residual.dot(preconditioned)
        direction.aypx(slope / before, preconditioned)
