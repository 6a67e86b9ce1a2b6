"""Intervals of a share, which resamples make too short where it is near 0 or 1."""

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_risk.validation.record import Estimate

__all__ = ["with_exact_interval"]

_TAIL = 0.05  # on either side of a 90 % interval


def with_exact_interval(found: Estimate, chosen: BoolArray, weight: FloatArray) -> Estimate:
    r"""Return a share with an interval that holds the exact binomial one.

    Parameters
    ----------
    found : Estimate
        The share of `weight` that is chosen, with its interval by resamples.
    chosen : (n,)
        Which femora count.
    weight : (n,)
        Of each of them, 0 for those that are not looked at. Weights that differ count as
        :math:`(\sum w)^2 / \sum w^2` femora.

    References
    ----------
    Clopper and Pearson, Biometrika 1934;26:404; number of femora: Kish, Survey Sampling, 1965
    """
    from scipy.special import betaincinv

    if found.value is None:
        return found
    n = float(weight.sum() ** 2 / np.sum(weight**2))
    k = n * float(weight[chosen].sum() / weight.sum())
    low = 0.0 if k <= 0.0 else float(betaincinv(k, n - k + 1.0, _TAIL))
    high = 1.0 if n - k <= 1e-9 * n else float(betaincinv(k + 1.0, n - k, 1.0 - _TAIL))
    if found.interval_90 is not None:
        low, high = min(low, found.interval_90[0]), max(high, found.interval_90[1])
    return Estimate(value=found.value, interval_90=(low, high))
