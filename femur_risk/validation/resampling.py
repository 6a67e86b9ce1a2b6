"""Intervals by drawing patients, with all their femora, anew."""

from collections.abc import Callable, Mapping

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from femur_risk.validation.evidence import Evidence

__all__ = ["Measures", "draws", "interval", "replicates"]

type Measures = Mapping[str, FloatArray | float]

_ENDS = (0.05, 0.95)
_ENOUGH = 0.9  # of the resamples have to have a value


def draws(patients: IntArray, n: int, *, rng: np.random.Generator) -> list[IntArray]:
    """Return the rows of each of n resamples of patients."""
    names, place = np.unique(patients, return_inverse=True)
    rows = np.argsort(place, kind="stable")
    ends = np.cumsum(np.bincount(place))
    of_patient = np.split(rows, ends[:-1])
    return [
        np.concatenate([of_patient[k] for k in rng.integers(len(names), size=len(names))])
        for _ in range(n)
    ]


def replicates(
    evidence: Evidence, measure: Callable[[Evidence], Measures], rows: list[IntArray]
) -> dict[str, FloatArray]:
    """Return what is measured on each resample, by name, shape (n_resamples, ...)."""
    found = [measure(evidence.take(chosen)) for chosen in rows]
    return {name: np.array([each[name] for each in found]) for name in found[0]} if found else {}


def interval(drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the 90 % interval by percentiles.

    NaN where too many resamples have no value, and where all have the same one: nine right of nine
    are nine of nine in every resample, which tells nothing of how sure they are.
    """
    if drawn.size == 0:  # of no time: nothing to have an interval
        return np.empty(drawn.shape[1:]), np.empty(drawn.shape[1:])
    known = np.isfinite(drawn)
    enough = known.mean(axis=0) >= _ENOUGH
    filled = np.where(enough, np.where(known, drawn, np.nan), 0.0)
    low, high = np.nanquantile(filled, _ENDS, axis=0)
    tells = enough & (np.nanmin(filled, axis=0) < np.nanmax(filled, axis=0))
    return np.where(tells, low, np.nan), np.where(tells, high, np.nan)
