"""The risk card: classes, reasons, and today's rules beside the probability."""

from dataclasses import replace

import pytest

from femur_risk.assessment import (
    Patient,
    WeakSite,
    beside,
    classify,
    reasons,
    shares_of_uncertainty,
    what_if,
)
from femur_risk.comparators import RULES
from femur_risk.exposure import GRAVITY, DailyLife
from femur_risk.reliability import StrengthEstimate

BORDERS = (0.05, 0.33)
SITES = {name: WeakSite(region="neck", mode="tension") for name in ("stance", "fall")}

DENSER = {"stance": 1.08, "fall": 1.05}


def patient(
    multiple: float,
    *,
    healed: float | None = 1.5,
    restriction: str = "none",
    days_borne: float = 1.0,
) -> Patient:
    """Return a patient of 70 kg with a strength of so many body weights."""
    strengths = {"stance": multiple * 70.0 * GRAVITY, "fall": 0.5 * multiple * 70.0 * GRAVITY}
    return Patient(
        life=DailyLife(mass_kg=70.0),
        strength=StrengthEstimate(
            strengths=strengths, sd_of_ln=dict.fromkeys(strengths, 0.15), model_error=0.17
        ),
        restriction=restriction,
        days_borne=days_borne,
        healed_factors=None if healed is None else dict.fromkeys(strengths, healed),
    )


def six_months(of: Patient) -> float:
    return next(each.probability for each in of.horizons() if each.months == 6.0)


def test_the_probability_grows_with_the_horizon() -> None:
    found = [each.probability for each in patient(7.0).horizons()]
    assert len(found) == 4
    assert found == sorted(found)


def test_classes_begin_at_their_borders() -> None:
    found = [classify(p, BORDERS) for p in (0.0, 0.049, 0.05, 0.329, 0.33, 1.0)]
    assert found == ["low", "low", "intermediate", "intermediate", "high", "high"]


def test_without_the_lesion_the_risk_is_that_of_the_twin() -> None:
    ill = patient(6.0, healed=1.5)
    lesion = next(
        reason for reason in reasons(ill, SITES, denser_region=DENSER) if reason.kind == "lesion"
    )
    # the twin is a bone of its own, which has borne its day
    assert lesion.probability_without == pytest.approx(six_months(patient(9.0)), rel=1e-9)
    assert "-33 %" in lesion.text
    assert lesion.strength_effect == pytest.approx(1.0 / 1.5 - 1.0)


def test_a_bone_without_a_lesion_has_no_reason_of_that_kind() -> None:
    kinds = [
        reason.kind for reason in reasons(patient(6.0, healed=None), SITES, denser_region=DENSER)
    ]
    assert kinds == ["activity", "site"]


def test_each_reason_tells_how_much_strength_it_costs() -> None:
    found = patient(6.0, healed=1.5)
    effects = {each.kind: each for each in reasons(found, SITES, denser_region=DENSER)}
    load = found.leading_load
    other = 2.0 if load == "stance" else 0.5
    assert effects["activity"].strength_effect == pytest.approx(other - 1.0)
    assert effects["site"].strength_effect == pytest.approx(1.0 / DENSER[load] - 1.0)
    without = effects["site"].probability_without
    assert without is not None
    assert without < six_months(found)
    assert f"{100.0 * (DENSER[load] - 1.0):+.0f} %" in effects["site"].text


def test_the_leading_activity_is_named_with_what_is_left_without_it() -> None:
    found = patient(8.0)
    activity = reasons(found, SITES, denser_region=DENSER)[0]
    shares = found.horizons()[2].activities
    assert activity.name == max(shares, key=lambda name: shares[name])
    # others may break the bone in its place
    left = six_months(found) - shares[activity.name]
    assert activity.probability_without is not None
    assert left < activity.probability_without < six_months(found)


def test_other_habits_and_other_bones_are_told_once_each() -> None:
    found = {each.name: each for each in what_if(patient(5.0), {"weaker": {"stance": 0.9}})}
    assert set(found) == {
        "without the lesion",
        "walking_only",
        "a_hard_stumble_a_year",
        "crutches",
        "weaker",
    }
    assert found["crutches"].probability < six_months(patient(5.0))
    assert found["weaker"].probability > six_months(patient(5.0))
    spared = {each.name for each in what_if(patient(5.0, restriction="crutches"), {})}
    assert spared == {
        "without the lesion",
        "no restriction",
        "walking_only",
        "a_hard_stumble_a_year",
    }


def test_shares_of_what_is_not_known_add_up_to_one() -> None:
    found = shares_of_uncertainty(patient(7.0))
    assert sum(each.share for each in found) == pytest.approx(1.0, abs=1e-9)
    assert [each.share for each in found] == sorted((each.share for each in found), reverse=True)


@pytest.mark.parametrize(
    ("risk_class", "value", "agreement"),
    [
        ("high", 12.0, "agrees"),
        ("low", 12.0, "conflicts"),
        ("high", 5.0, "conflicts"),
        ("low", 5.0, "agrees"),
        ("intermediate", 12.0, "between"),
        (None, 12.0, "no verdict"),
    ],
)
def test_agreement_needs_two_verdicts(risk_class, value: float, agreement: str) -> None:
    (found,) = beside([RULES["mirels"].judge(value)], risk_class)
    assert found.agreement == agreement


def test_a_rule_that_cannot_decide_neither_agrees_nor_conflicts() -> None:
    undecided = RULES["mirels"].judge(8.0, 10.0)
    impossible = RULES["strain_fold_ratio"].cannot_judge("a lesion")
    found = beside([undecided, impossible], "high")
    assert [each.agreement for each in found] == ["no verdict", "no verdict"]


@pytest.mark.parametrize(("multiple", "certain"), [(1e-3, 1.0), (600.0, 0.0)])
def test_a_bone_far_from_the_loads_has_a_card_as_any_other(multiple: float, certain: float) -> None:
    found = patient(multiple)
    # round-off of a mean
    assert [each.probability for each in found.horizons()] == pytest.approx([certain] * 4, abs=1e-9)
    assert [reason.kind for reason in reasons(found, SITES, denser_region=DENSER)] == [
        "activity",
        "lesion",
        "site",
    ]
    assert sum(each.share for each in shares_of_uncertainty(found)) == pytest.approx(1.0)


def test_who_walks_little_is_told_what_usual_steps_would_bring() -> None:
    few = replace(patient(4.5), life=DailyLife(mass_kg=70.0, steps_per_day=500.0))
    told = {each.name: each.probability for each in what_if(few, {})}
    assert told["usual steps"] > six_months(few)
    assert "usual steps" not in {each.name for each in what_if(patient(4.5), {})}


def test_restrictions_are_added_to_the_one_that_is_there() -> None:
    on_crutches = patient(4.5, restriction="crutches")
    told = {each.name: each.probability for each in what_if(on_crutches, {})}
    assert told["walking_only"] < six_months(on_crutches)
    assert told["no restriction"] > six_months(on_crutches)
