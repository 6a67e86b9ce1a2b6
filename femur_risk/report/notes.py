"""What a reader must know of the table of strength."""

from femur_fea.domain import PLATEAU_SLOPE
from femur_risk.report.amounts import quantity
from femur_risk.report.content import ReportContent
from femur_risk.report.outcome import LoadOutcome
from femur_risk.report.phrases import describe_curve_end, load_name
from femur_risk.report.words import Words

__all__ = ["strength_notes"]


def strength_notes(words: Words, content: ReportContent) -> tuple[str, ...]:
    """Return the notes below the table: what strength means, and what it is compared with."""
    loads = content.loads
    has_twin = any(load.healed_strength is not None for load in loads)
    notes = [
        *_meanings(words, content),
        *(_end_of_curve(words, load) for load in loads if load.curve_end is not None),
        *(_plate(words, load) for load in loads if load.plate_force_N is not None),
        words["healed_note"] if has_twin else words["no_lesion"],
    ]
    threshold = next((x.strain_fold_threshold for x in loads if x.strain_fold_ratio), None)
    if threshold is not None:
        notes.append(words.say("strain_fold_note", threshold=words.number(f"{threshold:g}")))
    if content.mass_kg is None:
        notes.append(words["no_mass"])
    return tuple(notes)


def _meanings(words: Words, content: ReportContent) -> list[str]:
    """Return what strength means, by every criterion that a load met."""
    criteria = sorted({load.criterion for load in content.loads})
    if content.model == "linear":
        said = words.say(
            "criterion", meaning=words["strength_linear"], criteria=", ".join(criteria)
        )
        return [said]
    slope = f"{100.0 * PLATEAU_SLOPE:g}"
    meanings = [words.term("strength", criterion).format(slope=slope) for criterion in criteria]
    return meanings if content.beyond_yield is None else [*meanings, f"{content.beyond_yield}."]


def _end_of_curve(words: Words, load: LoadOutcome) -> str:
    ends = {"end_of_bone": load.curve_end, "end_of_twin": load.healed_curve_end}
    told = [words.say(key, end=describe_curve_end(words, end)) for key, end in ends.items() if end]
    return words.say("curve", load=load_name(words, load), ends="; ".join(told))


def _plate(words: Words, load: LoadOutcome) -> str:
    force = quantity(words, load.plate_force_N, "N")
    return words.say("plate", load=load_name(words, load), force=force)
