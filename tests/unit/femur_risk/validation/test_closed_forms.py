"""Cases that can be computed by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_risk.validation.audit import holm
from femur_risk.validation.benefit import decisions, net_benefit, net_reclassification
from femur_risk.validation.calibration import (
    brier,
    calibration_line,
    disagreement,
    null_brier,
    smooth,
)
from femur_risk.validation.discrimination import auprc, auroc, harrell_c, ipcw_c
from femur_risk.validation.evidence import Predictor
from femur_risk.validation.outcome import (
    CENSORED,
    DIED,
    FRACTURED,
    KnownOutcome,
    Outcome,
    fracture_share,
    known_at,
    tied_share,
)
from femur_risk.validation.proportion import with_exact_interval
from femur_risk.validation.record import Estimate
from femur_risk.validation.resampling import draws, interval

ROUND_OFF = 1e-9
STEPS = np.arange(1, 10) / 10.0

type Known = Callable[..., KnownOutcome]


def _grouped(predicted: np.ndarray, share: np.ndarray, each: int) -> tuple[np.ndarray, list[int]]:
    """Return `each` femora at every prediction, of which the share broke."""
    broke = [k < round(each * part) for part in share for k in range(each)]
    return np.repeat(predicted, each), [int(one) for one in broke]


def test_calibration_is_perfect_where_shares_are_what_was_predicted(known: Known) -> None:
    predicted, broke = _grouped(STEPS, STEPS, 10)
    apart = disagreement(predicted, known(broke))
    assert (apart.ici, apart.e50, apart.e90) == pytest.approx((0.0, 0.0, 0.0), abs=ROUND_OFF)
    assert calibration_line(predicted, known(broke)) == pytest.approx((0.0, 1.0), abs=ROUND_OFF)


def test_disagreement_of_a_straight_curve_is_the_distance_of_the_lines(known: Known) -> None:
    observed = 0.1 + 0.5 * STEPS
    predicted, broke = _grouped(STEPS, observed, 20)
    apart = disagreement(predicted, known(broke))
    distance = np.abs(observed - STEPS)
    assert apart.ici == pytest.approx(distance.mean(), abs=ROUND_OFF)
    assert apart.e50 == pytest.approx(np.median(distance), abs=ROUND_OFF)
    assert apart.e90 == pytest.approx(np.quantile(np.repeat(distance, 20), 0.9), abs=ROUND_OFF)


def test_the_slope_is_that_of_the_log_odds(known: Known) -> None:
    # two predictions p of logits -a and a; shares broken of logits 0.5 - 0.5 a and 0.5 + 0.5 a
    low, high = 0.2, 0.8
    a = np.log(high / low)
    shares = 1.0 / (1.0 + np.exp(-0.5 - 0.5 * np.array([-a, a])))
    known_by_share = known([1, 0, 1, 0], [shares[0], 1 - shares[0], shares[1], 1 - shares[1]])
    _, slope = calibration_line(np.array([low, low, high, high]), known_by_share)
    assert slope == pytest.approx(0.5, abs=ROUND_OFF)


def test_the_intercept_is_the_shift_of_log_odds_where_all_predictions_are_one(known: Known) -> None:
    broke = [1] * 3 + [0] * 7
    intercept, slope = calibration_line(np.full(10, 0.1), known(broke))
    assert intercept == pytest.approx(np.log(3 / 7) - np.log(1 / 9), abs=ROUND_OFF)
    assert np.isnan(slope)


def test_outcomes_that_are_told_apart_without_a_mistake_have_no_slope(known: Known) -> None:
    _, slope = calibration_line(np.array([0.1, 0.2, 0.8, 0.9]), known([0, 0, 1, 1]))
    assert np.isnan(slope)


def test_a_femur_of_no_weight_does_not_bend_the_smooth_curve(rng: np.random.Generator) -> None:
    x, y = rng.random(50), rng.random(50)
    weight = np.ones(51)
    weight[-1] = 0.0
    points = np.linspace(0.0, 1.0, 5)
    with_it = smooth(np.append(x, 0.5), np.append(y, 1e6), weight, points)
    assert with_it == pytest.approx(smooth(x, y, weight[:-1], points), abs=ROUND_OFF)


def test_the_brier_score_of_the_observed_share_is_its_variance(known: Known) -> None:
    outcome = known([1, 1, 0, 0, 0, 0, 0, 0])
    assert null_brier(outcome) == pytest.approx(0.25 * 0.75, abs=ROUND_OFF)
    assert brier(outcome.fractured.astype(float), outcome) == 0.0


def test_net_benefit_weighs_needless_treatments_with_the_odds(known: Known) -> None:
    called = Predictor(
        name="probability_x", kind="probability", values=np.array([0.9, 0.3, 0.2, 0.1, 0.1])
    )
    found = net_benefit(called, known([1, 1, 0, 1, 0]), np.array([0.2, 0.5]))
    assert found == pytest.approx([2 / 5 - 1 / 5 * 0.25, 1 / 5], abs=ROUND_OFF)


def test_a_verdict_decides_alike_at_every_threshold_and_a_score_never() -> None:
    verdict = Predictor(name="verdict_x", kind="verdict", values=np.array([0.0, 1.0]))
    score = Predictor(name="score_x", kind="score", values=np.array([0.0, 1.0]))
    assert [decisions(verdict, t).tolist() for t in (0.01, 0.99)] == [[False, True]] * 2
    assert decisions(score, 0.5) is None


def test_reclassification_counts_who_moves_in_each_class(known: Known) -> None:
    # of 4 fractured: 2 up, 1 down, 1 stays; of 5 whole: 1 up, 3 down, 1 stays
    old = np.array([0, 0, 1, 1, 0, 1, 1, 1, 0], dtype=bool)
    new = np.array([1, 1, 0, 1, 1, 0, 0, 0, 0], dtype=bool)
    changed = net_reclassification(old, new, known([1, 1, 1, 1, 0, 0, 0, 0, 0]))
    assert changed.events == pytest.approx(2 / 4 - 1 / 4, abs=ROUND_OFF)
    assert changed.non_events == pytest.approx(3 / 5 - 1 / 5, abs=ROUND_OFF)
    assert changed.fractured.tolist() == [[0.0, 0.5], [0.25, 0.25]]


def test_ties_count_half_in_the_area(known: Known) -> None:
    assert auroc(np.array([1.0, 2.0, 2.0, 3.0]), known([0, 0, 1, 1])) == 0.875
    assert auprc(np.array([1.0, 1.0, 1.0, 1.0]), known([0, 0, 1, 1])) == 0.5


def test_holms_method_multiplies_the_smallest_p_by_the_number_of_tests() -> None:
    assert holm([0.04, None, 0.01, 0.02]) == pytest.approx([0.04, None, 0.03, 0.04])


def test_a_femur_lost_before_the_horizon_gives_its_weight_to_the_others() -> None:
    # of four, the first is lost at 10 days: the other three weigh 4/3 each
    outcome = Outcome(
        event=np.array([CENSORED, FRACTURED, DIED, CENSORED]),
        time_days=np.array([10.0, 20.0, 30.0, 200.0]),
        horizon_days=100.0,
    )
    known = known_at(outcome)
    assert known.weight == pytest.approx([0.0, 4 / 3, 4 / 3, 4 / 3], abs=ROUND_OFF)
    assert known.fractured.tolist() == [False, True, False, False]
    assert (known.n_fractured, known.n_whole) == (1, 2)


def test_who_was_followed_exactly_to_the_horizon_is_known_to_be_whole() -> None:
    outcome = Outcome(
        event=np.array([FRACTURED, CENSORED, CENSORED]),
        time_days=np.array([50.0, 100.0, 100.0]),
        horizon_days=100.0,
    )
    assert known_at(outcome).weight.tolist() == [1.0, 1.0, 1.0]


def test_a_fracture_on_the_day_on_which_all_others_are_lost_counts_once() -> None:
    outcome = Outcome(
        event=np.array([FRACTURED, FRACTURED, CENSORED]),
        time_days=np.array([50.0, 100.0, 100.0]),
        horizon_days=100.0,
    )
    assert known_at(outcome).weight.tolist() == [1.0, 1.0, 1.0]


def test_after_the_end_of_follow_up_nobody_is_known_to_be_whole() -> None:
    outcome = Outcome(
        event=np.array([FRACTURED, CENSORED]), time_days=np.array([50.0, 60.0]), horizon_days=100.0
    )
    known = known_at(outcome)
    assert (known.n_fractured, known.n_whole) == (1, 0)


def test_who_dies_early_at_low_risk_is_ranked_rightly_below_a_later_fracture() -> None:
    outcome = Outcome(
        event=np.array([DIED, FRACTURED, CENSORED]),
        time_days=np.array([5.0, 20.0, 200.0]),
        horizon_days=100.0,
    )
    for measure in (harrell_c, ipcw_c):
        assert measure(np.array([0.1, 0.9, 0.2]), outcome) == 1.0


def test_two_femora_of_a_patient_are_drawn_together(rng: np.random.Generator) -> None:
    patients = np.array([0, 1, 0, 2, 1])
    for rows in draws(patients, 20, rng=rng):
        counts = np.bincount(rows, minlength=5)
        assert (counts[0], counts[1]) == (counts[2], counts[4])


def test_an_interval_holds_nine_tenths_and_needs_most_resamples_to_have_a_value() -> None:
    drawn = np.linspace(0.0, 1.0, 101)
    low, high = interval(np.column_stack([drawn, np.where(drawn < 0.2, np.nan, drawn)]))
    assert (low[0], high[0]) == pytest.approx((0.05, 0.95))
    assert np.isnan(low[1])


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_deaths_as_censored_give_the_share_that_would_break_if_nobody_died() -> None:
    fracture, death, horizon, n = 1.0 / 300.0, 1.0 / 100.0, 182.0, 40_000
    rng = np.random.default_rng(3)
    broken, dead = rng.exponential(1.0 / fracture, n), rng.exponential(1.0 / death, n)
    time = np.minimum(np.minimum(broken, dead), horizon)
    event = np.where(time == horizon, CENSORED, np.where(broken < dead, FRACTURED, DIED))
    as_it_was = Outcome(event=event, time_days=time, horizon_days=horizon)
    alone = -np.expm1(-fracture * horizon)
    both = fracture / (fracture + death) * -np.expm1(-(fracture + death) * horizon)
    lost = as_it_was.with_deaths("censored")
    known = known_at(lost)
    # four standard errors: those of a share of n, and with deaths lost of the 16 % left at the end
    error = 4.0 * np.sqrt(0.25 / n)
    assert fracture_share(as_it_was.with_deaths("competing")) == pytest.approx(both, abs=error)
    assert fracture_share(lost) == pytest.approx(alone, abs=error / np.sqrt(0.16))
    weighted = np.average(known.fractured, weights=known.weight)
    assert weighted == pytest.approx(alone, abs=error / np.sqrt(0.16))


@pytest.mark.parametrize(("chosen", "n"), [(9, 9), (0, 7), (5, 20)])
def test_an_interval_of_a_share_is_the_exact_binomial_one(chosen: int, n: int) -> None:
    from scipy.stats import binomtest

    exact = binomtest(chosen, n).proportion_ci(0.9, method="exact")
    found = with_exact_interval(
        Estimate(value=chosen / n, interval_90=None), np.arange(n) < chosen, np.ones(n)
    )
    assert found.interval_90 == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_an_interval_of_a_share_holds_that_of_the_resamples() -> None:
    wide = Estimate(value=0.5, interval_90=(0.01, 0.99))
    found = with_exact_interval(wide, np.arange(20) < 10, np.ones(20))
    assert found.interval_90 == (0.01, 0.99)


def test_resamples_that_all_agree_tell_nothing() -> None:
    low, high = interval(np.ones((50, 1)))
    assert np.isnan(low).all()
    assert np.isnan(high).all()


def test_fractures_on_a_day_on_which_others_are_lost_are_counted() -> None:
    times = np.array([100.0, 100.0, 120.0, 150.0, 200.0])
    event = np.array([FRACTURED, CENSORED, FRACTURED, DIED, CENSORED])
    outcome = Outcome(event=event, time_days=times, horizon_days=182.0)
    assert tied_share(outcome) == pytest.approx(1.0 / 3.0)
