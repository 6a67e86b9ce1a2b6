"""Fractures follow from strength, loads and chance."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom

from femur_fea.errors import InputError, OutOfRangeError
from femur_risk.exposure import ACTIVITIES
from femur_risk.population import (
    HORIZON_DAYS,
    PRIMARIES,
    ClinicalRecord,
    Person,
    draw_outcome,
    hazards,
    outcome_row,
)
from femur_risk.reliability import Borne, StrengthEstimate, fracture_probability

PATIENT = ClinicalRecord(
    age_years=68.0,
    sex="female",
    height_cm=164.0,
    mass_kg=70.0,
    primary_tumour="breast",
    pain="mild",
    steps_per_day=3700.0,
)
WEIGHT = 70.0 * 9.80665


def of(multiple: float) -> dict[str, float]:
    """Return strengths of so many body weights in stance, and half of it in a fall."""
    return {"stance": multiple * WEIGHT, "fall": 0.5 * multiple * WEIGHT}


def test_the_hazard_of_walking_is_steps_times_the_chance_that_one_exceeds_the_strength() -> None:
    found = hazards(PATIENT, of(3.0), Person())
    # half of the steps are on this leg; log of force over 247.1 % has a deviation of 0.08
    expected = 1850.0 * ndtr(-np.log(3.0 / 2.471) / 0.08)
    assert found["walking"] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", sorted(ACTIVITIES))
def test_the_hazard_of_every_activity_falls_with_strength_and_rises_with_force(name: str) -> None:
    found = [hazards(PATIENT, of(m), Person())[name] for m in (2.0, 4.0, 6.0, 9.0)]
    assert found == sorted(found, reverse=True)
    weak = hazards(PATIENT, of(4.0), Person(strength_factor=0.8))[name]
    assert weak > hazards(PATIENT, of(4.0), Person())[name]


def test_a_heavier_or_busier_patient_is_at_greater_risk() -> None:
    usual = sum(hazards(PATIENT, of(6.0), Person()).values())
    heavier = replace(PATIENT, mass_kg=90.0)
    busier = replace(PATIENT, steps_per_day=8000.0)
    assert sum(hazards(heavier, of(6.0), Person()).values()) > usual
    assert sum(hazards(busier, of(6.0), Person()).values()) > usual


def test_pain_doubles_the_chance_of_a_fall() -> None:
    without = hazards(replace(PATIENT, pain="none"), of(6.0), Person())["fall"]
    assert hazards(PATIENT, of(6.0), Person())["fall"] == pytest.approx(1.96 * without)


def test_with_one_seed_a_stronger_bone_never_breaks_earlier() -> None:
    days = np.array(
        [
            [
                draw_outcome(PATIENT, of(m), seed=seed, days_borne=0.0).fracture_day or np.inf
                for m in (4, 6, 8, 12)
            ]
            for seed in range(200)
        ]
    )
    assert np.all(days[:, :-1] <= days[:, 1:])
    broken = np.isfinite(days).sum(axis=0)
    assert broken[0] > broken[-1]


def test_fractures_are_as_frequent_as_their_hazard_and_death_say() -> None:
    outcomes = [draw_outcome(PATIENT, of(4.5), seed=seed) for seed in range(1500)]
    death = np.log(2.0) / (PRIMARIES["breast"].median_survival_months * 365.25 / 12.0)
    hazard = np.array([sum(o.hazards_per_day.values()) for o in outcomes])
    chance = hazard / (hazard + death) * -np.expm1(-(hazard + death) * HORIZON_DAYS)
    broken = sum(o.fractured for o in outcomes)
    # sum of unequal chances, which scatters less than a binomial of their mean
    low, high = binom.interval(0.999, len(outcomes), chance.mean())
    assert low <= broken <= high
    assert 0.05 < chance.mean() < 0.95


def test_a_fracture_has_a_day_and_a_cause_and_the_dead_have_none() -> None:
    outcomes = [draw_outcome(PATIENT, of(4.5), seed=seed) for seed in range(300)]
    for outcome in outcomes:
        assert (outcome.fracture_day is not None) == outcome.fractured
        assert (outcome.fracture_activity in ACTIVITIES) == outcome.fractured
        assert outcome.death_day is None or not outcome.fractured
    assert {o.fracture_activity for o in outcomes} >= {"walking", "fall"}


def test_who_comes_to_the_scan_has_borne_the_day_before() -> None:
    """As often as the integral of the engine says of a bone that has."""
    strength = StrengthEstimate(
        strengths=of(4.5), sd_of_ln=dict.fromkeys(of(4.5), 0.0), model_error=0.17
    )
    borne = Borne(days=1.0, life=PATIENT.daily_life, strength=strength)
    # nobody dies here before the femur breaks: with a death the day would be censored
    drawn = [draw_outcome(PATIENT, of(4.5), seed=seed) for seed in range(3000)]
    chance = np.mean([-np.expm1(-182.0 * sum(o.hazards_per_day.values())) for o in drawn])
    exact = fracture_probability(PATIENT.daily_life, strength, horizon_days=182.0, borne=borne)
    assert chance == pytest.approx(exact.probability, rel=0.1)
    fresh = fracture_probability(PATIENT.daily_life, strength, horizon_days=182.0)
    assert exact.probability < 0.8 * fresh.probability


def test_a_femur_that_nobody_could_live_with_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match="none of 10000 persons"):
        draw_outcome(PATIENT, of(0.5), seed=1)
    assert draw_outcome(PATIENT, of(0.5), seed=1, days_borne=0.0).fractured
    with pytest.raises(OutOfRangeError, match="-1 days"):
        draw_outcome(PATIENT, of(6.0), seed=1, days_borne=-1.0)


def test_a_model_without_error_is_the_truth() -> None:
    exact = draw_outcome(PATIENT, of(6.0), seed=1, model_error=0.0)
    assert exact.strength_factor == 1.0
    factors = [
        draw_outcome(PATIENT, of(6.0), seed=s, days_borne=0.0).strength_factor for s in range(1000)
    ]
    # four standard errors of a standard deviation of 0.17
    assert np.std(np.log(factors)) == pytest.approx(0.17, abs=4.0 * 0.17 / 2000.0**0.5)


def test_the_nearest_strength_that_is_known_counts() -> None:
    by_walking = hazards(PATIENT, {**of(20.0), "walking": 3.0 * WEIGHT}, Person())
    assert by_walking["walking"] > 1.0 > hazards(PATIENT, of(20.0), Person())["walking"]


def test_missing_and_impossible_strengths_are_refused() -> None:
    with pytest.raises(InputError, match="none of which serves for fall"):
        draw_outcome(PATIENT, {"stance": 5000.0}, seed=1)
    with pytest.raises(OutOfRangeError, match=r"-.* N under stance"):
        draw_outcome(PATIENT, {"stance": -5.0, "fall": 3000.0}, seed=1)
    with pytest.raises(OutOfRangeError, match="model error"):
        draw_outcome(PATIENT, of(6.0), seed=1, model_error=-0.1)


def test_every_column_of_the_outcome_says_that_it_is_simulated() -> None:
    row = outcome_row(draw_outcome(PATIENT, of(6.0), seed=1))
    assert all(name.startswith("simulated_") for name in row)
    assert {f"simulated_hazard_{name}_per_day" for name in ACTIVITIES} <= set(row)
    assert row["simulated_horizon_days"] == HORIZON_DAYS
