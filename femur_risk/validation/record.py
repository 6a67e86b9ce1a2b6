"""What validation.json says; its JSON schema is docs/validation.schema.json."""

from typing import Literal

from pydantic import Field

from femur_risk.config import Section
from femur_risk.validation.evidence import PredictorKind
from femur_risk.validation.outcome import Deaths

__all__ = [
    "CalibrationRecord",
    "ComparisonRecord",
    "CurvePoint",
    "DecisionCurve",
    "DriftRecord",
    "DriftVariable",
    "Estimate",
    "OutcomeRecord",
    "PredictorRecord",
    "RecalibrationRecord",
    "ReclassificationRecord",
    "SettingsRecord",
    "SubgroupRecord",
    "SubgroupsRecord",
    "TimeRecord",
    "ValidationRecord",
]

type Interval = tuple[float, float]


class Estimate(Section):
    """A number with its 90 % interval; null where it could not be computed."""

    value: float | None
    interval_90: Interval | None


class SettingsRecord(Section):
    """What was asked for."""

    engine: str
    horizon_days: float
    decision_threshold: float
    threshold_range: Interval
    deaths: Deaths
    resamples: int
    seed: int
    smallest_subgroup: int
    smallest_class: int


class OutcomeRecord(Section):
    """What became of the femora."""

    kind: Literal["at_horizon", "times"]
    n: int
    n_patients: int
    n_fractured: int = Field(description="known to have broken by the horizon")
    n_whole: int = Field(description="known not to have broken by the horizon")
    n_censored: int = Field(description="lost before the horizon: not known")
    n_died: int = Field(
        description="died before the horizon without a fracture: part of n_whole where deaths "
        "compete, of n_censored where they are censored"
    )
    n_operated: int = Field(description="operated on before the horizon, unbroken: of n_censored")
    fracture_share: Estimate


class TimeRecord(Section):
    """Discrimination at one time."""

    time_days: float
    n_fractured: int
    n_whole: int
    auroc: Estimate


class CurvePoint(Section):
    """A point of a smooth curve."""

    predicted: float
    observed: Estimate


class CalibrationRecord(Section):
    """Agreement of probabilities with outcomes."""

    intercept: Estimate
    slope: Estimate
    ici: Estimate
    e50: Estimate
    e90: Estimate
    observed_over_expected: Estimate
    curve: tuple[CurvePoint, ...]
    smoother: str


class PredictorRecord(Section):
    """How good one prediction is."""

    name: str
    kind: PredictorKind
    n: int
    n_fractured: int
    n_whole: int
    n_missing: int
    auroc: Estimate
    auprc: Estimate
    harrell_c: Estimate
    ipcw_c: Estimate
    auroc_at: tuple[TimeRecord, ...]
    sensitivity: Estimate
    specificity: Estimate
    brier: Estimate | None
    scaled_brier: Estimate | None
    calibration: CalibrationRecord | None


class DecisionCurve(Section):
    """Net benefit over thresholds."""

    name: str
    n: int
    n_fractured: int
    net_benefit: tuple[Estimate, ...]


class ReclassificationRecord(Section):
    """Who changes class from a comparator to the engine."""

    fractured: tuple[Interval, Interval] = Field(
        description="shares by decision of the comparator (row) and the engine (column)"
    )
    whole: tuple[Interval, Interval]
    nri_events: Estimate
    nri_non_events: Estimate


class ComparisonRecord(Section):
    """The engine less a comparator, on the femora that have both."""

    comparator: str
    n: int
    n_fractured: int
    auroc_difference: Estimate
    brier_difference: Estimate | None
    net_benefit_difference: Estimate | None
    reclassification: ReclassificationRecord | None


class SubgroupRecord(Section):
    """How good the engine is in one subgroup."""

    attribute: str
    level: str
    n: int
    n_fractured: int
    n_whole: int
    judged: bool = Field(description="false where it is smaller than the minimum")
    auroc: Estimate | None
    brier: Estimate | None
    observed_over_expected: Estimate | None
    sensitivity: Estimate | None
    specificity: Estimate | None
    p_calibration: float | None
    p_discrimination: float | None
    alarms: tuple[Literal["calibration", "discrimination"], ...]


class SubgroupsRecord(Section):
    """The audit by subgroups."""

    rule: str
    n_tests: int
    n_alarms: int
    rows: tuple[SubgroupRecord, ...]


class DriftVariable(Section):
    """How far one variable is from the training population."""

    name: str
    n: int
    n_training: int
    bins: tuple[str, ...]
    share: tuple[float, ...]
    share_training: tuple[float, ...]
    stability_index: Estimate
    p_adjusted: float | None
    drifted: bool


class DriftRecord(Section):
    """Distance to the training population."""

    rule: str
    n: int
    n_fractured: int
    not_compared: tuple[str, ...]
    variables: tuple[DriftVariable, ...]


class RecalibrationRecord(Section):
    """What a recalibration to these outcomes would do, on femora that it was not fitted to."""

    method: str
    n: int
    n_fractured: int
    folds: int
    before: CalibrationRecord
    after: CalibrationRecord
    brier_before: Estimate
    brier_after: Estimate


class ValidationRecord(Section):
    """The whole of validation.json."""

    schema_version: Literal[1] = 1
    notice: str
    simulated: bool
    evidence: str
    software_version: str
    table_sha256: str
    settings: SettingsRecord
    outcome: OutcomeRecord
    predictors: tuple[PredictorRecord, ...]
    thresholds: tuple[float, ...]
    decision_curves: tuple[DecisionCurve, ...]
    comparisons: tuple[ComparisonRecord, ...]
    subgroups: SubgroupsRecord
    drift: DriftRecord | None
    recalibration: RecalibrationRecord | None
    notes: tuple[str, ...]
