"""Intervals and shares against closed forms."""

import math

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError
from femur_risk.uncertainty import (
    UncertainSource,
    first_order_spread,
    latin_hypercube,
    sampled_spread,
)

Z95 = 1.6448536269514722  # 95 % quantile of the standard normal distribution, tables


def _ends(*slopes: float) -> np.ndarray:
    return np.array([[slope, -slope] for slope in slopes])


def _normal(n: int, m: int, seed: int) -> np.ndarray:
    from scipy.special import ndtri

    return np.asarray(ndtri(latin_hypercube(n, m, rng=np.random.default_rng(seed))))


def test_a_power_of_density_has_its_exponent_times_the_scatter_of_density() -> None:
    exponent, scatter = 1.49, 0.15
    found = first_order_spread({"calibration": _ends(exponent * scatter)})
    assert found.sd == pytest.approx(exponent * scatter, rel=1e-12)  # round-off
    assert found.high == pytest.approx(math.exp(Z95 * exponent * scatter), rel=1e-12)
    assert found.low == pytest.approx(1.0 / found.high, rel=1e-12)


def test_variances_of_sources_add_and_their_shares_add_to_one() -> None:
    found = first_order_spread({"law": _ends(0.3), "line": _ends(0.0, 0.4), "none": _ends(0.0)})
    assert found.sd == pytest.approx(0.5, rel=1e-12)  # 3, 4, 5
    assert found.shares == pytest.approx({"law": 0.36, "line": 0.64, "none": 0.0}, rel=1e-12)


def test_a_result_that_nothing_moves_has_an_interval_of_no_width_and_no_shares() -> None:
    found = first_order_spread({"law": _ends(0.0)})
    assert (found.low, found.high) == (1.0, 1.0)
    assert found.shares == {"law": 0.0}


def test_half_the_difference_of_both_ends_is_free_of_curvature() -> None:
    slope, curvature = 0.2, 0.1
    ends = np.array([[slope + curvature, -slope + curvature]])
    assert first_order_spread({"x": ends}).sd == pytest.approx(slope, rel=1e-12)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_samples_agree_with_first_order_where_it_is_exact(seed: int) -> None:
    slopes = np.array([0.3, 0.1, 0.05])
    values = _normal(400, 3, seed)
    found = sampled_spread(values @ slopes, values, ["law", "line", "line"])
    exact = first_order_spread({"law": _ends(0.3), "line": _ends(0.1, 0.05)})
    assert found.sampling_error is not None
    # three standard errors, as the samples state them for either end
    assert abs(math.log(found.low / exact.low)) < 3.0 * found.sampling_error[0]
    assert abs(math.log(found.high / exact.high)) < 3.0 * found.sampling_error[1]
    # the variance of a column of a Latin hypercube of 400 is that of its distribution within 1 %
    assert found.shares == pytest.approx(exact.shares, abs=0.01)
    assert found.explained == pytest.approx(1.0, abs=1e-9)  # round-off


def test_the_stated_sampling_error_is_that_of_repeated_samples() -> None:
    rng = np.random.default_rng(7)
    repeats = [rng.normal(0.0, 0.2, (200, 1)) for _ in range(300)]
    found = [sampled_spread(values[:, 0], values, ["x"]) for values in repeats]
    ends = np.log([spread.high for spread in found])
    stated = np.mean([spread.sampling_error[1] for spread in found if spread.sampling_error])
    # 300 repeats give a standard deviation within 4 %; order statistics of 200 are coarser
    assert stated == pytest.approx(float(ends.std()), rel=0.2)


def test_what_is_not_linear_in_the_sources_is_told() -> None:
    values = _normal(400, 1, 0)
    found = sampled_spread(values[:, 0] ** 2, values, ["x"])
    assert found.explained is not None
    assert found.explained < 0.1  # a square of a normal variable is uncorrelated with it


def test_too_few_samples_are_refused() -> None:
    with pytest.raises(OutOfRangeError, match="19 samples"):
        sampled_spread(np.zeros(19), np.zeros((19, 1)), ["x"])


def test_every_parameter_has_one_sample_in_each_part_of_its_distribution() -> None:
    found = latin_hypercube(50, 3, rng=np.random.default_rng(0))
    for column in found.T:
        assert sorted(np.floor(50.0 * column).astype(int)) == list(range(50))
    assert ((found > 0.0) & (found < 1.0)).all()


def test_the_same_seed_draws_the_same_samples_and_another_one_others() -> None:
    draws = [latin_hypercube(50, 3, rng=np.random.default_rng(seed)) for seed in (3, 3, 4)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0], draws[2])


@pytest.mark.parametrize("sd", [-0.1, math.nan, math.inf])
def test_a_standard_deviation_is_a_number_from_zero(sd: float) -> None:
    with pytest.raises(OutOfRangeError):
        UncertainSource(
            name="x", sd=sd, unit="", provenance="user", source="a test", effect=lambda _: {}
        )
