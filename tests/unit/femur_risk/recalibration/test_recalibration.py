"""Recalibrations find the map that made the outcomes, and keep it in a file."""

import json
from pathlib import Path

import numpy as np
import pytest

from femur_fea.errors import InputError, MissingInputError
from femur_risk.errors import RecalibrationError
from femur_risk.recalibration import (
    METHODS,
    BayesMap,
    BetaMap,
    IsotonicMap,
    Method,
    PlattMap,
    Recalibration,
    chance,
    fit_logistic,
    fit_map,
    logit,
    read_recalibration,
    write_recalibration,
)

ROUND_OFF = 1e-8
P = np.linspace(0.02, 0.95, 60)


def _exact(share: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return predictions, outcomes and weights of femora of which exactly the share broke."""
    return np.tile(P, 2), np.repeat([1.0, 0.0], P.size), np.concatenate([share, 1.0 - share])


def test_platt_finds_the_line_of_log_odds_that_made_the_outcomes() -> None:
    found = fit_map("platt", *_exact(chance(0.4 + 0.7 * logit(P))))
    assert isinstance(found, PlattMap)
    assert (found.intercept, found.slope) == pytest.approx((0.4, 0.7), abs=ROUND_OFF)


def test_beta_finds_its_exponents() -> None:
    found = fit_map("beta", *_exact(chance(0.3 + 0.8 * np.log(P) - 1.4 * np.log(1.0 - P))))
    assert isinstance(found, BetaMap)
    assert (found.a, found.b, found.c) == pytest.approx((0.8, 1.4, 0.3), abs=ROUND_OFF)


def test_beta_leaves_out_an_exponent_below_0() -> None:
    found = fit_map("beta", *_exact(chance(0.3 - 0.3 * np.log(P) - 1.4 * np.log(1.0 - P))))
    assert isinstance(found, BetaMap)
    assert found.a == 0.0
    assert found.b > 0.0


def test_isotonic_gives_back_shares_that_rise() -> None:
    share = P**2
    p, y, w = _exact(share)
    found = fit_map("isotonic", p, y, w)
    least = 1.0 / (w.sum() + 2.0)
    assert found.apply(P) == pytest.approx(share.clip(least, 1.0 - least), abs=ROUND_OFF)


def test_isotonic_averages_where_shares_fall() -> None:
    p = np.repeat([0.2, 0.4, 0.6], 100)
    y = np.concatenate([np.arange(100) < n for n in (30, 10, 50)]).astype(float)
    found = fit_map("isotonic", p, y, np.ones(300))
    assert found.apply(np.array([0.1, 0.2, 0.4, 0.6, 0.9])) == pytest.approx(
        [0.2, 0.2, 0.2, 0.5, 0.5], abs=ROUND_OFF
    )


def test_bayes_is_near_the_prior_for_few_femora_and_near_platt_for_many() -> None:
    p, y, w = _exact(chance(1.0 + 0.5 * logit(P)))
    few, many = (fit_map("bayes", p, y, w * n) for n in (1e-6, 1e6))
    assert isinstance(few, BayesMap)
    assert isinstance(many, BayesMap)
    assert few.mean == pytest.approx((0.0, 1.0), abs=1e-4)
    assert many.mean == pytest.approx((1.0, 0.5), abs=1e-4)
    line = PlattMap(intercept=1.0, slope=0.5)
    assert many.apply(P) == pytest.approx(line.apply(P), abs=1e-4)


def test_a_posterior_of_one_coefficient_is_that_of_integration() -> None:
    # a normal prior on the intercept and 3 fractures of 10: the mode solves s(m) 10 + m/4 = 3
    y = np.array([1.0] * 3 + [0.0] * 7)
    fit = fit_logistic(
        np.ones((10, 1)), y, np.ones(10), prior_mean=np.zeros(1), prior_sd=np.full(1, 2.0)
    )
    (mode,) = fit.coefficients
    assert 10.0 * chance(np.array(mode)) + mode / 4.0 == pytest.approx(3.0, abs=ROUND_OFF)
    density = chance(np.array(mode)) * (1.0 - chance(np.array(mode)))
    assert fit.covariance[0, 0] == pytest.approx(1.0 / (10.0 * density + 0.25), abs=ROUND_OFF)


def test_a_mean_over_an_uncertain_line_is_that_of_many_draws() -> None:
    mean, covariance = (-0.5, 1.2), ((0.6, 0.1), (0.1, 0.2))
    found = BayesMap(prior_mean=mean, prior_sd=mean, mean=mean, covariance=covariance)
    rng = np.random.default_rng(1)
    drawn = rng.multivariate_normal(mean, covariance, 200_000)
    p = np.array([0.05, 0.3, 0.8])
    expected = chance(drawn[:, :1] + drawn[:, 1:] * logit(p)).mean(axis=0)
    assert found.apply(p) == pytest.approx(expected, abs=2e-3)  # 4 errors of the mean


@pytest.mark.parametrize("method", METHODS)
def test_who_is_not_known_does_not_count(method: Method) -> None:
    p, y, w = _exact(chance(0.2 + 0.9 * logit(P)))
    with_them = fit_map(method, np.append(p, 0.5), np.append(y, 1.0), np.append(w, 0.0))
    assert with_them == fit_map(method, p, y, w)


@pytest.mark.parametrize("method", ["platt", "bayes"])
def test_a_line_that_falls_is_refused(method: Method) -> None:
    with pytest.raises(RecalibrationError, match="slope"):
        fit_map(method, *_exact(chance(-1.0 - 0.8 * logit(P))))


def test_isotonic_is_never_certain() -> None:
    p = np.linspace(0.05, 0.95, 200)
    found = fit_map("isotonic", p, (p > 0.5).astype(float), np.ones(200))
    assert found.apply(np.array([0.01, 0.99])) == pytest.approx([1 / 202, 201 / 202])


@pytest.mark.parametrize("method", ["platt", "isotonic", "beta"])
def test_too_few_fractures_are_refused(method: Method) -> None:
    y = np.zeros(100)
    y[:4] = 1.0
    with pytest.raises(RecalibrationError, match="4 femora in the smaller class"):
        fit_map(method, np.linspace(0.1, 0.9, 100), y, np.ones(100))


@pytest.mark.parametrize("method", METHODS)
def test_a_recalibration_is_the_same_from_its_file(method: Method, tmp_path: Path) -> None:
    made = Recalibration(
        mapping=fit_map(method, *_exact(chance(0.2 + 0.9 * logit(P)))),
        prediction="probability_engine",
        horizon_days=182.0,
        n=120,
        n_operated=0,
        n_fractured=50,
        simulated=True,
        deaths="competing",
        model="bologna-0.1.0-00000000",
        fitted_range=(0.02, 0.95),
        draws=(PlattMap(intercept=0.1, slope=0.9),) * 20,
        table_sha256="0" * 64,
        software_version="0.1.0",
    )
    write_recalibration(made, tmp_path / "recalibration.json")
    read = read_recalibration(tmp_path / "recalibration.json")
    assert read == made
    assert np.array_equal(read.apply(P), made.apply(P))


def test_a_file_that_is_no_recalibration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "recalibration.json"
    with pytest.raises(MissingInputError):
        read_recalibration(path)
    path.write_text("[]")
    with pytest.raises(InputError):
        read_recalibration(path)
    path.write_text(json.dumps({"schema_version": 1}))
    with pytest.raises(RecalibrationError, match="schema_version"):
        read_recalibration(path)


def test_isotonic_steps_do_not_fall() -> None:
    with pytest.raises(ValueError, match="fall"):
        IsotonicMap(predicted=(0.1, 0.2), observed=(0.5, 0.4))
