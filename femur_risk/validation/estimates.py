"""Measured values and their replicates as the estimates of a record."""

from collections.abc import Mapping

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.validation.record import Estimate
from femur_risk.validation.resampling import Measures, interval

__all__ = ["estimate", "estimates"]


def estimates(measured: Measures, drawn: Mapping[str, FloatArray]) -> dict[str, list[Estimate]]:
    """Return the estimates of each measure, a list where it is an array."""
    return {name: estimate(value, drawn.get(name)) for name, value in measured.items()}


def estimate(value: FloatArray | float, drawn: FloatArray | None) -> list[Estimate]:
    """Return the estimates of one measure; without resamples they have no interval."""
    values = np.atleast_1d(np.asarray(value, dtype=float))
    if drawn is None:
        low = high = np.full(values.shape, np.nan)
    else:
        low, high = interval(drawn.reshape(len(drawn), -1))
    return [_one(*each) for each in zip(values, low, high, strict=True)]


def _one(value: float, low: float, high: float) -> Estimate:
    ends = (float(low), float(high)) if np.isfinite([value, low, high]).all() else None
    return Estimate(value=float(value) if np.isfinite(value) else None, interval_90=ends)
