"""How good one prediction is: discrimination, calibration, overall error."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray
from femur_risk.validation.benefit import decisions
from femur_risk.validation.calibration import (
    SPAN,
    brier,
    calibration_line,
    disagreement,
    null_brier,
    smooth,
)
from femur_risk.validation.discrimination import auprc, auroc, harrell_c, ipcw_c
from femur_risk.validation.estimates import estimates
from femur_risk.validation.evidence import Evidence, Predictor
from femur_risk.validation.outcome import KnownOutcome, Outcome, fracture_share, known_at
from femur_risk.validation.proportion import with_exact_interval
from femur_risk.validation.record import (
    CalibrationRecord,
    CurvePoint,
    Estimate,
    PredictorRecord,
    TimeRecord,
)
from femur_risk.validation.resampling import Measures, draws, replicates

__all__ = [
    "Resampling",
    "calibration_record",
    "exact_rates",
    "judge",
    "measured_with_intervals",
    "observed_over_expected",
    "rates",
]

_TIMES_DAYS = (30.4, 91.3, 182.6, 365.25)  # 1, 3, 6 and 12 months
_CURVE_POINTS = 41
_CURVE_ENDS = (0.01, 0.99)  # quantiles of the predictions that the curve is drawn between


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are made.

    Attributes
    ----------
    n : int
        Resamples.
    seed : int
        The same one draws the same patients.
    """

    n: int
    seed: int

    def of(self, patients: IntArray) -> list[IntArray]:
        """Return the rows of each resample."""
        return draws(patients, self.n, rng=np.random.default_rng(self.seed))


def measured_with_intervals(
    evidence: Evidence, measure: Callable[[Evidence], Measures], resampling: Resampling
) -> dict[str, list[Estimate]]:
    """Return what is measured on the evidence, with intervals from its resamples."""
    drawn = replicates(evidence, measure, resampling.of(evidence.patients))
    return estimates(measure(evidence), drawn)


def judge(
    evidence: Evidence, predictor: Predictor, *, threshold: float, resampling: Resampling
) -> PredictorRecord:
    """Return how good a prediction is on the femora that have it.

    Parameters
    ----------
    evidence : Evidence
        Outcomes and patients.
    predictor : Predictor
        One of its predictions.
    threshold : float
        Probability from which sensitivity and specificity count a femur as called.
    resampling : Resampling
        How intervals are made.
    """
    held = evidence.only(predictor)
    times, grid = _times(held.outcome), _grid(held.engine)
    found = measured_with_intervals(
        held, lambda drawn: _measures(drawn, threshold, times, grid), resampling
    )
    known = known_at(held.outcome)
    is_probability = predictor.kind == "probability"
    return PredictorRecord(
        name=predictor.name,
        kind=predictor.kind,
        n=len(held),
        n_fractured=known.n_fractured,
        n_whole=known.n_whole,
        n_missing=len(evidence) - len(held),
        **{name: found[name][0] for name in ("auroc", "auprc", "harrell_c", "ipcw_c")},
        auroc_at=_times_record(held.outcome, times, found["auroc_at"] if times else []),
        **exact_rates(found, predictor.take(predictor.present), known, threshold),
        brier=found["brier"][0] if is_probability else None,
        scaled_brier=found["scaled_brier"][0] if is_probability else None,
        calibration=calibration_record(found, grid) if is_probability else None,
    )


def calibration_record(found: dict[str, list[Estimate]], grid: FloatArray) -> CalibrationRecord:
    """Return what was measured of calibration as a record."""
    points = zip(grid, found["curve"], strict=True)
    return CalibrationRecord(
        intercept=found["intercept"][0],
        slope=found["slope"][0],
        ici=found["ici"][0],
        e50=found["e50"][0],
        e90=found["e90"][0],
        observed_over_expected=found["observed_over_expected"][0],
        curve=tuple(CurvePoint(predicted=float(x), observed=y) for x, y in points),
        smoother=f"local linear regression, tricube weights, span {SPAN:g}",
    )


