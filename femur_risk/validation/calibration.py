"""How well probabilities agree with what was observed."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.errors import SeparatedOutcomesError
from femur_risk.recalibration import fit_logistic, logit
from femur_risk.validation.outcome import KnownOutcome

__all__ = [
    "SPAN",
    "Disagreement",
    "brier",
    "calibration_line",
    "disagreement",
    "null_brier",
    "smooth",
]

SPAN = 0.75
"""Share of the femora within the window of the smoother: the default of loess in R."""

_MOST_POINTS = 100  # at which the smoother is evaluated; it is linear between them
_NO_SPREAD = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Absolute differences between predicted and smoothed observed probabilities.

    Attributes
    ----------
    ici, e50, e90 : float
        Mean, median and 90 % quantile.
    """

    ici: float
    e50: float
    e90: float


def calibration_line(predicted: FloatArray, known: KnownOutcome) -> tuple[float, float]:
    """Return intercept and slope of calibration, NaN where no finite ones fit.

    The intercept is that of a slope of one: in log odds, above 0 where more broke than predicted.
    """
    x, y = logit(predicted), known.fractured.astype(float)
    ones = np.ones((len(x), 1))
    try:
        intercept = fit_logistic(ones, y, known.weight, offset=x).coefficients[0]
    except SeparatedOutcomesError:
        intercept = np.nan
    try:
        slope = fit_logistic(np.column_stack([ones, x]), y, known.weight).coefficients[1]
    except SeparatedOutcomesError:
        slope = np.nan
    return float(intercept), float(slope)


def brier(predicted: FloatArray, known: KnownOutcome) -> float:
    """Return the mean squared error of probabilities, weighted for censoring."""
    return float(np.mean(known.weight * (predicted - known.fractured) ** 2))


def null_brier(known: KnownOutcome) -> float:
    """Return the Brier score of the observed share of fractures as everybody's probability."""
    share = np.average(known.fractured, weights=known.weight)
    return brier(np.full(len(known.weight), share), known)


def disagreement(predicted: FloatArray, known: KnownOutcome) -> Disagreement:
    """Return ICI, E50 and E90 by local linear regression of the outcome on the prediction.

    References
    ----------
    Austin and Steyerberg, Stat Med 2019;38:4051, doi:10.1002/sim.8281
    """
    points = np.unique(predicted)
    if points.size > _MOST_POINTS:
        points = np.unique(np.quantile(predicted, np.linspace(0.0, 1.0, _MOST_POINTS)))
    observed = smooth(predicted, known.fractured.astype(float), known.weight, points)
    difference = np.abs(np.interp(predicted, points, observed) - predicted)
    e50, e90 = np.quantile(difference, (0.5, 0.9))
    return Disagreement(ici=float(difference.mean()), e50=float(e50), e90=float(e90))


def smooth(x: FloatArray, y: FloatArray, weight: FloatArray, points: FloatArray) -> FloatArray:
    """Return a local linear regression with tricube weights, without robustness steps.

    Parameters
    ----------
    x, y, weight : (n,)
        What is smoothed over what, and the weight of each row.
    points : (m,)
        Where the smooth curve is wanted.

    Returns
    -------
    (m,)
        The curve.

    References
    ----------
    Cleveland, J Am Stat Assoc 1979;74:829, doi:10.1080/01621459.1979.10481038
    """
    held = weight > 0.0
    x, y, weight = x[held], y[held], weight[held]
    offset = x - points[:, None]
    distance = np.abs(offset)
    nearest = min(len(x), max(2, round(SPAN * len(x)))) - 1
    width = np.partition(distance, nearest, axis=1)[:, nearest : nearest + 1]
    near = np.clip(1.0 - (distance / np.maximum(width, _NO_SPREAD)) ** 3, 0.0, None) ** 3 * weight
    total = near.sum(axis=1)
    mean_x, mean_y = (near * offset).sum(axis=1) / total, near @ y / total
    spread = (near * offset**2).sum(axis=1) / total - mean_x**2
    joint = (near * offset) @ y / total - mean_x * mean_y
    slope = np.divide(joint, spread, out=np.zeros_like(joint), where=spread > _NO_SPREAD)
    return np.asarray(mean_y - slope * mean_x)
