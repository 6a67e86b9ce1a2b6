"""Means of correlated values, and how well they are known."""

import numpy as np
import pytest

from calibration.measurement import mean_of_slices
from femur_fea.errors import CalibrationError


def correlated(rng: np.random.Generator, n: int, memory: float) -> np.ndarray:
    """Return values of mean zero and variance one, each `memory` times the last one and noise."""
    values = rng.standard_normal(n)
    for k in range(1, n):
        values[k] = memory * values[k - 1] + np.sqrt(1.0 - memory**2) * values[k]
    return values


@pytest.mark.parametrize(
    ("memory", "n_slices"), [(0.0, 25), (0.0, 60), (0.4, 60), (0.4, 150), (0.7, 150)]
)
def test_the_90_percent_interval_of_a_mean_covers_the_truth_whatever_the_correlation(
    memory: float, n_slices: int
) -> None:
    rng = np.random.default_rng(1)
    results = [mean_of_slices(correlated(rng, n_slices, memory), name="A") for _ in range(1000)]
    covered = np.mean([abs(mean) < 1.645 * error for mean, error in results])
    # 0.86 to 0.94 over 2000 draws, as the docstring says, because the correlation time is itself
    # estimated; and three binomial standard deviations of 1000 draws, 0.028
    assert covered == pytest.approx(0.9, abs=0.04 + 0.028)


def test_correlated_noise_gives_a_larger_error_than_the_scatter_of_slices_alone() -> None:
    values = correlated(np.random.default_rng(2), 400, 0.8)
    _, error = mean_of_slices(values, name="A")
    # the variance of the mean of such a sequence is (1 + 0.8) / (1 - 0.8) times that of white noise
    assert error == pytest.approx(3.0 * values.std() / 20.0, rel=0.4)


def test_fewer_than_five_slices_are_refused() -> None:
    with pytest.raises(CalibrationError, match="4 slice"):
        mean_of_slices(np.ones(4), name="A")
