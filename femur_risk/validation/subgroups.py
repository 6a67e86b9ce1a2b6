"""The engine in subgroups of patients and scans, and which of them raise an alarm."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from femur_fea.domain import BoolArray
from femur_risk.validation.attributes import in_order
from femur_risk.validation.audit import ALARM_LEVEL, holm, p_calibration, p_discrimination
from femur_risk.validation.calibration import brier
from femur_risk.validation.discrimination import auroc
from femur_risk.validation.evidence import Evidence
from femur_risk.validation.outcome import KnownOutcome, known_at
from femur_risk.validation.performance import (
    Resampling,
    exact_rates,
    measured_with_intervals,
    observed_over_expected,
    rates,
)
from femur_risk.validation.record import SubgroupRecord, SubgroupsRecord
from femur_risk.validation.resampling import Measures

__all__ = ["SMALLEST_CLASS", "SMALLEST_SUBGROUP", "Finding", "audit", "audit_findings"]

SMALLEST_SUBGROUP = 20
"""Femora that a subgroup needs to be judged, a choice."""

SMALLEST_CLASS = 5
"""Fractured, and whole, femora that it needs besides, a choice."""

type Finding = Literal["calibration", "discrimination"]
type _Subgroup = tuple[str, str]

_RULE = (
    f"Subgroups of at least {SMALLEST_SUBGROUP} femora with at least {SMALLEST_CLASS} fractured "
    f"and {SMALLEST_CLASS} whole ones are judged. An alarm is a robust score test of the subgroup "
    "against all others, with p adjusted by Holm's method for all tests of the audit, below "
    f"{ALARM_LEVEL:g}: the probability of any false alarm. Intervals are not adjusted."
)


def audit(evidence: Evidence, *, threshold: float, resampling: Resampling) -> SubgroupsRecord:
    """Return how good the engine is in every subgroup.

    Parameters
    ----------
    evidence : Evidence
        Predictions, outcomes and levels of attributes.
    threshold : float
        Probability from which sensitivity and specificity count a femur as called.
    resampling : Resampling
        How intervals are made.
    """
    held = evidence.only(evidence.engine)
    findings = audit_findings(held)
    rows = tuple(
        _row(held, subgroup, findings.get(subgroup), threshold, resampling)
        for subgroup in _subgroups(held)
    )
    return SubgroupsRecord(
        rule=_RULE,
        n_tests=sum(
            p is not None for row in rows for p in (row.p_calibration, row.p_discrimination)
        ),
        n_alarms=sum(len(row.alarms) for row in rows),
        rows=rows,
    )


def audit_findings(held: Evidence) -> dict[_Subgroup, dict[Finding, float | None]]:
    """Return the adjusted p of every test, by attribute and level of the judged subgroups."""
    predicted = held.engine.values
    found: dict[_Subgroup, dict[Finding, float | None]] = {}
    for subgroup in _subgroups(held):
        member = _members(held, subgroup)
        if _is_judged(held, member):
            given = (predicted, _known_apart(held, member), member, held.patients)
            found[subgroup] = {
                "calibration": p_calibration(*given),
                "discrimination": p_discrimination(*given),
            }
    places = [(subgroup, test) for subgroup, tests in found.items() for test in tests]
    adjusted = holm([found[subgroup][test] for subgroup, test in places])
    for (subgroup, test), p in zip(places, adjusted, strict=True):
        found[subgroup][test] = p
    return found


def _known_apart(held: Evidence, member: BoolArray) -> KnownOutcome:
    """Return what is known, weighted by the censoring of the subgroup and of the rest apart.

    Follow-up that is shorter in one of them is then no difference of the engine.
    """
    fractured, weight = np.empty(len(held), dtype=bool), np.empty(len(held))
    for chosen in (member, ~member):
        known = known_at(held.take(chosen).outcome)
        fractured[chosen], weight[chosen] = known.fractured, known.weight
    return KnownOutcome(fractured=fractured, weight=weight)


def _subgroups(held: Evidence) -> Iterator[_Subgroup]:
    for attribute, levels in held.levels.items():
        for level in in_order(attribute, levels):
            yield attribute, level


def _members(held: Evidence, subgroup: _Subgroup) -> BoolArray:
    attribute, level = subgroup
    return np.asarray(held.levels[attribute] == level)


def _is_judged(held: Evidence, member: BoolArray) -> bool:
    """Whether subgroup and rest are large enough."""
    return all(_is_large(held, chosen) for chosen in (member, ~member))


def _is_large(held: Evidence, chosen: BoolArray) -> bool:
    known = known_at(held.outcome)
    whole = ~known.fractured & (known.weight > 0.0)
    classes = (np.count_nonzero(chosen & each) for each in (known.fractured, whole))
    return bool(np.sum(chosen) >= SMALLEST_SUBGROUP and min(classes) >= SMALLEST_CLASS)


def _row(
    held: Evidence,
    subgroup: _Subgroup,
    tests: dict[Finding, float | None] | None,
    threshold: float,
    resampling: Resampling,
) -> SubgroupRecord:
    member = _members(held, subgroup)
    known = known_at(held.outcome)
    judged = _is_large(held, member)
    inside = held.take(member)
    found = (
        measured_with_intervals(inside, lambda drawn: _measures(drawn, threshold), resampling)
        if judged
        else {}
    )
    values = {
        name: found[name][0] if judged else None
        for name in ("auroc", "brier", "observed_over_expected")
    }
    exact = exact_rates(found, inside.engine, known_at(inside.outcome), threshold) if judged else {}
    tests = tests or {"calibration": None, "discrimination": None}
    return SubgroupRecord(
        attribute=subgroup[0],
        level=subgroup[1],
        n=len(inside),
        n_fractured=int(np.count_nonzero(known.fractured & member)),
        n_whole=int(np.count_nonzero(~known.fractured & (known.weight > 0.0) & member)),
        judged=judged,
        **values,
        sensitivity=exact.get("sensitivity"),
        specificity=exact.get("specificity"),
        p_calibration=tests["calibration"],
        p_discrimination=tests["discrimination"],
        alarms=tuple(name for name, p in tests.items() if p is not None and p < ALARM_LEVEL),
    )


def _measures(drawn: Evidence, threshold: float) -> Measures:
    known, predicted = known_at(drawn.outcome), drawn.engine.values
    return {
        "auroc": auroc(predicted, known),
        "brier": brier(predicted, known),
        "observed_over_expected": observed_over_expected(drawn.engine, drawn.outcome),
        **rates(drawn.engine, known, threshold),
    }
