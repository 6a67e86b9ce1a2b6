"""Second-order reliability: how the limit state bends at the likeliest failure."""

from collections.abc import Callable

import numpy as np
from scipy.special import log_ndtr, ndtr

from femur_fea.domain import FloatArray
from femur_fea.errors import NotConvergedError
from femur_risk.reliability.form import DesignPoint

__all__ = ["second_order_probability"]

_STEP = 1e-3  # of a standard deviation: differences keep six digits of a logarithm


def second_order_probability(margin: Callable[[FloatArray], FloatArray], at: DesignPoint) -> float:
    r"""Return the probability of failure with the limit state as a paraboloid.

    Parameters
    ----------
    margin : callable
        As `design_point` takes it.
    at : DesignPoint
        Its likeliest failure.

    Raises
    ------
    NotConvergedError
        If the limit state bends about the origin, so that its nearest point is not the likeliest,
        or has no slope there, as where every event that chance lets happen breaks the bone.

    Notes
    -----
    :math:`\Phi(-\beta) \prod_i (1 + \psi \kappa_i)^{-1/2}` with :math:`\psi = \phi(\beta) /
    \Phi(-\beta)` and the main curvatures, positive where the limit bends away from the origin.
    Where the medians fail it is one less that of survival.

    References
    ----------
    Breitung K, J Eng Mech 1984;110:357; with psi in place of beta: Hohenbichler M, Rackwitz R,
    J Eng Mech 1988;114:2195 (both cited for their methods, from memory).
    """
    sign = 1.0 if at.beta >= 0.0 else -1.0
    beta = abs(at.beta)
    gradient, hessian = _derivatives(lambda u: sign * float(margin(u)), at.point)
    steepness = float(np.linalg.norm(gradient))
    if not (np.isfinite(hessian).all() and 0.0 < steepness < np.inf):
        raise NotConvergedError(
            found="a limit state without a slope at the likeliest failure: chance alone decides",
            expected="a margin that is smooth there",
            remedy="use fracture_probability, which integrates",
        )
    tangent = np.linalg.svd(gradient[None] / steepness)[2][1:]
    curvatures = np.linalg.eigvalsh(tangent @ hessian @ tangent.T) / steepness
    psi = np.exp(-0.5 * beta**2 - log_ndtr(-beta)) / np.sqrt(2.0 * np.pi)
    bends = 1.0 + psi * curvatures
    if not (bends > 0.0).all():
        raise NotConvergedError(
            found=f"a limit state that bends by {curvatures.min():.2g} at the likeliest failure",
            expected=f"more than {-1.0 / psi:.2g}",
            remedy="use fracture_probability, which integrates",
        )
    fails = float(ndtr(-beta) / np.sqrt(np.prod(bends)))
    return fails if sign > 0.0 else 1.0 - fails


def _derivatives(
    function: Callable[[FloatArray], float], at: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return gradient and Hessian by central differences, (n,) and (n, n)."""
    steps = _STEP * np.eye(len(at))
    gradient = [(function(at + d) - function(at - d)) / (2.0 * _STEP) for d in steps]
    hessian = [
        [
            (
                function(at + d + e)
                - function(at + d - e)
                - function(at - d + e)
                + function(at - d - e)
            )
            / (4.0 * _STEP**2)
            for e in steps
        ]
        for d in steps
    ]
    return np.array(gradient), np.array(hessian)
