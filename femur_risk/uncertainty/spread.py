"""From the changes of a result to its interval and the share of each source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import NORMAL_95, FloatArray, check_shape
from femur_fea.errors import OutOfRangeError

__all__ = ["Spread", "first_order_spread", "sampled_spread"]

_TAIL = 0.05  # on either side of a 90 % interval
_FEWEST = 20  # samples: below, an end of the interval lies outside all of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far a positive result spreads, relative to what it is without any uncertainty.

    Attributes
    ----------
    sd : float, dimensionless
        Standard deviation of its logarithm.
    low, high : float, dimensionless
        Ends of the 90 % interval over the result.
    shares : mapping of str to float
        Share of each source in the variance of the logarithm; they add to one, or are all zero
        where nothing moves the result.
    sampling_error : (2,) or None
        Standard error of either end, relative, for want of samples; None where none were drawn.
    explained : float or None
        Share of the variance that is linear in the sources, from which the shares are taken; None
        where linearity is assumed.
    """

    sd: float
    low: float
    high: float
    shares: Mapping[str, float]
    sampling_error: tuple[float, float] | None = None
    explained: float | None = None


def first_order_spread(changes: Mapping[str, FloatArray]) -> Spread:
    r"""Return the spread of a result whose logarithm is linear in normal parameters.

    Parameters
    ----------
    changes : mapping of str to (n_parameters, 2)
        By source: logarithm of the result with each of its parameters one standard deviation up,
        and down, the others at rest.

    Notes
    -----
    With :math:`a_j` half the difference of the two, the variance is :math:`\sum_j a_j^2`.
    """
    variance = {
        name: float((0.25 * (ends[:, 0] - ends[:, 1]) ** 2).sum()) for name, ends in changes.items()
    }
    sd = float(np.sqrt(sum(variance.values())))
    return Spread(
        sd=sd,
        low=float(np.exp(-NORMAL_95 * sd)),
        high=float(np.exp(NORMAL_95 * sd)),
        shares=_shares(variance),
    )


def sampled_spread(logarithm: FloatArray, values: FloatArray, owners: Sequence[str]) -> Spread:
    r"""Return the spread of a result that was computed for samples of all parameters together.

    Parameters
    ----------
    logarithm : (n,)
        Logarithm of the result of each sample over that without any uncertainty.
    values : (n, n_parameters)
        Parameters of each sample.
    owners : sequence of str
        Source of each parameter.

    Raises
    ------
    OutOfRangeError
        If there are fewer than 20 samples.

    Notes
    -----
    Shares come from least squares of the logarithm on the parameters, the square of each
    coefficient times the variance of its parameter. The standard error of an end is half the
    distance of the order statistics :math:`n p \pm \sqrt{n p (1 - p)}`, that of independent
    samples; a Latin hypercube has less.
    """
    n_samples = len(logarithm)
    if n_samples < _FEWEST:
        raise OutOfRangeError(
            found=f"{n_samples} samples",
            expected=f"{_FEWEST} or more, so that the interval ends among them",
            remedy="draw more samples",
        )
    check_shape("values", values, (n_samples, len(owners)))
    slopes, explained = _regression(logarithm, values)
    variance = dict.fromkeys(owners, 0.0)
    for owner, slope, column in zip(owners, slopes, values.T, strict=True):
        variance[owner] += float(slope**2 * column.var())
    low, high = np.exp(np.quantile(logarithm, [_TAIL, 1.0 - _TAIL]))
    ordered = np.sort(logarithm)
    return Spread(
        sd=float(logarithm.std(ddof=1)),
        low=float(low),
        high=float(high),
        shares=_shares(variance),
        sampling_error=(_end_error(ordered, _TAIL), _end_error(ordered, 1.0 - _TAIL)),
        explained=explained,
    )


def _regression(logarithm: FloatArray, values: FloatArray) -> tuple[FloatArray, float]:
    """Return the slopes of a linear fit, and the share of the variance that it explains."""
    columns = np.column_stack([np.ones(len(values)), values])
    coefficients = np.linalg.lstsq(columns, logarithm, rcond=None)[0]
    total = float(logarithm.var())
    left = float((logarithm - columns @ coefficients).var())
    return coefficients[1:], 1.0 - left / total if total > 0.0 else 1.0


def _end_error(ordered: FloatArray, share: float) -> float:
    """Return half the distance of the order statistics one standard error round a quantile."""
    n = len(ordered)
    ranks = n * share + np.sqrt(n * share * (1.0 - share)) * np.array([-1.0, 1.0])
    low, high = np.interp(ranks - 0.5, np.arange(n), ordered)
    return float(0.5 * (high - low))


def _shares(variance: Mapping[str, float]) -> dict[str, float]:
    total = sum(variance.values())
    return {name: value / total if total > 0.0 else 0.0 for name, value in variance.items()}
