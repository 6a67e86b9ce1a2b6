"""Logistic regression with weights, an offset and normal priors: a few coefficients, by Newton."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.errors import SeparatedOutcomesError

__all__ = ["EXTREME", "LogisticFit", "chance", "fit_logistic", "logit"]

EXTREME = 1e-6
"""Probabilities nearer to 0 or 1 are taken as this far off, for their logit has to be finite."""

_STEPS, _ENOUGH = 100, 1e-10
_LONGEST = 1.0  # of a step, in log odds: longer ones overshoot


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogisticFit:
    """Coefficients of a logistic regression.

    Attributes
    ----------
    coefficients : (k,)
        In the order of the design's columns.
    covariance : (k, k)
        Inverse of the information, priors included.
    """

    coefficients: FloatArray
    covariance: FloatArray


def logit(probability: FloatArray) -> FloatArray:
    """Return ln(p / (1 - p)), with p held `EXTREME` away from 0 and 1."""
    held = np.clip(probability, EXTREME, 1.0 - EXTREME)
    return np.asarray(np.log(held / (1.0 - held)))


def chance(log_odds: FloatArray) -> FloatArray:
    """Return the probability that log odds stand for."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * log_odds)))


def fit_logistic(
    design: FloatArray,
    fractured: FloatArray,
    weight: FloatArray,
    *,
    offset: FloatArray | float = 0.0,
    prior_mean: FloatArray | None = None,
    prior_sd: FloatArray | None = None,
) -> LogisticFit:
    """Return the coefficients of largest likelihood, or of largest posterior density.

    Parameters
    ----------
    design : (n, k)
        Columns of covariates; a column of ones for an intercept.
    fractured : (n,)
        Outcome, 0 or 1.
    weight : (n,)
        Weight of each row.
    offset : (n,) or float
        Known part of the log odds.
    prior_mean, prior_sd : (k,), optional
        Independent normal priors; none where absent.

    Raises
    ------
    SeparatedOutcomesError
        If no finite coefficients fit, or the columns do not differ.
    """
    k = design.shape[1]
    centre = np.zeros(k) if prior_mean is None else prior_mean
    precision = np.zeros(k) if prior_sd is None else prior_sd**-2.0
    found = centre.copy()
    for _ in range(_STEPS):
        expected = chance(design @ found + offset)
        slope = design.T @ (weight * (fractured - expected)) - precision * (found - centre)
        spread = weight * expected * (1.0 - expected)
        information = (design.T * spread) @ design + np.diag(precision)
        if not np.linalg.cond(information) < 1.0 / EXTREME**2:
            break
        step = np.linalg.solve(information, slope)
        found = found + step * min(1.0, _LONGEST / max(float(np.abs(step).max()), _LONGEST))
        if np.abs(step).max() < _ENOUGH * (1.0 + np.abs(found).max()):
            return LogisticFit(coefficients=found, covariance=np.linalg.inv(information))
    raise SeparatedOutcomesError(
        found="outcomes that the predictions tell apart without a mistake, or do not vary with",
        expected="fractured and whole femora whose predictions overlap and differ",
        remedy="take more femora; without overlap no finite slope of calibration exists",
    )
