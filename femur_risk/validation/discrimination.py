"""How well predictions rank femora that break above those that do not."""

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.validation.outcome import DIED, FRACTURED, KnownOutcome, Outcome

__all__ = ["auprc", "auroc", "harrell_c", "ipcw_c"]


def auroc(values: FloatArray, known: KnownOutcome) -> float:
    """Return the area under the receiver operating characteristic; NaN without both classes.

    With the weights of censored data it is the cumulative/dynamic area at that time.
    """
    level, fractured, whole = _by_value(values, known)
    below = np.cumsum(whole) - whole
    area = (fractured * (below + 0.5 * whole)).sum()
    pairs = fractured.sum() * whole.sum()
    return float(area / pairs) if pairs > 0.0 and level.size else float("nan")


def auprc(values: FloatArray, known: KnownOutcome) -> float:
    """Return the average precision: the area under steps of precision over recall."""
    _, fractured, whole = _by_value(values, known)
    found, called = np.cumsum(fractured[::-1]), np.cumsum((fractured + whole)[::-1])
    if not found.size or found[-1] == 0.0:
        return float("nan")
    precision = np.divide(found, called, out=np.zeros_like(found), where=called > 0.0)
    return float((precision * fractured[::-1]).sum() / found[-1])


def harrell_c(values: FloatArray, outcome: Outcome) -> float:
    """Return the share of pairs, of those whose order is known, that is ranked rightly.

    Who died without a fracture is taken as followed for ever. NaN without times or such a pair.
    """
    from sksurv.exceptions import NoComparablePairException
    from sksurv.metrics import concordance_index_censored

    if outcome.time_days is None or not (outcome.event == FRACTURED).any():
        return float("nan")
    event, times = outcome.event == FRACTURED, _deaths_last(outcome)
    try:
        return float(concordance_index_censored(event, times, values)[0])
    except NoComparablePairException:
        return float("nan")


def ipcw_c(values: FloatArray, outcome: Outcome) -> float:
    """Return Uno's C up to the horizon, which does not depend on how many were censored."""
    from sksurv.exceptions import NoComparablePairException
    from sksurv.metrics import concordance_index_ipcw
    from sksurv.util import Surv

    if outcome.time_days is None:
        return float("nan")
    event = outcome.event == FRACTURED
    if not (event & (outcome.time_days < outcome.horizon_days)).any():
        return float("nan")
    uncensored = Surv.from_arrays(outcome.event > 0, outcome.time_days)
    ranked = Surv.from_arrays(event, _deaths_last(outcome))
    try:
        found = concordance_index_ipcw(uncensored, ranked, values, tau=outcome.horizon_days)
    except NoComparablePairException:
        return float("nan")
    return float(found[0])


def _deaths_last(outcome: Outcome) -> FloatArray:
    """Return times with those of deaths moved to the end of follow-up."""
    assert outcome.time_days is not None
    return np.where(outcome.event == DIED, outcome.time_days.max(), outcome.time_days)


def _by_value(values: FloatArray, known: KnownOutcome) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return distinct values, upwards, with the weights of fractured and whole femora at each."""
    level, place = np.unique(values, return_inverse=True)
    fractured = np.bincount(place, known.weight * known.fractured, minlength=level.size)
    whole = np.bincount(place, known.weight * ~known.fractured, minlength=level.size)
    return level, fractured, whole
