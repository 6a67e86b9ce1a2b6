"""First-order reliability: the likeliest way in which a margin comes to nothing."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import NonlinearConstraint, minimize
from scipy.special import ndtr

from femur_fea.domain import FloatArray, read_only
from femur_fea.errors import NotConvergedError

__all__ = ["DesignPoint", "design_point"]

_TOLERANCE = 1e-6  # of the margin, a logarithm
_STEPS = (1e-4, -1e-4)  # standard deviations
_ASIDE = 1e-6  # of the distance, by which a point that lies aside would be too far


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DesignPoint:
    """Where failure is likeliest, in independent standard normal variables.

    Attributes
    ----------
    point : (n,)
        The point of the limit state nearest to the origin.
    beta : float
        Its distance from the origin, the reliability index; negative where the medians fail.
    """

    point: FloatArray
    beta: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "point", read_only(np.asarray(self.point, dtype=float)))

    @property
    def probability(self) -> float:
        """Probability of failure if the limit state were a plane."""
        return float(ndtr(-self.beta))

    @property
    def importance(self) -> FloatArray:
        """Share of each variable in the squared distance, (n,); nan where the distance is 0."""
        return np.asarray(self.point**2 / np.sum(self.point**2))


def design_point(margin: Callable[[FloatArray], FloatArray], start: FloatArray) -> DesignPoint:
    """Return the most likely point of failure.

    Parameters
    ----------
    margin : callable
        Takes scores (n,) and returns a number that is positive where nothing fails.
    start : (n,)
        Where to begin; the margin is finite there.

    Raises
    ------
    NotConvergedError
        If no such point is found.

    References
    ----------
    Rackwitz R, Fiessler B, Comput Struct 1978;9:489. The nearest point is found by sequential
    quadratic programming (SciPy, SLSQP).
    """
    found = minimize(
        _half_square,
        start,
        jac=_itself,
        method="SLSQP",
        constraints=NonlinearConstraint(lambda u: np.atleast_1d(margin(u)), 0.0, 0.0),
        options={"ftol": 1e-12, "maxiter": 200},
    )
    missed = abs(float(margin(found.x)))
    if missed > _TOLERANCE or not (found.success or _is_nearest(margin, found.x)):
        raise NotConvergedError(
            found=f"a search for the likeliest failure that stopped {missed:.1e} off the limit, "
            "where it has no nearest point",
            expected=f"at most {_TOLERANCE:.0e}, at a point nearest to the origin",
            remedy="start closer to failure, or use fracture_probability, which needs no search",
        )
    distance = float(np.linalg.norm(found.x))
    fails = float(margin(np.zeros_like(start))) < 0.0
    return DesignPoint(point=found.x, beta=-distance if fails else distance)


def _is_nearest(margin: Callable[[FloatArray], FloatArray], point: FloatArray) -> bool:
    """Whether a point of the limit, at which a search finds no more progress, is its nearest one.

    There the margin changes along the line to the origin alone. False where it has no slope.
    """
    ahead, behind = ([float(margin(point + d)) for d in s * np.eye(len(point))] for s in _STEPS)
    slope = np.array(ahead) - np.array(behind)
    lengths = float(np.linalg.norm(slope) * np.linalg.norm(point))
    return 0.0 < lengths < np.inf and lengths - abs(float(slope @ point)) <= _ASIDE * lengths


def _half_square(point: FloatArray) -> float:
    return 0.5 * float(point @ point)


def _itself(point: FloatArray) -> FloatArray:
    """Return the gradient of half the square."""
    return point
