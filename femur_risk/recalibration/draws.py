"""Recalibrations that the outcomes leave as likely: what is not known of a fitted one."""

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray
from femur_risk.errors import RecalibrationError, SeparatedOutcomesError
from femur_risk.recalibration.fit import METHODS, Method
from femur_risk.recalibration.maps import BayesMap, PlattMap, ProbabilityMap

__all__ = ["N_DRAWS", "draw_maps"]

N_DRAWS = 200
"""A choice: ends of a 90 % interval rest on ten draws each."""

_ENOUGH = 0.9  # of the resamples have to have a fit


def draw_maps(
    fitted: ProbabilityMap,
    probability: FloatArray,
    fractured: FloatArray | BoolArray,
    weight: FloatArray,
    patients: IntArray,
    *,
    rng: np.random.Generator,
) -> tuple[ProbabilityMap, ...]:
    """Return `N_DRAWS` maps that spread as far as the fitted one is uncertain.

    Those of a Bayesian map are lines of its posterior; others are fitted anew to resamples of the
    patients, each with all femora. Weights are those of the whole table.

    Parameters
    ----------
    fitted : ProbabilityMap
        Fitted to all femora.
    probability, fractured, weight : (n,)
        As `fit_map` takes them.
    patients : (n,)
        Number of the patient of each femur.
    rng : Generator
        Draws them.

    Raises
    ------
    RecalibrationError
        If more than a tenth of the resamples have no fit.
    """
    if isinstance(fitted, BayesMap):
        lines = rng.multivariate_normal(fitted.mean, np.array(fitted.covariance), N_DRAWS)
        return tuple(PlattMap(intercept=float(a), slope=float(b)) for a, b in lines)
    _, place = np.unique(patients, return_inverse=True)
    known = weight > 0.0
    p, y, w = probability[known], fractured[known].astype(float), weight[known]
    counts = [_counted(place, rng)[known] for _ in range(N_DRAWS)]
    found = [_fitted(fitted.method, p, y, w * count) for count in counts]
    maps = tuple(each for each in found if each is not None)
    if len(maps) < _ENOUGH * N_DRAWS:
        raise RecalibrationError(
            found=f"{N_DRAWS - len(maps)} of {N_DRAWS} resamples of the patients without a fit",
            expected=f"at most {1.0 - _ENOUGH:.0%}, so that the recalibration has an interval",
            remedy="take more femora, or 'bayes', whose prior holds what they do not tell",
        )
    return maps


def _counted(place: IntArray, rng: np.random.Generator) -> IntArray:
    """Return how often each row is in a resample of the patients, (n,)."""
    n = int(place.max()) + 1
    drawn: IntArray = np.bincount(rng.integers(n, size=n), minlength=n)[place]
    return drawn


def _fitted(method: Method, p: FloatArray, y: FloatArray, w: FloatArray) -> ProbabilityMap | None:
    drawn = w > 0.0
    if np.ptp(y[drawn]) == 0.0:
        return None
    try:
        return METHODS[method](p[drawn], y[drawn], w[drawn])
    except SeparatedOutcomesError:
        return None
