"""From a table of predictions and outcomes to everything that it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea import __version__
from femur_fea.errors import OutOfRangeError
from femur_risk.recalibration import METHODS, Method, Recalibration
from femur_risk.validation.comparison import compare, decision_curves
from femur_risk.validation.drift import drift
from femur_risk.validation.evidence import Evidence
from femur_risk.validation.outcome import Deaths, fracture_share, known_at
from femur_risk.validation.performance import Resampling, judge, measured_with_intervals
from femur_risk.validation.population import (
    Population,
    read_population,
    summarise,
    variables_of,
)
from femur_risk.validation.reading import ReadTable, read_evidence
from femur_risk.validation.recalibrated import Recalibrated, recalibrate
from femur_risk.validation.record import OutcomeRecord, SettingsRecord, ValidationRecord
from femur_risk.validation.subgroups import SMALLEST_CLASS, SMALLEST_SUBGROUP, audit

__all__ = ["NOTICE", "Validation", "ValidationSettings", "validate"]

NOTICE = "Research use only: not a medical device; not for decisions about patients."
_SIMULATED = (
    "Simulated: the table says that its evidence is no patient's; it shows nothing about patients."
)
_OF_TABLE = "As the table says: whether these outcomes are patients' is for who made it to say."
_DEATHS = ("competing", "censored")
_STEP = 0.01  # between thresholds of the decision curves
_FEWEST_RESAMPLES = 20  # ends of a 90 % interval need at least so many


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationSettings:
    """What is asked for.

    Attributes
    ----------
    engine : str
        The probability that is validated, without "probability_".
    horizon_days : float, days
        The time that predictions are for.
    decision_threshold : float
        Probability from which a femur counts as called, a choice.
    threshold_range : tuple of two floats
        Thresholds of the decision curves, a choice.
    deaths : {"competing", "censored"}
        Whether who died is known not to have broken the femur, or lost to follow-up.
    resamples, seed : int
        Of patients, for intervals.
    recalibration : {"platt", "isotonic", "beta", "bayes"} or None
        What is fitted to the outcomes, if anything.
    """

    engine: str = "engine"
    horizon_days: float = 182.0
    decision_threshold: float = 0.1
    threshold_range: tuple[float, float] = (0.02, 0.5)
    deaths: Deaths = "competing"
    resamples: int = 500
    seed: int = 0
    recalibration: Method | None = None

    def __post_init__(self) -> None:
        low, high = self.threshold_range
        if not 0.0 < low < high < 1.0:
            raise _refused(f"decision curves from {low:g} to {high:g}", "0 < lowest < highest < 1")
        if not 0.0 < self.decision_threshold < 1.0:
            raise _refused(f"a threshold of {self.decision_threshold:g}", "between 0 and 1")
        if self.resamples < _FEWEST_RESAMPLES:
            raise _refused(f"{self.resamples} resamples", f"at least {_FEWEST_RESAMPLES}")
        if self.deaths not in _DEATHS:
            raise _refused(f"deaths {self.deaths!r}", " or ".join(_DEATHS))
        if self.recalibration is not None and self.recalibration not in METHODS:
            raise _refused(f"a recalibration {self.recalibration!r}", ", ".join(METHODS))

    @property
    def resampling(self) -> Resampling:
        """How intervals are made."""
        return Resampling(n=self.resamples, seed=self.seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """All that a validation leaves.

    Attributes
    ----------
    record : ValidationRecord
        What was found.
    population : Population
        The patients in counts, for a later validation to measure drift from.
    recalibration : Recalibration or None
        The map that was asked for, fitted to all femora.
    """

    record: ValidationRecord
    population: Population
    recalibration: Recalibration | None


def validate(
    table: Path,
    settings: ValidationSettings,
    *,
    training: Path | None,
    tell: Callable[[str], None],
) -> Validation:
    """Return what a table of predictions and outcomes shows.

    Parameters
    ----------
    table : Path
        CSV or Parquet (docs/validate.md).
    settings : ValidationSettings
        What is asked for.
    training : Path or None
        The training population, as a table or as the population.json of its own validation.
    tell : callable
        Takes a line on each step as it begins.

    Raises
    ------
    MissingInputError, PredictionTableError, OutOfRangeError, DuplicatedFemurError
        If the table cannot be used.
    FollowUpError, OneClassError
        If its outcomes cannot.
    RecalibrationError, SeparatedOutcomesError
        If they are too few for the recalibration that is asked for.
    """
    read = read_evidence(
        table, engine=settings.engine, horizon_days=settings.horizon_days, deaths=settings.deaths
    )
    evidence = read.evidence
    before = None if training is None else read_population(training, engine=settings.engine)
    improved = _recalibrated(evidence, settings)
    return Validation(
        record=_record(read, settings, before, improved, tell),
        population=summarise(variables_of(evidence), simulated=evidence.simulated),
        recalibration=None if improved is None else _saved(read, settings, improved),
    )


def _recalibrated(evidence: Evidence, settings: ValidationSettings) -> Recalibrated | None:
    if settings.recalibration is None:
        return None
    return recalibrate(
        evidence,
        settings.recalibration,
        threshold=settings.decision_threshold,
        resampling=settings.resampling,
    )


def _saved(read: ReadTable, settings: ValidationSettings, improved: Recalibrated) -> Recalibration:
    return Recalibration(
        mapping=improved.mapping,
        prediction=read.evidence.engine.name,
        horizon_days=settings.horizon_days,
        n=improved.record.n,
        n_fractured=improved.record.n_fractured,
        simulated=read.evidence.simulated,
        n_operated=read.n_operated,
        deaths=settings.deaths,
        model=read.model,
        fitted_range=improved.fitted_range,
        draws=improved.draws,
        table_sha256=read.sha256,
        software_version=__version__,
    )


def _record(
    read: ReadTable,
    settings: ValidationSettings,
    training: Population | None,
    improved: Recalibrated | None,
    tell: Callable[[str], None],
) -> ValidationRecord:
    evidence, threshold = read.evidence, settings.decision_threshold
    resampling = settings.resampling
    thresholds = _thresholds(settings)
    judged = []
    for each in evidence.predictors:
        tell(each.name)
        judged.append(judge(evidence, each, threshold=threshold, resampling=resampling))
    tell("comparisons")
    compared = tuple(
        compare(evidence, each, threshold=threshold, resampling=resampling)
        for each in evidence.comparators
    )
    curves = decision_curves(evidence, np.array(thresholds), resampling)
    tell("subgroups")
    return ValidationRecord(
        notice=NOTICE,
        simulated=evidence.simulated,
        evidence=_SIMULATED if evidence.simulated else _OF_TABLE,
        software_version=__version__,
        table_sha256=read.sha256,
        settings=_settings_record(settings),
        outcome=_outcome_record(read, resampling),
        predictors=tuple(judged),
        thresholds=thresholds,
        decision_curves=curves,
        comparisons=compared,
        subgroups=audit(evidence, threshold=threshold, resampling=resampling),
        drift=None if training is None else drift(evidence, training, resampling),
        recalibration=None if improved is None else improved.record,
        notes=(*read.notes, *_training_notes(training)),
    )


def _training_notes(training: Population | None) -> tuple[str, ...]:
    simulated = training is not None and training.simulated
    return ("the training population is simulated",) if simulated else ()


def _thresholds(settings: ValidationSettings) -> tuple[float, ...]:
    low, high = settings.threshold_range
    n = max(2, round((high - low) / _STEP) + 1)
    return tuple(float(each) for each in np.round(np.linspace(low, high, n), 6))


def _settings_record(settings: ValidationSettings) -> SettingsRecord:
    return SettingsRecord(
        engine=settings.engine,
        horizon_days=settings.horizon_days,
        decision_threshold=settings.decision_threshold,
        threshold_range=settings.threshold_range,
        deaths=settings.deaths,
        resamples=settings.resamples,
        seed=settings.seed,
        smallest_subgroup=SMALLEST_SUBGROUP,
        smallest_class=SMALLEST_CLASS,
    )


def _outcome_record(read: ReadTable, resampling: Resampling) -> OutcomeRecord:
    evidence = read.evidence
    outcome, known = evidence.outcome, known_at(evidence.outcome)
    share = measured_with_intervals(
        evidence, lambda drawn: {"share": fracture_share(drawn.outcome)}, resampling
    )
    return OutcomeRecord(
        kind="at_horizon" if outcome.time_days is None else "times",
        n=len(evidence),
        n_patients=len(np.unique(evidence.patients)),
        n_fractured=known.n_fractured,
        n_whole=known.n_whole,
        n_censored=len(evidence) - known.n_fractured - known.n_whole,
        n_died=read.n_died,
        n_operated=read.n_operated,
        fracture_share=share["share"][0],
    )


def _refused(found: str, expected: str) -> OutOfRangeError:
    return OutOfRangeError(found=found, expected=expected, remedy="correct that value")
