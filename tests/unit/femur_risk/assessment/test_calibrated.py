"""A probability is put right by a recalibration that is for it, with the uncertainty of both."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_risk.assessment import calibrate, check_recalibration
from femur_risk.config import RunConfig
from femur_risk.errors import RecalibrationError
from femur_risk.exposure import GRAVITY, DailyLife
from femur_risk.pipeline import run_case
from femur_risk.pipeline.recalibrated import model_of
from femur_risk.recalibration import (
    PlattMap,
    Recalibration,
    chance,
    draw_maps,
    fit_map,
    logit,
    write_recalibration,
)
from femur_risk.reliability import FractureProbability, StrengthEstimate, fracture_probability

MODEL = "bologna-0.1.0-00000000"
SAME = PlattMap(intercept=0.0, slope=1.0)


def recalibration(**changed: Any) -> Recalibration:
    """Return one of a hundred femora that changes nothing and is certain of it."""
    content = {
        "mapping": SAME,
        "prediction": "probability_engine",
        "horizon_days": 182.0,
        "n": 100,
        "n_fractured": 30,
        "n_operated": 0,
        "simulated": False,
        "deaths": "censored",
        "model": MODEL,
        "fitted_range": (0.001, 0.9),
        "draws": (SAME,) * 20,
        "table_sha256": "0" * 64,
        "software_version": "0.1.0",
    }
    return Recalibration.model_validate(content | changed)


@pytest.fixture(scope="module")
def found() -> FractureProbability:
    weight = 70.0 * GRAVITY
    strength = StrengthEstimate(
        strengths={"stance": 6.0 * weight, "fall": 3.0 * weight},
        sd_of_ln={"stance": 0.1, "fall": 0.1},
        model_error=0.17,
    )
    return fracture_probability(DailyLife(mass_kg=70.0), strength, horizon_days=182.625)


def test_a_map_that_changes_nothing_leaves_probability_and_interval(
    found: FractureProbability,
) -> None:
    same = calibrate(found, recalibration())
    assert same.probability == pytest.approx(found.probability, rel=1e-9)
    # this mean lies above the interval, which is widened to hold it
    assert found.probability > found.interval_90[1]
    ends = found.interval_90[0], found.probability
    assert same.interval_90 == pytest.approx(ends, rel=1e-9)
    assert same.interval_90_of_recalibration == pytest.approx((found.probability,) * 2, rel=1e-9)
    assert same.flags == ()


def test_an_uncertain_map_widens_the_interval(found: FractureProbability) -> None:
    rng = np.random.default_rng(0)
    shifts = rng.normal(0.0, 0.5, 2000)
    lines = tuple(PlattMap(intercept=float(shift), slope=1.0) for shift in shifts)
    wide = calibrate(found, recalibration(draws=lines))
    assert wide.interval_90[0] < found.interval_90[0]
    assert wide.interval_90[1] > found.interval_90[1]
    # of one number, logits of the ends are 1.645 standard deviations off; 0.05: of 2000 draws
    ends = logit(np.array(wide.interval_90_of_recalibration)) - logit(np.array(found.probability))
    assert ends == pytest.approx([-1.645 * 0.5, 1.645 * 0.5], abs=0.05)


def test_what_was_not_there_when_it_was_fitted_is_told(found: FractureProbability) -> None:
    (flag,) = calibrate(found, recalibration(fitted_range=(0.2, 0.9))).flags
    assert "lies outside those that it was fitted to, 20 to 90 %" in flag
    (flag,) = calibrate(found, recalibration(model=None)).flags
    assert "does not say of which model" in flag


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"horizon_days": 365.0}, "a recalibration for 365 days"),
        ({"horizon_days": 91.0}, "for 6 months: 183 days"),
        ({"model": "bologna-0.0.9-12345678"}, "of the model bologna-0.0.9-12345678"),
        ({"prediction": "probability_mirels"}, "a recalibration of 'probability_mirels'"),
        ({"simulated": True}, "simulated outcomes for a patient who is not simulated"),
    ],
)
def test_one_for_something_else_is_refused(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(RecalibrationError, match=told):
        check_recalibration(recalibration(**changed), model=MODEL, simulated=False)


def test_simulated_outcomes_are_for_simulated_patients() -> None:
    check_recalibration(recalibration(simulated=True), model=MODEL, simulated=True)
    check_recalibration(recalibration(), model=MODEL, simulated=True)


def test_a_run_refuses_one_for_another_horizon_before_any_work(tmp_path: Path) -> None:
    path = tmp_path / "recalibration.json"
    write_recalibration(recalibration(model=None, horizon_days=91.0), path)
    places = {"ct": "none.nii.gz", "femur": "none.nii.gz", "recalibration": str(path)}
    config = RunConfig.model_validate({"input": places})
    with pytest.raises(RecalibrationError, match="for 91 days"):
        run_case(config, tmp_path / "runs", goal="risk", listener=lambda _: None)
    assert not (tmp_path / "runs").exists()


def test_another_preset_or_mesh_is_another_model() -> None:
    changes = ({}, {"preset": {"name": "nijmegen"}}, {"mesh": {"edge_length_mm": 2.0}})
    assert len({model_of(RunConfig.model_validate(each)) for each in changes}) == len(changes)


@pytest.mark.parametrize("method", ["platt", "isotonic", "bayes"])
def test_draws_spread_about_the_map_as_that_of_other_cohorts_would(method: Any) -> None:
    rng = np.random.default_rng(3)
    at = np.array([0.2])
    covered = 0
    for _ in range(25):
        p = chance(rng.normal(-1.0, 1.2, 300))
        y = rng.random(300) < chance(0.3 + 0.8 * logit(p))
        mapping = fit_map(method, p, y, np.ones(300))
        drawn = draw_maps(mapping, p, y, np.ones(300), np.arange(300), rng=rng)
        low, high = np.quantile([each.apply(at)[0] for each in drawn], (0.05, 0.95))
        covered += int(low <= chance(0.3 + 0.8 * logit(at))[0] <= high)
    # nine in ten: 17 or fewer of 25 would come by chance in 0.2 %
    assert covered > 17


def test_two_femora_of_a_patient_are_drawn_together() -> None:
    rng = np.random.default_rng(4)
    p = chance(rng.normal(-1.0, 1.2, 200))
    y = rng.random(200) < p
    twice = np.tile(p, 2), np.tile(y, 2), np.ones(400)
    mapping = fit_map("platt", *twice)
    apart, paired = (
        np.std(
            [each.apply(np.array([0.2]))[0] for each in draw_maps(mapping, *twice, who, rng=rng)]
        )
        for who in (np.arange(400), np.tile(np.arange(200), 2))
    )
    # a copy tells nothing: variances are doubled; 0.2 is three errors of a ratio of 200 draws
    assert paired / apart == pytest.approx(np.sqrt(2.0), rel=0.2)
