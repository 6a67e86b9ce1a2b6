"""Rules of today's practice beside the probability."""

from collections.abc import Sequence

from femur_risk.assessment.card import Agreement, AppliedRule, RiskClass
from femur_risk.comparators import RULES, Comparison, Verdict, published_share

__all__ = ["beside"]


def beside(
    comparisons: Sequence[Comparison], risk_class: RiskClass | None
) -> tuple[AppliedRule, ...]:
    """Return what rules say, and whether the class of risk agrees."""
    return tuple(_applied(each, risk_class) for each in comparisons)


def _applied(found: Comparison, risk_class: RiskClass | None) -> AppliedRule:
    rule = RULES[found.rule]
    return AppliedRule(
        name=rule.name,
        title=rule.title,
        value=found.value,
        unit=rule.unit,
        threshold=rule.threshold,
        at_risk=rule.at_risk,
        verdict=found.verdict,
        fractured_published=published_share(found),
        agreement=_agreement(found.verdict, risk_class),
        unknown=found.unknown,
        provenance=rule.provenance,
        source=rule.source,
    )


def _agreement(verdict: Verdict, risk_class: RiskClass | None) -> Agreement:
    if risk_class is None or verdict not in ("at risk", "not at risk"):
        return "no verdict"
    if risk_class == "intermediate":
        return "between"
    return "agrees" if (risk_class == "high") == (verdict == "at risk") else "conflicts"
