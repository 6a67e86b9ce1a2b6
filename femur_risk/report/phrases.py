"""Sentences as the report prints them."""

from femur_fea.domain import CurveEnd
from femur_risk.report.amounts import percent, quantity, significant
from femur_risk.report.content import ReportContent
from femur_risk.report.loss import against_twin
from femur_risk.report.outcome import LoadOutcome
from femur_risk.report.words import CURVE_ENDS, LOAD_NAMES, WORDS

__all__ = [
    "caveats",
    "describe_curve_end",
    "headlines",
    "load_name",
    "rough_values",
]


def describe_curve_end(end: CurveEnd) -> str:
    """Return how a load-displacement curve ended, to stand after its subject."""
    return CURVE_ENDS[end]


def load_name(outcome: LoadOutcome) -> str:
    """Return a load's name as prose."""
    load = outcome.load
    name = LOAD_NAMES.get(load, load.replace("_", " ").capitalize())
    return name if outcome.n_directions is None else f"{name} in {outcome.n_directions} directions"


def headlines(content: ReportContent) -> tuple[str, ...]:
    """Return the result, one sentence for each load: forces of different loads do not compare."""
    return tuple(_headline(content, load) for load in content.loads)


def rough_values(reference: str, shaft: str) -> str | None:
    """Return why all strengths are rough values; None where the scan shows enough of the shaft.

    Parameters
    ----------
    reference : {"shaft", "scanner", "model"}
        What the axis of the shaft was taken from.
    shaft : str
        How much of the shaft is seen, in words.
    """
    if reference != "scanner":
        return None
    return f"{WORDS['rough']}: the scan shows {shaft}. {WORDS['rough_why']}"


def _roughly(content: ReportContent) -> str | None:
    return rough_values(content.shape.shaft_reference, content.shape.shaft)


def caveats(content: ReportContent) -> tuple[str, ...]:
    """Return what a reader of the result must know beside it."""
    found = (
        _simulated(content),
        _roughly(content),
        _calibration(content),
        _accuracy(content),
        _unverified(content),
    )
    return tuple(filter(None, found))


def _headline(content: ReportContent, load: LoadOutcome) -> str:
    verb = "carries" if _roughly(content) is None else "carries roughly"
    carries = f"the {content.side} femur {verb} {quantity(load.strength, load.unit)}"
    where = WORDS[f"site_{content.model}"]
    site = f"{where} {load.weakest_region} region, in {load.weakest_mode}"
    compared = against_twin(
        load.strength_loss_fraction, load.lesion_hidden_fraction, load.loss_interval_90
    )
    return f"{load_name(load)}{_weakest(load)}: {carries}{_body_weights(load)}{compared}; {site}."


def _weakest(load: LoadOutcome) -> str:
    if load.weakest_direction is None:
        return ""
    return f", weakest in {load.weakest_direction} ({load.weakest_direction_words})"


def _simulated(content: ReportContent) -> str:
    return WORDS["simulated"] if content.simulated else ""


def _calibration(content: ReportContent) -> str:
    uncertainty = content.calibration.density_uncertainty_fraction
    in_interval = any(load.interval_90 is not None for load in content.loads)
    where = "in the 90 % intervals" if in_interval else "not in these numbers"
    stated = "not stated" if uncertainty is None else f"{percent(uncertainty)}, {where}"
    label = content.calibration.label
    return f"Calibration: {label}; standard uncertainty of density {stated}."


def _accuracy(content: ReportContent) -> str:
    if content.standard_error_N is None:
        return ""
    return (
        f"The authors of this chain report a standard error of {content.standard_error_N:.0f} N "
        "against experiments; this implementation has not been compared with any."
    )


def _unverified(content: ReportContent) -> str:
    if not content.unverified:
        return ""
    return f"{WORDS['unverified_beside']}: {', '.join(content.unverified)}."


def _body_weights(load: LoadOutcome) -> str:
    if load.strength_BW is None:
        return ""
    activity = f"; the activity takes {significant(load.activity_BW)}" if load.activity_BW else ""
    return f" ({significant(load.strength_BW)} times body weight{activity})"
