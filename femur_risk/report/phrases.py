"""Sentences as the report prints them."""

from femur_fea.domain import CurveEnd
from femur_risk.report.amounts import percent, quantity, significant
from femur_risk.report.content import ReportContent
from femur_risk.report.loss import against_twin
from femur_risk.report.outcome import LoadOutcome
from femur_risk.report.words import Words

__all__ = [
    "caveats",
    "describe_curve_end",
    "headlines",
    "load_name",
    "rough_values",
]


def describe_curve_end(words: Words, end: CurveEnd) -> str:
    """Return how a load-displacement curve ended, to stand after its subject."""
    return words.term("curve_end", end)


def load_name(words: Words, outcome: LoadOutcome) -> str:
    """Return a load's name as prose."""
    name = words.term("load", outcome.load)
    if name == outcome.load:
        name = name.replace("_", " ").capitalize()
    if outcome.n_directions is None:
        return name
    return words.say("in_directions", load=name, n=f"{outcome.n_directions}")


def headlines(words: Words, content: ReportContent) -> tuple[str, ...]:
    """Return the result, one sentence for each load: forces of different loads do not compare."""
    return tuple(_headline(words, content, load) for load in content.loads)


def rough_values(words: Words, reference: str, shaft: str) -> str | None:
    """Return why all strengths are rough values; None where the scan shows enough of the shaft.

    Parameters
    ----------
    words : Words
        The language.
    reference : {"shaft", "scanner", "model"}
        What the axis of the shaft was taken from.
    shaft : str
        How much of the shaft is seen, in words.
    """
    if reference != "scanner":
        return None
    return words.say("rough", shaft=words.say("original", text=shaft))


def _roughly(words: Words, content: ReportContent) -> str | None:
    return rough_values(words, content.shape.shaft_reference, content.shape.shaft)


def caveats(words: Words, content: ReportContent) -> tuple[str, ...]:
    """Return what a reader of the result must know beside it."""
    found = (
        words["simulated"] if content.simulated else None,
        _roughly(words, content),
        _calibration(words, content),
        _accuracy(words, content),
        _unverified(words, content),
    )
    return tuple(filter(None, found))


def _headline(words: Words, content: ReportContent, load: LoadOutcome) -> str:
    return words.say(
        "headline" if _roughly(words, content) is None else "headline_rough",
        load=load_name(words, load),
        weakest=_weakest(words, load),
        side=words.term("side_of_femur", content.side),
        strength=quantity(words, load.strength, load.unit),
        body_weights=_body_weights(words, load),
        compared=against_twin(
            words, load.strength_loss_fraction, load.lesion_hidden_fraction, load.loss_interval_90
        ),
        site=words.say(
            f"site_{content.model}",
            region=words.term("region", load.weakest_region),
            mode=words.term("mode", load.weakest_mode),
        ),
    )


def _weakest(words: Words, load: LoadOutcome) -> str:
    if load.weakest_direction is None:
        return ""
    meaning = words.say("original", text=load.weakest_direction_words or "")
    return words.say("weakest_in", direction=load.weakest_direction, words=meaning)


def _calibration(words: Words, content: ReportContent) -> str:
    uncertainty = content.calibration.density_uncertainty_fraction
    in_interval = any(load.interval_90 is not None for load in content.loads)
    where = "in_intervals" if in_interval else "in_no_interval"
    return words.say(
        "calibration_beside",
        label=words.term("calibration", content.calibration.label),
        uncertainty=words["not_stated"]
        if uncertainty is None
        else words.say(where, uncertainty=percent(words, uncertainty)),
    )


def _accuracy(words: Words, content: ReportContent) -> str | None:
    if content.standard_error_N is None:
        return None
    return words.say("accuracy", error=f"{content.standard_error_N:.0f}")


def _unverified(words: Words, content: ReportContent) -> str | None:
    if not content.unverified:
        return None
    constants = words.say("original", text=", ".join(content.unverified))
    return words.say("unverified_beside", constants=constants)


def _body_weights(words: Words, load: LoadOutcome) -> str:
    if load.strength_BW is None:
        return ""
    strength = significant(words, load.strength_BW)
    if not load.activity_BW:
        return words.say("body_weights", strength=strength)
    activity = significant(words, load.activity_BW)
    return words.say("body_weights_activity", strength=strength, activity=activity)
