"""The anchored frequency of hard stumbles rests on strengths that were computed: are they these?"""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from femur_risk.exposure import ACTIVITIES, GRAVITY, HARD_STUMBLES
from femur_risk.reliability import MODEL_ERRORS

STRENGTHS = Path(__file__).parents[4] / "benchmarks/results/virtual_strength.csv"
OLD = 65.0  # years, as of the published incidence


def test_a_stumble_breaks_the_anchor_s_share_of_the_virtual_femora() -> None:
    with STRENGTHS.open(encoding="utf-8", newline="") as stream:
        old = [row for row in csv.DictReader(stream) if float(row["age"]) >= OLD]
    strength = np.array([float(row["stance_strength_N"]) for row in old])
    weight = GRAVITY * np.array([float(row["mass_kg"]) for row in old])
    stumble = ACTIVITIES["stumble"]
    assert stumble.force_BW is not None
    scatter = (stumble.between, stumble.within, MODEL_ERRORS["finite_elements"].sd_of_ln)
    above = np.log(stumble.force_BW * weight / strength) / np.linalg.norm(scatter)
    # the share is stated to two digits
    assert ndtr(above).mean() == pytest.approx(HARD_STUMBLES.breaks, abs=0.01)
    assert str(len(old)) in HARD_STUMBLES.source


def test_the_frequency_makes_the_published_incidence_without_a_fall() -> None:
    broken = 2.0 * HARD_STUMBLES.a_year * HARD_STUMBLES.breaks  # two hips
    assert broken == pytest.approx(0.04 * 776e-5)
    assert 1.0 / HARD_STUMBLES.a_year == pytest.approx(3900.0, abs=50.0)  # README, docs
