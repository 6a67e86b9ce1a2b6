"""How well a registered model lies on a surface, and whether that is well enough."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, Side, TriangleSurface
from femur_fea.errors import RegistrationError
from meshing.shape.distance import distances_to_surface
from meshing.shape.target import Target

__all__ = ["FitQuality", "check_fit", "errors_at_samples", "judge_fit"]

_N_ERRORS = 4000  # samples at which a fit is judged
_WORST_MEAN, _WORST_95 = 2.0, 5.0  # mm
_WORST_MODES = 2.5  # mm: by modes alone femora of unseen persons come to 0.5 to 1.4 mm
_LEAST_MATCHED, _LEAST_HEAD = 0.9, 0.5
_FARTHEST = 2.5  # root mean square of the modes' coefficients; unseen persons have 0.4 to 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class FitQuality:
    """How well the registered model lies on the surface, distances in mm.

    Attributes
    ----------
    mean, p95, largest : float, mm
        Of the distances from the surface, but its cuts, to the registered model.
    model_mean, model_p95 : float, mm
        Of the distances from those points of the registered model that are seen to the surface.
    modes_mean, modes_p95 : float, mm
        As `mean` and `p95`, by pose, size and modes alone.
    matched : float
        Part of the surface that faces the model near to it.
    seen : float
        Part of the model's points next to which the surface lies.
    head_seen : float
        The same of the head's points.
    improbability : float
        Root mean square of the modes' coefficients; about 1 in the population.
    """

    mean: float
    p95: float
    largest: float
    model_mean: float
    model_p95: float
    modes_mean: float
    modes_p95: float
    matched: float
    seen: float
    head_seen: float
    improbability: float


def errors_at_samples(target: Target, fitted: TriangleSurface) -> FloatArray:
    """Return the distances of samples of a surface from a fitted model, mm."""
    return distances_to_surface(target.points[target.thinned(_N_ERRORS)], fitted)


def judge_fit(
    target: Target,
    fitted: TriangleSurface,
    by_modes: TriangleSurface,
    *,
    seen: BoolArray,
    head: BoolArray,
    matched: float,
    coefficients: FloatArray,
) -> FitQuality:
    """Return how well a model lies on a surface.

    Parameters
    ----------
    target : Target
        The surface.
    fitted, by_modes : TriangleSurface
        The registered model, and what its modes alone give.
    seen, head : (n,)
        Which points of the model the surface lies next to, and which are the head's.
    matched : float
        Part of the surface's samples that have the model next to them.
    coefficients : (k,)
        Of the modes.
    """
    away = errors_at_samples(target, fitted)
    modes_away = errors_at_samples(target, by_modes)
    back = distances_to_surface(fitted.points[seen], target.surface) if seen.any() else [np.inf]
    return FitQuality(
        mean=float(away.mean()),
        p95=float(np.quantile(away, 0.95)),
        largest=float(away.max()),
        model_mean=float(np.mean(back)),
        model_p95=float(np.quantile(back, 0.95)),
        modes_mean=float(modes_away.mean()),
        modes_p95=float(np.quantile(modes_away, 0.95)),
        matched=matched,
        seen=float(seen.mean()),
        head_seen=float(seen[head].mean()),
        improbability=float(np.sqrt(np.mean(coefficients**2))),
    )


def check_fit(quality: FitQuality, side: Side) -> None:
    """Raise unless a registered model can be trusted.

    Raises
    ------
    RegistrationError
        With the cause: too far off, surface or head without counterpart, or an improbable femur.
    """
    q = quality
    faults = [
        (
            max(q.mean / _WORST_MEAN, q.p95 / _WORST_95) > 1.0,
            f"a surface {q.mean:.1f} mm from the model in the mean and {q.p95:.1f} mm at 95 %",
            f"at most {_WORST_MEAN:g} mm and {_WORST_95:g} mm",
        ),
        (
            q.matched < _LEAST_MATCHED,
            f"{100 * q.matched:.0f} % of the surface next to the model",
            f"at least {100 * _LEAST_MATCHED:.0f} %",
        ),
        (
            q.head_seen < _LEAST_HEAD,
            f"{100 * q.head_seen:.0f} % of the head on the surface",
            f"at least {100 * _LEAST_HEAD:.0f} %",
        ),
        (
            q.modes_mean > _WORST_MODES,
            f"a surface {q.modes_mean:.1f} mm from any femur of the model in the mean",
            f"at most {_WORST_MODES:g} mm",
        ),
        (
            q.improbability > _FARTHEST,
            f"a shape {q.improbability:.1f} standard deviations from the mean femur",
            f"at most {_FARTHEST:g}",
        ),
    ]
    for wrong, found, expected in faults:
        if wrong:
            raise RegistrationError(
                found=found,
                expected=expected,
                remedy=f"check that the surface is a {side} femur with its head, in mm, without "
                "other bones",
            )