def rates(predictor: Predictor, known: KnownOutcome, threshold: float) -> dict[str, float]:
    """Return sensitivity and specificity; NaN for a plain score, which has no threshold."""
    called = decisions(predictor, threshold)
    if called is None:
        return {"sensitivity": np.nan, "specificity": np.nan}
    return {
        "sensitivity": _share(called, known.weight * known.fractured),
        "specificity": _share(~called, known.weight * ~known.fractured),
    }


def exact_rates(
    found: dict[str, list[Estimate]], predictor: Predictor, known: KnownOutcome, threshold: float
) -> dict[str, Estimate]:
    """Return sensitivity and specificity with intervals that hold the exact ones."""
    names = ("sensitivity", "specificity")
    called = decisions(predictor, threshold)
    if called is None:
        return {name: found[name][0] for name in names}
    weights = (known.weight * known.fractured, known.weight * ~known.fractured)
    return {
        name: with_exact_interval(found[name][0], chosen, weight)
        for name, chosen, weight in zip(names, (called, ~called), weights, strict=True)
    }


def observed_over_expected(predictor: Predictor, outcome: Outcome) -> float:
    """Return the share that broke over the mean of what was predicted; NaN where that is 0."""
    expected = float(predictor.values.mean())
    return fracture_share(outcome) / expected if expected > 0.0 else float("nan")


def _measures(
    drawn: Evidence, threshold: float, times: tuple[float, ...], grid: FloatArray
) -> Measures:
    predictor, outcome = drawn.engine, drawn.outcome
    known = known_at(outcome)
    found: dict[str, FloatArray | float] = {
        "auroc": auroc(predictor.values, known),
        "auprc": auprc(predictor.values, known),
        "harrell_c": harrell_c(predictor.values, outcome),
        "ipcw_c": ipcw_c(predictor.values, outcome),
        "auroc_at": np.array([auroc(predictor.values, known_at(outcome, t)) for t in times]),
        **rates(predictor, known, threshold),
    }
    if predictor.kind == "probability":
        found |= _probability_measures(predictor.values, known, grid)
        found["observed_over_expected"] = observed_over_expected(predictor, outcome)
    return found


def _probability_measures(
    predicted: FloatArray, known: KnownOutcome, grid: FloatArray
) -> dict[str, FloatArray | float]:
    intercept, slope = calibration_line(predicted, known)
    apart = disagreement(predicted, known)
    error, null = brier(predicted, known), null_brier(known)
    return {
        "intercept": intercept,
        "slope": slope,
        "ici": apart.ici,
        "e50": apart.e50,
        "e90": apart.e90,
        "brier": error,
        "scaled_brier": 1.0 - error / null if null > 0.0 else np.nan,
        "curve": smooth(predicted, known.fractured.astype(float), known.weight, grid),
    }


def _times(outcome: Outcome) -> tuple[float, ...]:
    """Return the times at which there are both fractured and whole femora."""
    if outcome.time_days is None:
        return ()
    last = outcome.time_days.max()
    followed = (known_at(outcome, t) for t in _TIMES_DAYS if t <= last)
    both = [known.n_fractured > 0 and known.n_whole > 0 for known in followed]
    return tuple(t for t, has in zip(_TIMES_DAYS, both, strict=False) if has)


def _times_record(
    outcome: Outcome, times: tuple[float, ...], found: list[Estimate]
) -> tuple[TimeRecord, ...]:
    counts = [known_at(outcome, time) for time in times]
    return tuple(
        TimeRecord(time_days=time, n_fractured=known.n_fractured, n_whole=known.n_whole, auroc=area)
        for time, known, area in zip(times, counts, found, strict=True)
    )


def _grid(predictor: Predictor) -> FloatArray:
    low, high = np.quantile(predictor.values, _CURVE_ENDS)
    return np.unique(np.linspace(low, high, _CURVE_POINTS))


def _share(chosen: BoolArray, weight: FloatArray) -> float:
    total = float(weight.sum())
    return float(weight[chosen].sum() / total) if total > 0.0 else float("nan")
