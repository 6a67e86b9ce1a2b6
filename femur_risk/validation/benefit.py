"""What decisions by a prediction would have been worth."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_risk.validation.evidence import Predictor
from femur_risk.validation.outcome import KnownOutcome

__all__ = ["Reclassified", "decisions", "net_benefit", "net_reclassification"]


def decisions(predictor: Predictor, threshold: float) -> BoolArray | None:
    """Return who would be treated; None for a plain score, which has no threshold."""
    if predictor.kind == "score":
        return None
    return predictor.values >= (threshold if predictor.kind == "probability" else 0.5)


def net_benefit(predictor: Predictor, known: KnownOutcome, thresholds: FloatArray) -> FloatArray:
    """Return fractures foreseen per femur, less needless treatments at the threshold's odds.

    Parameters
    ----------
    predictor : Predictor
        Probability or verdict; a plain score decides nothing, which is NaN.
    known : KnownOutcome
        What became of the femora.
    thresholds : (m,)
        Probabilities from which treatment would be worth it.

    Returns
    -------
    (m,)
        Net benefit at each threshold.

    References
    ----------
    Vickers and Elkin, Med Decis Making 2006;26:565, doi:10.1177/0272989X06295361
    """
    if predictor.kind == "score":
        return np.full(len(thresholds), np.nan)
    limits = thresholds if predictor.kind == "probability" else np.full(len(thresholds), 0.5)
    treated = predictor.values >= limits[:, None]
    right = treated @ (known.weight * known.fractured)
    needless = treated @ (known.weight * ~known.fractured)
    odds = thresholds / (1.0 - thresholds)
    return np.asarray((right - odds * needless) / known.weight.sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reclassified:
    """Who changes class when one rule takes the place of another.

    Attributes
    ----------
    fractured, whole : (2, 2)
        Shares, among those that broke and those that did not, by old (row) and new (column)
        decision: not treated, treated.
    """

    fractured: FloatArray
    whole: FloatArray

    @property
    def events(self) -> float:
        """Net share of the fractured that are moved up, which is right."""
        return float(self.fractured[0, 1] - self.fractured[1, 0])

    @property
    def non_events(self) -> float:
        """Net share of the whole that are moved down, which is right."""
        return float(self.whole[1, 0] - self.whole[0, 1])


def net_reclassification(old: BoolArray, new: BoolArray, known: KnownOutcome) -> Reclassified:
    """Return the parts of the net reclassification improvement from `old` to `new` decisions.

    References
    ----------
    Pencina et al., Stat Med 2008;27:157, doi:10.1002/sim.2929
    """
    cell = 2 * old.astype(int) + new.astype(int)

    def shares(chosen: BoolArray) -> FloatArray:
        weight = np.bincount(cell, known.weight * chosen, minlength=4).reshape(2, 2)
        total = weight.sum()
        return np.asarray(weight / total if total > 0.0 else np.full((2, 2), np.nan))

    return Reclassified(fractured=shares(known.fractured), whole=shares(~known.fractured))
