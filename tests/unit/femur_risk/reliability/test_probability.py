"""The probability of a fracture: closed forms, lives that are counted, the literature."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from femur_fea.errors import InputError, OutOfRangeError
from femur_risk.exposure import (
    ACTIVITIES,
    GRAVITY,
    HARD_STUMBLES,
    RESTRICTIONS,
    DailyLife,
    fractures_per_day,
)
from femur_risk.reliability import (
    QUANTILES,
    Borne,
    LimitState,
    StrengthEstimate,
    count_fractures,
    fracture_probability,
)

LIFE = DailyLife(mass_kg=70.0)
WEIGHT = 70.0 * GRAVITY

type Believed = Callable[..., StrengthEstimate]
type LimitStates = Callable[[StrengthEstimate, float], dict[str, LimitState]]


def test_a_rare_load_on_a_known_bone_is_a_rate_times_a_time(believed: Believed) -> None:
    strength = believed(6.0, sd=0.0, model=0.0)
    found = fracture_probability(LIFE, strength, horizon_days=30.0)
    fall = ACTIVITIES["fall"]
    exceeds = ndtr(-np.log(3.0 * WEIGHT / fall.median_force(LIFE)) / fall.within)
    expected = fall.events_per_day(LIFE) * 30.0 * exceeds
    # falls depend on no habit; all others break it first in a share of about the total risk
    assert found.activities["fall"] == pytest.approx(expected, rel=found.probability)


@pytest.mark.parametrize("multiple", [4.0, 6.0, 8.0, 11.0])
def test_a_million_lives_have_as_many_fractures(
    multiple: float, believed: Believed, limit_states: LimitStates
) -> None:
    strength = believed(multiple)
    exact = fracture_probability(LIFE, strength, horizon_days=182.0)
    counted = count_fractures(
        limit_states(strength, 182.0), n=1_000_000, rng=np.random.default_rng(1)
    )
    # four standard errors of the count
    assert abs(counted.probability - exact.probability) < 4.0 * counted.standard_error


def test_intact_hips_break_in_a_stumble_as_rarely_as_the_published_incidence() -> None:
    anchor = HARD_STUMBLES
    # a bone of which as many stumbles are too much as of the femora that the anchor rests on
    stumble = ACTIVITIES["stumble"]
    spread = np.hypot(stumble.between, stumble.within)
    weight = stumble.median_force(LIFE) * np.exp(-spread * ndtri(anchor.breaks))
    strength = StrengthEstimate(
        strengths={"stance": weight, "fall": 1e6 - 1.0},
        sd_of_ln={"stance": 0.0, "fall": 0.0},
        model_error=0.0,
    )
    within = {name: LimitState.of(name, LIFE, strength, horizon_days=365.25) for name in ACTIVITIES}
    a_year = count_rate(within["stumble"])
    assert a_year == pytest.approx(0.5 * 0.00776 * 0.04, rel=1e-3)  # one hip of two, 4 % no fall


def count_rate(state: LimitState) -> float:
    """Return events too hard for the median strength, over people and events."""
    spread = np.hypot(state.between, state.within)
    return float(state.events * ndtr((state.log_force - state.log_strength) / spread))


def test_risk_falls_with_strength_and_rises_with_mass_and_time(believed: Believed) -> None:
    by_strength = [
        fracture_probability(LIFE, believed(m), horizon_days=182.0).probability
        for m in (3.0, 5.0, 7.0, 10.0, 15.0)
    ]
    assert by_strength == sorted(by_strength, reverse=True)
    fixed = believed(7.0)
    by_mass = [
        fracture_probability(replace(LIFE, mass_kg=m), fixed, horizon_days=182.0).probability
        for m in (50.0, 70.0, 90.0, 120.0)
    ]
    assert by_mass == sorted(by_mass)
    by_time = [
        fracture_probability(LIFE, fixed, horizon_days=d).probability for d in (30, 91, 182, 365)
    ]
    assert by_time == sorted(by_time)


def test_whoever_it_is_risk_falls_with_strength_and_rises_with_mass_and_time() -> None:
    rng = np.random.default_rng(11)
    for _ in range(20):
        life = DailyLife(
            mass_kg=float(rng.uniform(40.0, 130.0)),
            steps_per_day=float(rng.uniform(0.0, 12_000.0)),
            in_pain=bool(rng.random() < 0.5),
        )
        strength = StrengthEstimate(
            strengths={"stance": rng.uniform(1e3, 12e3), "fall": rng.uniform(500.0, 6e3)},
            sd_of_ln={"stance": rng.uniform(0.0, 0.5), "fall": rng.uniform(0.0, 0.5)},
            model_error=float(rng.uniform(0.0, 0.3)),
        )
        days, factor = float(rng.uniform(5.0, 700.0)), float(rng.uniform(1.0, 1.5))
        stronger = strength.scaled(dict.fromkeys(strength.strengths, factor))
        heavier = replace(life, mass_kg=life.mass_kg * factor)
        known = fracture_probability(life, strength, horizon_days=days).probability
        changed = (
            (fracture_probability(life, stronger, horizon_days=days).probability, -1.0),
            (fracture_probability(heavier, strength, horizon_days=days).probability, 1.0),
            (fracture_probability(life, strength, horizon_days=days * factor).probability, 1.0),
        )
        for found, sign in changed:
            assert sign * (found - known) >= -1e-12  # round-off of a mean


@pytest.mark.parametrize(
    ("multiple", "ratio"), [(3.0, 1.4), (4.0, 1.7), (5.0, 2.2), (6.5, 2.7), (8.0, 2.3), (12.0, 1.6)]
)
def test_a_fifth_less_strength_matters_most_to_bones_that_are_neither_weak_nor_strong(
    multiple: float, ratio: float, believed: Believed
) -> None:
    """As docs/theory.md has it: a weak bone breaks anyhow, a strong one in falls alone."""
    strength = believed(multiple, sd=0.2)
    usual, weaker = (
        fracture_probability(
            LIFE,
            each,
            horizon_days=182.625,
            borne=Borne(days=1.0, life=LIFE, strength=each),
        ).probability
        for each in (strength, strength.scaled(dict.fromkeys(strength.strengths, 0.8)))
    )
    assert weaker / usual == pytest.approx(ratio, abs=0.06)  # as tabled, rounded to tenths


@pytest.mark.parametrize(("strength", "ratio"), [(3900.0, 1.4), (6000.0, 2.0), (7200.0, 2.3)])
def test_a_fifth_less_strength_about_doubles_the_chance_to_break_in_a_fall(
    strength: float, ratio: float
) -> None:
    """Published for hips of the elderly as a whole (PMC7736097, figure 2): about 2."""
    hip = StrengthEstimate(  # in falls; stance is out of reach
        strengths={"stance": 1e5, "fall": strength},
        sd_of_ln={"stance": 0.1, "fall": 0.1},
        model_error=0.17,
    )
    usual, weaker = (
        fracture_probability(LIFE, each, horizon_days=365.0).probability
        for each in (hip, hip.scaled({"fall": 0.8}))
    )
    assert weaker / usual == pytest.approx(ratio, abs=0.05)  # as measured, rounded to tenths


def test_shares_add_up_to_the_probability(believed: Believed) -> None:
    for multiple in (4.0, 7.0, 10.0):
        found = fracture_probability(LIFE, believed(multiple), horizon_days=182.0)
        assert sum(found.activities.values()) == pytest.approx(found.probability, rel=1e-12)


@pytest.mark.parametrize("multiple", [2.5, 4.0, 5.0, 6.5, 8.0, 11.0])
@pytest.mark.parametrize(("sd", "model"), [(0.0, 0.17), (0.1, 0.17), (0.3, 0.3)])
def test_a_probability_is_what_its_interval_and_the_twentieth_above_leave(
    multiple: float, sd: float, model: float, believed: Believed
) -> None:
    for days in (30.0, 182.0, 365.0):
        found = fracture_probability(LIFE, believed(multiple, sd, model), horizon_days=days)
        low, high = found.interval_90
        assert 0.0 <= low <= found.median <= high <= found.above_interval <= 1.0 + 1e-12
        assert list(found.quantiles) == sorted(found.quantiles)
        # a twentieth lies at most at `low`, a twentieth has its mean above, the rest lies between
        tail = 0.05 * found.above_interval
        grid = 2e-3  # of a quantile, by the steps of the quadrature
        assert 0.9 * low + tail - grid <= found.probability <= 0.95 * high + tail + grid
        if found.probability > high:
            # which is what the card says: without the twentieth the mean lies in the interval
            assert (found.probability - tail) / 0.95 <= high + grid


def test_quantiles_are_those_of_lives_whose_strength_and_habits_are_drawn(
    believed: Believed,
) -> None:
    strength = believed(6.0)
    found = fracture_probability(LIFE, strength, horizon_days=182.0)
    rng = np.random.default_rng(5)
    score, habit = rng.standard_normal((2, 200_000))
    rates = fractures_per_day(LIFE, strength.at(score), force_score=habit)
    chance = -np.expm1(-182.0 * np.sum([*rates.values()], axis=0))
    drawn = np.quantile(chance, QUANTILES)[4:95]
    # logarithms: 0.02 is five errors of the outer quantiles of so many draws
    assert np.log(found.quantiles[4:95]) == pytest.approx(np.log(drawn), abs=0.02)
    above = chance[chance > drawn[-1]].mean()
    assert found.above_interval == pytest.approx(above, rel=0.02)


def test_the_interval_holds_a_probability_that_is_not_small(believed: Believed) -> None:
    for multiple in (3.5, 4.0, 4.5):
        found = fracture_probability(LIFE, believed(multiple), horizon_days=182.0)
        low, high = found.interval_90
        assert 0.0 <= low < found.probability < high <= 1.0


def test_sparing_the_leg_never_raises_the_risk(believed: Believed) -> None:
    usual, walking, crutches = (
        fracture_probability(
            LIFE, believed(4.5), horizon_days=182.0, restriction=RESTRICTIONS[name]
        ).probability
        for name in ("none", "walking_only", "crutches")
    )
    assert walking < usual
    assert crutches < usual


def test_what_cannot_be_is_refused(believed: Believed) -> None:
    with pytest.raises(OutOfRangeError, match="horizon of 0 days"):
        fracture_probability(LIFE, believed(7.0), horizon_days=0.0)
    with pytest.raises(InputError, match="none of which serves for fall"):
        fracture_probability(
            LIFE,
            StrengthEstimate(strengths={"stance": 5e3}, sd_of_ln={"stance": 0.1}, model_error=0.2),
            horizon_days=30.0,
        )
    with pytest.raises(OutOfRangeError, match="17"):
        believed(7.0, sd=17.0)
    with pytest.raises(InputError, match="deviations under stance"):
        StrengthEstimate(
            strengths={"stance": 5e3, "fall": 2e3}, sd_of_ln={"stance": 0.1}, model_error=0.1
        )
    with pytest.raises(OutOfRangeError, match="0 lives"):
        count_fractures({}, n=0, rng=np.random.default_rng(0))


def test_without_an_activity_the_others_have_more_time_to_break_the_bone(
    believed: Believed,
) -> None:
    found = fracture_probability(LIFE, believed(4.0), horizon_days=182.0)
    for name in ACTIVITIES:
        left = found.probability - found.activities[name]
        assert left - 1e-12 <= found.without[name] <= found.probability


def test_two_restrictions_together_spare_more_than_each(believed: Believed) -> None:
    both = RESTRICTIONS["crutches"] & RESTRICTIONS["walking_only"]
    assert both.provenance == "unverified"
    found = [
        fracture_probability(LIFE, believed(4.5), horizon_days=182.0, restriction=each).probability
        for each in (both, RESTRICTIONS["crutches"], RESTRICTIONS["walking_only"])
    ]
    assert found[0] < min(found[1:])
