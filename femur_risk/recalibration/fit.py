"""Recalibrations fitted to outcomes."""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_risk.errors import RecalibrationError
from femur_risk.recalibration.logistic import EXTREME, fit_logistic, logit
from femur_risk.recalibration.maps import BayesMap, BetaMap, IsotonicMap, PlattMap, ProbabilityMap

__all__ = ["METHODS", "PRIOR_MEAN", "PRIOR_SD", "SMALLEST_CLASS", "Method", "fit_map"]

type Method = Literal["platt", "isotonic", "beta", "bayes"]

PRIOR_MEAN = (0.0, 1.0)
"""Of intercept and slope: that the probabilities are right as they are."""

PRIOR_SD = (1.0, 0.5)
"""Choices: log odds may be off by 1, and nine slopes in ten lie between 0.2 and 1.8."""

SMALLEST_CLASS: Mapping[Method, int] = {"platt": 10, "isotonic": 30, "beta": 15, "bayes": 1}
"""Fractured, and whole, femora that a fit needs: choices, five for each coefficient and more."""


def fit_map(
    method: Method,
    probability: FloatArray,
    fractured: FloatArray | BoolArray,
    weight: FloatArray,
) -> ProbabilityMap:
    """Return a recalibration that was fitted to outcomes.

    Parameters
    ----------
    method : {"platt", "isotonic", "beta", "bayes"}
        How.
    probability, fractured, weight : (n,)
        What was predicted, 0 or 1, and what a femur counts, 0 where its outcome is not known.

    Raises
    ------
    RecalibrationError
        If there are too few fractured or whole femora, or the line of log odds falls.
    SeparatedOutcomesError
        If predictions tell the outcomes apart without a mistake and no prior holds the slope.
    """
    known = weight > 0.0
    p, y, w = probability[known], fractured[known].astype(float), weight[known]
    fewest = int(min(np.count_nonzero(y), np.count_nonzero(1.0 - y)))
    if fewest < SMALLEST_CLASS[method]:
        raise RecalibrationError(
            found=f"{fewest} femora in the smaller class",
            expected=f"at least {SMALLEST_CLASS[method]} fractured and as many whole for {method}",
            remedy="take more femora, or 'bayes', whose prior holds what they do not tell",
        )
    return METHODS[method](p, y, w)


def _platt(p: FloatArray, y: FloatArray, w: FloatArray) -> PlattMap:
    """Return the line of log odds (Platt 1999; Cox 1958, doi:10.1093/biomet/45.3-4.562)."""
    intercept, slope = fit_logistic(_line(p), y, w).coefficients
    _check_slope(slope)
    return PlattMap(intercept=intercept, slope=slope)


def _beta(p: FloatArray, y: FloatArray, w: FloatArray) -> BetaMap:
    """Return the exponents (Kull et al. 2017, Electron J Stat 11:5052, doi:10.1214/17-EJS1338SI).

    An exponent below 0 is left out and the other one fitted anew, as the paper does.
    """
    held = np.clip(p, EXTREME, 1.0 - EXTREME)
    columns = np.column_stack([np.ones_like(held), np.log(held), -np.log(1.0 - held)])
    c, a, b = fit_logistic(columns, y, w).coefficients
    if a < 0.0 or b < 0.0:
        kept = 2 if a < 0.0 else 1
        c, exponent = fit_logistic(columns[:, [0, kept]], y, w).coefficients
        exponent = max(exponent, 0.0)
        a, b = (0.0, exponent) if a < 0.0 else (exponent, 0.0)
    return BetaMap(a=a, b=b, c=c)


def _isotonic(p: FloatArray, y: FloatArray, w: FloatArray) -> IsotonicMap:
    """Return the steps of least squares (Zadrozny and Elkan 2002, doi:10.1145/775047.775151).

    They end at 1 in n + 2 from 0 and 1, Laplace's share of what was not seen among n.
    """
    from sklearn.isotonic import IsotonicRegression

    least = 1.0 / (float(w.sum()) + 2.0)
    fitted = IsotonicRegression(y_min=least, y_max=1.0 - least).fit(p, y, sample_weight=w)
    return IsotonicMap(
        predicted=tuple(fitted.X_thresholds_.tolist()),
        observed=tuple(fitted.y_thresholds_.tolist()),
    )


def _bayes(p: FloatArray, y: FloatArray, w: FloatArray) -> BayesMap:
    """Return the normal approximation at the mode of the posterior of intercept and slope."""
    mean, sd = np.array(PRIOR_MEAN), np.array(PRIOR_SD)
    fit = fit_logistic(_line(p), y, w, prior_mean=mean, prior_sd=sd)
    (a, b), (c, d) = fit.covariance.tolist()
    intercept, slope = fit.coefficients.tolist()
    _check_slope(slope)
    return BayesMap(
        prior_mean=PRIOR_MEAN,
        prior_sd=PRIOR_SD,
        mean=(intercept, slope),
        covariance=((a, b), (c, d)),
    )


def _check_slope(slope: float) -> None:
    """Raise if the more probable fracture would become the less probable one."""
    if slope <= 0.0:
        raise RecalibrationError(
            found=f"a slope of {slope:.2f}: femora of higher probability broke less often",
            expected="a slope above 0",
            remedy="check that events and probabilities belong together; if they do, the "
            "probability does not rank these femora, and no recalibration mends that",
        )


def _line(p: FloatArray) -> FloatArray:
    return np.column_stack([np.ones_like(p), logit(p)])


METHODS: Mapping[Method, Callable[[FloatArray, FloatArray, FloatArray], ProbabilityMap]] = {
    "platt": _platt,
    "isotonic": _isotonic,
    "beta": _beta,
    "bayes": _bayes,
}
"""Fits by name."""
