"""Under the null an audit raises few false alarms; a planted bias is found."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pytest

from femur_risk.validation.audit import ALARM_LEVEL
from femur_risk.validation.evidence import Evidence
from femur_risk.validation.subgroups import SMALLEST_SUBGROUP, audit_findings

LEVELS = {
    "sex": ("female", "male"),
    "age_years": ("below 60", "60 to below 70", "70 to below 80", "80 and more"),
    "kernel": ("soft", "bone", "sharp"),
    "slice_thickness_mm": ("below 1.5", "1.5 to below 3", "3 and more"),
    "primary": ("breast", "lung", "prostate", "kidney"),
}

type Cohort = Callable[..., Evidence]
type Shift = Callable[[Mapping[str, np.ndarray]], np.ndarray]


def _alarms(evidence: Evidence) -> set[tuple[str, str, str]]:
    found = audit_findings(evidence)
    return {
        (*subgroup, test)
        for subgroup, tests in found.items()
        for test, p in tests.items()
        if p is not None and p < ALARM_LEVEL
    }


def _censored(
    evidence: Evidence, rng: np.random.Generator, *, sooner: np.ndarray | float = 1.0
) -> Evidence:
    """Return the same femora, a fifth to a quarter of them lost before the horizon; some sooner."""
    outcome = evidence.outcome
    end = outcome.horizon_days
    broke_at = np.where(outcome.event == 1, rng.uniform(1.0, end, len(evidence)), 2.0 * end)
    lost_at = rng.exponential(4.0 * end, len(evidence)) / sooner + 1.0
    seen = replace(
        outcome,
        event=(broke_at <= lost_at).astype(int) * outcome.event,
        time_days=np.minimum(broke_at, lost_at),
    )
    return replace(evidence, outcome=seen)


@pytest.mark.parametrize("femora", [1, 2])
def test_under_the_null_at_most_one_audit_in_twenty_raises_an_alarm(
    cohort: Cohort, femora: int
) -> None:
    rng = np.random.default_rng(femora)
    audits = 100
    false = sum(
        bool(_alarms(cohort(rng, 300, levels=LEVELS, femora=femora))) for _ in range(audits)
    )
    # 5 % of 100 is 5; the 96 % quantile of a binomial count with that mean is 9
    assert false <= 9


def test_under_the_null_censoring_raises_no_more_alarms(cohort: Cohort) -> None:
    rng = np.random.default_rng(8)
    false = sum(bool(_alarms(_censored(cohort(rng, 300, levels=LEVELS), rng))) for _ in range(100))
    assert false <= 9


def test_under_the_null_shorter_follow_up_of_one_kernel_raises_no_more_alarms(
    cohort: Cohort,
) -> None:
    rng = np.random.default_rng(9)
    false = 0
    for _ in range(100):
        evidence = cohort(rng, 300, levels=LEVELS)
        sooner = np.where(evidence.levels["kernel"] == "sharp", 4.0, 0.5)
        false += bool(_alarms(_censored(evidence, rng, sooner=sooner)))
    assert false <= 9


def test_a_shift_in_one_kernel_is_found_there_and_nowhere_else(cohort: Cohort) -> None:
    def planted(levels: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.where(levels["kernel"] == "sharp", 1.5, 0.0)

    rng = np.random.default_rng(3)
    found = [_alarms(cohort(rng, 400, levels=LEVELS, shift=planted)) for _ in range(20)]
    hits = sum(("kernel", "sharp", "calibration") in each for each in found)
    elsewhere = sum(any(attribute != "kernel" for attribute, *_ in each) for each in found)
    assert hits >= 18
    assert elsewhere <= 3  # 5 % of 20 is 1; 3 is its 98 % quantile


def test_predictions_that_say_nothing_in_one_subgroup_are_found(cohort: Cohort) -> None:
    rng = np.random.default_rng(4)
    hits = 0
    for _ in range(20):
        evidence = cohort(rng, 600, levels=LEVELS)
        male = evidence.levels["sex"] == "male"
        share = evidence.outcome.event[male].mean()
        evidence.outcome.event[male] = rng.random(int(male.sum())) < share
        hits += any(test == "discrimination" for *_, test in _alarms(evidence))
    assert hits >= 18


def test_a_subgroup_below_the_minimum_raises_no_alarm(cohort: Cohort) -> None:
    def planted(levels: Mapping[str, np.ndarray]) -> np.ndarray:
        return np.where(levels["kernel"] == "sharp", 6.0, 0.0)

    evidence = cohort(np.random.default_rng(5), 400, levels=LEVELS, shift=planted)
    sharp = np.flatnonzero(evidence.levels["kernel"] == "sharp")
    kept = np.setdiff1d(np.arange(400), sharp[SMALLEST_SUBGROUP - 1 :])
    assert ("kernel", "sharp") not in audit_findings(evidence.take(kept))
