"""The engine beside each comparator, on the same femora."""

from dataclasses import replace

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_risk.validation.benefit import (
    Reclassified,
    decisions,
    net_benefit,
    net_reclassification,
)
from femur_risk.validation.calibration import brier
from femur_risk.validation.discrimination import auroc
from femur_risk.validation.evidence import Evidence, Predictor
from femur_risk.validation.outcome import known_at
from femur_risk.validation.performance import Resampling, measured_with_intervals
from femur_risk.validation.record import (
    ComparisonRecord,
    DecisionCurve,
    Estimate,
    ReclassificationRecord,
)
from femur_risk.validation.resampling import Measures

__all__ = ["compare", "decision_curves"]


def compare(
    evidence: Evidence, comparator: Predictor, *, threshold: float, resampling: Resampling
) -> ComparisonRecord:
    """Return the engine less a comparator, on the femora that have both predictions."""
    held = evidence.only(evidence.engine, comparator)
    found = measured_with_intervals(held, lambda drawn: _differences(drawn, threshold), resampling)
    return ComparisonRecord(
        comparator=comparator.name,
        n=len(held),
        n_fractured=known_at(held.outcome).n_fractured,
        auroc_difference=found["auroc"][0],
        brier_difference=found["brier"][0] if comparator.kind == "probability" else None,
        net_benefit_difference=found["net_benefit"][0] if "net_benefit" in found else None,
        reclassification=_reclassification(held, threshold, found),
    )


def decision_curves(
    evidence: Evidence, thresholds: FloatArray, resampling: Resampling
) -> tuple[DecisionCurve, ...]:
    """Return the net benefit of each prediction that can decide, and of treating all.

    All on the same femora, those that have every one of these predictions: a prediction that is
    absent where the risk is high would otherwise seem worse than one that is there.
    """
    deciding = [each for each in evidence.predictors if each.kind != "score"]
    there = np.all([each.present for each in deciding], axis=0)
    everybody = Predictor(
        name="treat all", kind="verdict", values=np.ones_like(evidence.engine.values)
    )
    return tuple(
        _curve(evidence, each, there, thresholds, resampling) for each in (*deciding, everybody)
    )


def _curve(
    evidence: Evidence,
    predictor: Predictor,
    there: BoolArray,
    thresholds: FloatArray,
    resampling: Resampling,
) -> DecisionCurve:
    held = replace(evidence, engine=predictor, comparators=()).take(there)
    found = measured_with_intervals(
        held,
        lambda drawn: {
            "net_benefit": net_benefit(drawn.engine, known_at(drawn.outcome), thresholds)
        },
        resampling,
    )
    return DecisionCurve(
        name=predictor.name,
        n=len(held),
        n_fractured=known_at(held.outcome).n_fractured,
        net_benefit=tuple(found["net_benefit"]),
    )


def _differences(drawn: Evidence, threshold: float) -> Measures:
    engine, (other,), known = drawn.engine, drawn.comparators, known_at(drawn.outcome)
    found: dict[str, FloatArray | float] = {
        "auroc": auroc(engine.values, known) - auroc(other.values, known)
    }
    if other.kind == "probability":
        found["brier"] = brier(engine.values, known) - brier(other.values, known)
    changed = _changed(drawn, threshold)
    if changed is not None:
        at = np.array([threshold])
        gained = net_benefit(engine, known, at) - net_benefit(other, known, at)
        found |= {
            "net_benefit": gained[0],
            "nri_events": changed.events,
            "nri_non_events": changed.non_events,
        }
    return found


def _changed(drawn: Evidence, threshold: float) -> Reclassified | None:
    old, new = (decisions(each, threshold) for each in (*drawn.comparators, drawn.engine))
    if old is None or new is None:
        return None
    return net_reclassification(old, new, known_at(drawn.outcome))


def _reclassification(
    held: Evidence, threshold: float, found: dict[str, list[Estimate]]
) -> ReclassificationRecord | None:
    changed = _changed(held, threshold)
    if changed is None:
        return None
    return ReclassificationRecord(
        fractured=_rows(changed.fractured),
        whole=_rows(changed.whole),
        nri_events=found["nri_events"][0],
        nri_non_events=found["nri_non_events"][0],
    )


def _rows(shares: FloatArray) -> tuple[tuple[float, float], tuple[float, float]]:
    (a, b), (c, d) = shares.tolist()
    return (a, b), (c, d)
