"""What a risk card takes for granted, and which of its constants are unverified."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from femur_risk.assessment import Patient
from femur_risk.assessment.card import AppliedRule
from femur_risk.comparators import MIRELS_FRACTURES
from femur_risk.exposure import ACTIVITIES, HARD_STUMBLES, RESTRICTIONS, USUAL_STEPS
from femur_risk.pipeline.patient import loads_of_activities
from femur_risk.pipeline.recalibrated import MODEL_ERROR
from femur_risk.pipeline.run import Run

if TYPE_CHECKING:
    from femur_fea.domain import PublishedRecord

__all__ = ["assumed_of", "unverified_of"]


def assumed_of(run: Run, strength: dict[str, Any], patient: Patient | None) -> tuple[str, ...]:
    """Return what a card takes for granted, in words."""
    config, assumed = run.config.risk, []
    found = set(loads_of_activities(strength))
    stand_ins: dict[str, list[str]] = {}
    for name, activity in ACTIVITIES.items():
        known = [load for load in activity.strengths if load in found]
        if known and known[0] != activity.strengths[0]:
            stand_ins.setdefault(known[0], []).append(name.replace("_", " "))
    assumed += [
        f"the strength under {load!r} stands for that in {', '.join(names)}"
        for load, names in stand_ins.items()
    ]
    assumed.append(
        f"a stumble that presses with 7.9 body weights, as two that were measured, once in "
        f"{round(1.0 / HARD_STUMBLES.a_year, -2):.0f} years: anchored to how rarely healthy hips "
        "break without a fall"
    )
    if patient is not None and config.days_borne > 0.0:
        assumed.append(
            f"the bone as it is has borne {config.days_borne:g} day"
            f"{'' if config.days_borne == 1.0 else 's'} of this life before the scan, for which "
            f"the model gives a chance of {100.0 * patient.within_class_months().borne:.0f} %"
            + _of_one_day(patient)
        )
    if config.steps_per_day is None:
        assumed.append(f"{USUAL_STEPS:.0f} steps a day, as with advanced cancer")
    if config.pain is None:
        assumed.append("pain, which makes falls more frequent")
    assumed.append("strength and habits stay as they are: no growth of the lesion, no treatment")
    return tuple(assumed)


def _of_one_day(patient: Patient) -> str:
    """Return what the probability is of a bone that has borne one day, where it has borne more."""
    if patient.days_borne <= 1.0:
        return ""
    least = replace(patient, days_borne=1.0).within_class_months().probability
    return f"; with one day the probability within six months is {100.0 * least:.2g} %"


def unverified_of(rules: Sequence[AppliedRule]) -> tuple[str, ...]:
    """Return the constants of a card whose source was not read."""
    records: dict[str, PublishedRecord] = {
        **{f"activity {name}": record for name, record in ACTIVITIES.items()},
        **{
            f"restriction {name}": record for name, record in RESTRICTIONS.items() if name != "none"
        },
        "error of finite elements against experiments": MODEL_ERROR,
        **{
            f"share that broke at Mirels' score {score}": MIRELS_FRACTURES[score]
            for score in _shown_scores(rules)
        },
    }
    return tuple(name for name, record in records.items() if record.provenance == "unverified")


def _shown_scores(rules: Sequence[AppliedRule]) -> tuple[str, ...]:
    """Return the scores of Mirels whose published shares the card shows."""
    ends = {end for rule in rules if rule.fractured_published for end in rule.value or ()}
    return tuple(score for score in MIRELS_FRACTURES if float(score) in ends)
