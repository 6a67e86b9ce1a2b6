"""What a validation says, as tables of text for screen and page."""

from collections.abc import Sequence
from dataclasses import dataclass

from femur_risk.validation.record import (
    ComparisonRecord,
    Estimate,
    PredictorRecord,
    SubgroupRecord,
    ValidationRecord,
)

__all__ = [
    "TextTable",
    "comparison_table",
    "drift_table",
    "headline_table",
    "predictor_table",
    "recalibration_table",
    "shown",
    "subgroup_table",
]

_ABSENT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """A table as it is shown.

    Attributes
    ----------
    title : str
        What it is about.
    columns : sequence of str
        Headings.
    rows : sequence of sequence of str
        Cells; the first of a row names it.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def shown(estimate: Estimate | None, digits: int = 2) -> str:
    """Return an estimate with its 90 % interval."""
    if estimate is None or estimate.value is None:
        return _ABSENT
    value = f"{estimate.value:.{digits}f}"
    if estimate.interval_90 is None:
        return value
    low, high = estimate.interval_90
    return f"{value} ({low:.{digits}f} to {high:.{digits}f})"


def headline_table(record: ValidationRecord) -> TextTable:
    """Return the few numbers of each prediction that fit on a screen."""
    rows = [
        (
            each.name,
            f"{each.n_fractured} / {each.n}",
            shown(each.auroc),
            shown(each.brier, 3),
            shown(each.calibration.slope if each.calibration else None),
            shown(each.calibration.ici if each.calibration else None, 3),
        )
        for each in record.predictors
    ]
    columns = ("prediction", "fractured", "AUROC", "Brier", "slope", "ICI")
    return TextTable(title=f"{_label(record)}90 % intervals", columns=columns, rows=rows)


def predictor_table(record: ValidationRecord) -> TextTable:
    """Return how good each prediction is."""
    survival = record.outcome.kind == "times"
    columns = ["prediction", "femora", "fractured", "AUROC", "AUPRC"]
    columns += ["Harrell's C", "IPCW C"] if survival else []
    columns += ["Brier", "intercept", "slope", "ICI", "sensitivity", "specificity"]
    rows = [_predictor_row(each, survival=survival) for each in record.predictors]
    return TextTable(title=f"{_label(record)}90 % intervals", columns=columns, rows=rows)


def comparison_table(record: ValidationRecord) -> TextTable:
    """Return the engine less each comparator."""
    columns = ("comparator", "femora", "fractured", "AUROC", "Brier")
    more = ("net benefit", "NRI of fractured", "NRI of whole")
    rows = [_comparison_row(each) for each in record.comparisons]
    title = f"{_label(record)}the engine less a comparator, on the femora that have both"
    return TextTable(title=title, columns=(*columns, *more), rows=rows)


def subgroup_table(record: ValidationRecord) -> TextTable:
    """Return the engine by subgroups."""
    columns = ("subgroup", "femora", "fractured", "AUROC", "observed / expected", "Brier")
    more = ("sensitivity", "specificity", "p calibration", "p discrimination", "alarm")
    rows = [_subgroup_row(each) for each in record.subgroups.rows]
    title = f"{_label(record)}the engine by subgroups"
    return TextTable(title=title, columns=(*columns, *more), rows=rows)


def drift_table(record: ValidationRecord) -> TextTable | None:
    """Return how far each variable is from the training population; None where none is given."""
    if record.drift is None:
        return None
    columns = ("variable", "patients", "in training", "stability index", "p", "verdict")
    rows = [
        (
            each.name,
            str(each.n),
            str(each.n_training),
            shown(each.stability_index),
            _p(each.p_adjusted),
            "drifted" if each.drifted else "no alarm",
        )
        for each in record.drift.variables
    ]
    title = f"{_label(record)}distance to the training population"
    return TextTable(title=title, columns=columns, rows=rows)


def recalibration_table(record: ValidationRecord) -> TextTable | None:
    """Return calibration before and after a recalibration; None where none is asked for."""
    found = record.recalibration
    if found is None:
        return None
    pairs = (
        ("before", found.before, found.brier_before),
        ("after", found.after, found.brier_after),
    )
    rows = [
        (
            name,
            str(found.n),
            str(found.n_fractured),
            shown(error, 3),
            shown(line.intercept),
            shown(line.slope),
            *(shown(each, 3) for each in (line.ici, line.e50, line.e90)),
        )
        for name, line, error in pairs
    ]
    columns = ("", "femora", "fractured", "Brier", "intercept", "slope", "ICI", "E50", "E90")
    title = f"{_label(record)}the engine before and after recalibration by {found.method}"
    return TextTable(title=title, columns=columns, rows=rows)


def _label(record: ValidationRecord) -> str:
    return "Simulated: " if record.simulated else ""


def _predictor_row(each: PredictorRecord, *, survival: bool) -> list[str]:
    line = each.calibration
    return [
        each.name,
        str(each.n),
        str(each.n_fractured),
        shown(each.auroc),
        shown(each.auprc),
        *([shown(each.harrell_c), shown(each.ipcw_c)] if survival else []),
        shown(each.brier, 3),
        shown(line.intercept if line else None),
        shown(line.slope if line else None),
        shown(line.ici if line else None, 3),
        shown(each.sensitivity),
        shown(each.specificity),
    ]


def _comparison_row(each: ComparisonRecord) -> list[str]:
    changed = each.reclassification
    return [
        each.comparator,
        str(each.n),
        str(each.n_fractured),
        shown(each.auroc_difference),
        shown(each.brier_difference, 3),
        shown(each.net_benefit_difference, 3),
        shown(changed.nri_events if changed else None),
        shown(changed.nri_non_events if changed else None),
    ]


def _subgroup_row(each: SubgroupRecord) -> list[str]:
    name = f"{each.attribute}: {each.level}"
    counts = [name, str(each.n), str(each.n_fractured)]
    if not each.judged:
        return [*counts, "too few", *[_ABSENT] * 7]
    return [
        *counts,
        shown(each.auroc),
        shown(each.observed_over_expected),
        shown(each.brier, 3),
        shown(each.sensitivity),
        shown(each.specificity),
        _p(each.p_calibration),
        _p(each.p_discrimination),
        ", ".join(each.alarms) or "none",
    ]


def _p(value: float | None) -> str:
    return _ABSENT if value is None else f"{value:.3f}"
