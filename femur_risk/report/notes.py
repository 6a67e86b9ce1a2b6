"""What a reader must know of the table of strength."""

from femur_risk.report.amounts import quantity
from femur_risk.report.content import ReportContent
from femur_risk.report.outcome import LoadOutcome
from femur_risk.report.phrases import describe_curve_end, load_name
from femur_risk.report.words import STRENGTHS, WORDS

__all__ = ["strength_notes"]


def strength_notes(content: ReportContent) -> tuple[str, ...]:
    """Return the notes below the table: what strength means, and what it is compared with."""
    has_twin = any(load.healed_strength is not None for load in content.loads)
    notes = [
        *_meanings(content),
        *(_end_of_curve(load) for load in content.loads if load.curve_end is not None),
        *(_plate(load) for load in content.loads if load.plate_force_N is not None),
        WORDS["healed_note"] if has_twin else WORDS["no_lesion"],
    ]
    threshold = next((x.strain_fold_threshold for x in content.loads if x.strain_fold_ratio), None)
    if threshold is not None:
        notes.append(f"{WORDS['strain_fold_note']} {threshold:g}.")
    if content.mass_kg is None:
        notes.append(WORDS["no_mass"])
    return tuple(notes)


def _meanings(content: ReportContent) -> list[str]:
    """Return what strength means, by every criterion that a load met."""
    criteria = sorted({load.criterion for load in content.loads})
    if content.model == "linear":
        return [f"{WORDS['strength_linear']} Criterion: {', '.join(criteria)}."]
    meanings = [STRENGTHS[criterion] for criterion in criteria]
    return meanings if content.beyond_yield is None else [*meanings, f"{content.beyond_yield}."]


def _end_of_curve(load: LoadOutcome) -> str:
    ends = {"bone": load.curve_end, "lesion-free twin": load.healed_curve_end}
    told = [f"that of the {whose} {describe_curve_end(end)}" for whose, end in ends.items() if end]
    return f"{load_name(load)}, curve of force against displacement: {'; '.join(told)}."


def _plate(load: LoadOutcome) -> str:
    return f"{load_name(load)}: {WORDS['plate']} {quantity(load.plate_force_N, 'N')}."
