"""What the report says of the risk of a fracture."""

from pathlib import Path
from typing import Any

import pytest

from femur_risk.assessment.card import CalibratedRisk
from femur_risk.report import ENGLISH, find_words, risk_headline, risk_tables, rules_table
from femur_risk.report.risk import chance

WORDS = find_words(ENGLISH)


def test_the_probability_stands_with_its_interval_and_that_it_is_simulated(content: Any) -> None:
    told = risk_headline(WORDS, content.risk)
    assert "within 6 months: 12 %, intermediate" in told
    assert "below 0.1 % to 35 %" in told
    assert "not calibrated to outcomes; simulated" in told


def test_a_mean_above_its_interval_says_why(content: Any) -> None:
    rare = tuple(
        each.model_copy(
            update={
                "probability": 0.043,
                "interval_90": (0.001, 0.033),
                "median": 0.004,
                "above_interval": 0.77,
            }
        )
        for each in content.risk.horizons
    )
    told = risk_headline(WORDS, content.risk.model_copy(update={"horizons": rare}))
    assert (
        "4.3 %, intermediate (a mean: half of such bones lie below 0.4 %, 90 % interval 0.1 % to "
        "3.3 %; the weakest twentieth, with 77 %, lifts it above that;" in told
    )


def test_a_recalibrated_card_says_to_what_and_keeps_what_mechanics_says(content: Any) -> None:
    put_right = CalibratedRisk(
        probability=0.21,
        interval_90=(0.08, 0.4),
        interval_90_of_recalibration=(0.15, 0.3),
        method="platt",
        n=177,
        n_fractured=34,
        horizon_days=182.0,
        deaths="censored",
        simulated=True,
        table_sha256="0" * 64,
        flags=("its table does not say of which model the probabilities were",),
    )
    told = risk_headline(WORDS, content.risk.model_copy(update={"calibrated": put_right}))
    assert "within 6 months: 21 %, intermediate (90 % interval 8.0 % to 40 %;" in told
    assert (
        "calibrated to simulated outcomes (platt; 177 femora, 34 of them broken within 182 days); "
        "its table does not say" in told
    )
    assert "12 % from mechanics under assumed loads alone; simulated)" in told
    assert "not calibrated" not in told


def test_a_risk_that_cannot_be_assessed_says_why_and_shows_no_number(content: Any) -> None:
    without = content.risk.model_copy(
        update={"assessable": False, "not_assessable": ("no mass",), "horizons": ()}
    )
    assert risk_headline(WORDS, without) == "Risk of fracture: not assessable: no mass"
    assert risk_tables(WORDS, without) == ()


def test_a_rule_shows_its_range_and_what_it_did_not_know(content: Any) -> None:
    rules = rules_table(WORDS, content.risk)
    assert rules is not None
    mirels, fold = rules.rows
    assert mirels[1:] == (
        "9 to 11 points",
        "from 9 points",
        "at risk",
        "between",
        "pain",
        "published",
    )
    assert fold[1] == WORDS["none"]
    assert fold[3] == "not assessable"


@pytest.mark.parametrize(
    ("probability", "told"),
    [(0.0, "below 0.1 %"), (0.0123, "1.2 %"), (0.0999, "10.0 %"), (0.25, "25 %"), (1.0, "100 %")],
)
def test_a_chance_has_two_digits(probability: float, told: str) -> None:
    assert chance(WORDS, probability) == told


def test_the_page_holds_the_risk(build: Any, content: Any, tmp_path: Path) -> None:
    text = build(content, tmp_path).text
    assert "Risk of fracture" in text
    assert "Rules of today's practice" in text
    assert "walking only: 10 %" in text
