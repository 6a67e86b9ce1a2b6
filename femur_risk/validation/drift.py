"""How far patients are from the population that a model was trained on."""

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.validation.audit import ALARM_LEVEL, holm
from femur_risk.validation.estimates import estimate
from femur_risk.validation.evidence import Evidence
from femur_risk.validation.outcome import known_at
from femur_risk.validation.performance import Resampling
from femur_risk.validation.population import Binned, Population, Variables, variables_of
from femur_risk.validation.record import DriftRecord, DriftVariable

__all__ = ["NOTICEABLE", "drift", "stability_index"]

NOTICEABLE = 0.1
"""Stability index that counts as a shift: a convention of credit scoring, unverified."""

_HALF = 0.5  # of a patient in every bin, so that an empty one does not make the index infinite
_RULE = (
    "Bins are fifths of the training population, or its levels; patients are counted once. A "
    f"variable has drifted where p of the chi-square test, adjusted by Holm's method, is below "
    f"{ALARM_LEVEL:g} and the population stability index above {NOTICEABLE:g}, a convention. "
    "Chance alone makes an index above 0, so that an interval can lie above its value."
)


def drift(evidence: Evidence, training: Population, resampling: Resampling) -> DriftRecord:
    """Return how far the patients are from a training population.

    Parameters
    ----------
    evidence : Evidence
        The patients at hand.
    training : Population
        Those that the model was trained on.
    resampling : Resampling
        For the intervals: counts of both populations are drawn anew.
    """
    variables = variables_of(evidence)
    shared = [each for each in training.variables if each.name in variables]
    counts = [np.array(each.count(variables[each.name])) for each in shared]
    adjusted = holm(
        [_p_same(now, np.array(each.counts)) for now, each in zip(counts, shared, strict=True)]
    )
    rng = np.random.default_rng(resampling.seed)
    rows = tuple(
        _row(each, now, p, resampling.n, rng)
        for each, now, p in zip(shared, counts, adjusted, strict=True)
    )
    return DriftRecord(
        rule=_RULE,
        n=len(np.unique(evidence.patients)),
        n_fractured=known_at(evidence.outcome).n_fractured,
        not_compared=_in_one_only(training, variables),
        variables=rows,
    )


def stability_index(now: FloatArray, training: FloatArray) -> float:
    """Return the sum of (p - q) ln(p / q) over bins, with half a patient more in each."""
    p, q = ((counts + _HALF) / (counts.sum() + _HALF * len(counts)) for counts in (now, training))
    return float(np.sum((p - q) * np.log(p / q)))


def _row(
    of: Binned, now: FloatArray, p: float | None, resamples: int, rng: np.random.Generator
) -> DriftVariable:
    training = np.array(of.counts)
    drawn = np.array(
        [stability_index(_drawn(now, rng), _drawn(training, rng)) for _ in range(resamples)]
    )
    index = stability_index(now, training)
    return DriftVariable(
        name=of.name,
        n=int(now.sum()),
        n_training=int(training.sum()),
        bins=of.bins,
        share=_shares(now),
        share_training=_shares(training),
        stability_index=estimate(index, drawn)[0],
        p_adjusted=p,
        drifted=p is not None and p < ALARM_LEVEL and index > NOTICEABLE,
    )


def _p_same(now: FloatArray, training: FloatArray) -> float | None:
    """Return p of the chi-square test of two rows of counts; None where there is one bin."""
    from scipy.stats import chi2_contingency

    table = np.array([now, training])
    table = table[:, table.sum(axis=0) > 0]
    if table.shape[1] < 2 or not table.sum(axis=1).all():
        return None
    return float(chi2_contingency(table, correction=False).pvalue)


def _drawn(counts: FloatArray, rng: np.random.Generator) -> FloatArray:
    total = int(counts.sum())
    return np.asarray(rng.multinomial(total, counts / total)) if total else counts


def _shares(counts: FloatArray) -> tuple[float, ...]:
    return tuple((counts / max(float(counts.sum()), 1.0)).tolist())


def _in_one_only(training: Population, variables: Variables) -> tuple[str, ...]:
    return tuple(sorted({each.name for each in training.variables} ^ set(variables)))
