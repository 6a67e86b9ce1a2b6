"""Classes of risk, by the probability within six months."""

from collections.abc import Sequence

from femur_risk.assessment.card import RiskClass

__all__ = ["CLASS_MONTHS", "classify"]

CLASS_MONTHS = 6.0  # Mirels' time, on whose shares the classes rest


def classify(probability: float, borders: Sequence[float]) -> RiskClass:
    """Return the class of a probability, given where intermediate and high begin."""
    intermediate, high = borders
    if probability >= high:
        return "high"
    return "intermediate" if probability >= intermediate else "low"
