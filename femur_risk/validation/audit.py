"""Whether the engine is wrong in another way in one subgroup than in the rest."""

from collections.abc import Sequence

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray
from femur_risk.errors import SeparatedOutcomesError
from femur_risk.recalibration import chance, fit_logistic, logit
from femur_risk.validation.outcome import KnownOutcome

__all__ = ["ALARM_LEVEL", "holm", "p_calibration", "p_discrimination"]

ALARM_LEVEL = 0.05
"""Probability of any false alarm in a whole audit."""


def p_calibration(
    predicted: FloatArray, known: KnownOutcome, member: BoolArray, patients: IntArray
) -> float | None:
    """Return how probable so large a shift of observed log odds in a subgroup is by chance.

    Parameters
    ----------
    predicted : (n,)
        Probabilities of the engine.
    known : KnownOutcome
        What became of all femora.
    member : (n,)
        Femora of the subgroup.
    patients : (n,)
        Number of the patient.

    Returns
    -------
    float or None
        p of a score test, robust to two femora of a patient; None where it cannot be computed.

    Notes
    -----
    The null model is a recalibration of the whole, logit P = a + b logit p: being wrong
    everywhere alike is no finding of an audit, and is shown by slope and intercept.
    """
    x = logit(predicted)
    null = np.column_stack([np.ones_like(x), x])
    return _p_of_score(null, member.astype(float), known, patients)


def p_discrimination(
    predicted: FloatArray, known: KnownOutcome, member: BoolArray, patients: IntArray
) -> float | None:
    """Return how probable so different a slope of calibration in a subgroup is by chance.

    Areas under curves are not compared: they differ with the mix of cases where nothing is wrong.
    """
    x = logit(predicted)
    null = np.column_stack([np.ones_like(x), x, member.astype(float)])
    return _p_of_score(null, member * x, known, patients)


def holm(p: Sequence[float | None]) -> list[float | None]:
    """Return p adjusted for the number of tests; None stays None.

    References
    ----------
    Holm, Scand J Stat 1979;6:65
    """
    tested = sorted((value, k) for k, value in enumerate(p) if value is not None)
    adjusted: list[float | None] = [None] * len(p)
    largest = 0.0
    for rank, (value, k) in enumerate(tested):
        largest = max(largest, min(1.0, value * (len(tested) - rank)))
        adjusted[k] = largest
    return adjusted


def _p_of_score(
    null: FloatArray, added: FloatArray, known: KnownOutcome, patients: IntArray
) -> float | None:
    """Return p of the robust score test that a covariate adds nothing to a logistic model.

    References
    ----------
    Boos, Am Stat 1992;46:327, doi:10.1080/00031305.1992.10475921
    """
    from scipy.special import erfc

    y = known.fractured.astype(float)
    try:
        fit = fit_logistic(null, y, known.weight)
    except SeparatedOutcomesError:
        return None
    expected = chance(null @ fit.coefficients)
    spread = known.weight * expected * (1.0 - expected)
    explained = null @ (fit.covariance @ (null.T @ (spread * added)))
    score = (added - explained) * known.weight * (y - expected)
    by_patient = np.bincount(np.unique(patients, return_inverse=True)[1], score)
    deviation = float(np.sqrt(np.sum(by_patient**2)))
    if deviation == 0.0:
        return None
    return float(erfc(abs(by_patient.sum()) / deviation / np.sqrt(2.0)))
