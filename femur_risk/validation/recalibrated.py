"""What a recalibration would do, on femora that it was not fitted to."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.errors import RecalibrationError
from femur_risk.recalibration import Method, ProbabilityMap, draw_maps, fit_map
from femur_risk.validation.evidence import Evidence
from femur_risk.validation.outcome import known_at
from femur_risk.validation.performance import Resampling, judge
from femur_risk.validation.record import PredictorRecord, RecalibrationRecord

__all__ = ["Recalibrated", "recalibrate"]

_FOLDS = 5
_FEWEST = 2  # of each class, so that there are two folds


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibrated:
    """A recalibration fitted to all femora, and how good its like is on others.

    Attributes
    ----------
    mapping : ProbabilityMap
        Fitted to all femora.
    draws : tuple of ProbabilityMap
        Maps that the outcomes leave as likely.
    fitted_range : tuple of float
        Lowest and highest probability that it was fitted to.
    record : RecalibrationRecord
        Calibration before and after, each femur by a map fitted without its patient.
    """

    mapping: ProbabilityMap
    draws: tuple[ProbabilityMap, ...]
    fitted_range: tuple[float, float]
    record: RecalibrationRecord


def recalibrate(
    evidence: Evidence, method: Method, *, threshold: float, resampling: Resampling
) -> Recalibrated:
    """Fit a recalibration of the engine to the outcomes, and judge it by cross-validation.

    Parameters
    ----------
    evidence : Evidence
        Predictions and outcomes.
    method : {"platt", "isotonic", "beta", "bayes"}
        How.
    threshold : float
        Probability from which a femur counts as called.
    resampling : Resampling
        How intervals are made. Maps are not fitted anew in each resample.

    Raises
    ------
    RecalibrationError
        If there are too few fractured or whole femora.
    SeparatedOutcomesError
        If predictions tell the outcomes apart without a mistake.
    """
    held = evidence.only(evidence.engine)
    known = known_at(held.outcome)
    others, folds = _out_of_fold(held, method, resampling.seed)
    improved = replace(held.engine, values=others)
    before = judge(held, held.engine, threshold=threshold, resampling=resampling)
    after = judge(held, improved, threshold=threshold, resampling=resampling)
    given = held.engine.values, known.fractured, known.weight
    mapping = fit_map(method, *given)
    rng = np.random.default_rng(resampling.seed)
    fitted = held.engine.values[known.weight > 0.0]
    return Recalibrated(
        mapping=mapping,
        draws=draw_maps(mapping, *given, held.patients, rng=rng),
        fitted_range=(float(fitted.min()), float(fitted.max())),
        record=_record(method, before, after, folds),
    )


def _out_of_fold(held: Evidence, method: Method, seed: int) -> tuple[FloatArray, int]:
    """Return each femur's probability by a map that was fitted without its patient."""
    from sklearn.model_selection import StratifiedGroupKFold

    known = known_at(held.outcome)
    fewest = min(known.n_fractured, known.n_whole)
    if fewest < _FEWEST:
        raise RecalibrationError(
            found=f"{known.n_fractured} fractured and {known.n_whole} whole femora",
            expected=f"at least {_FEWEST} of each, so that some can be held out",
            remedy="take more femora",
        )
    folds = min(_FOLDS, fewest)
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    found = np.empty(len(held))
    for fitted, left_out in split.split(found, known.fractured, held.patients):
        given = held.engine.values[fitted], known.fractured[fitted], known.weight[fitted]
        found[left_out] = fit_map(method, *given).apply(held.engine.values[left_out])
    return found, folds


def _record(
    method: Method, before: PredictorRecord, after: PredictorRecord, folds: int
) -> RecalibrationRecord:
    assert before.calibration is not None
    assert after.calibration is not None
    assert before.brier is not None
    assert after.brier is not None
    return RecalibrationRecord(
        method=method,
        n=before.n,
        n_fractured=before.n_fractured,
        folds=folds,
        before=before.calibration,
        after=after.calibration,
        brier_before=before.brier,
        brier_after=after.brier,
    )
