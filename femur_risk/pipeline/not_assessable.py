"""Where the input does not carry a probability, and why."""

from typing import Any

from femur_fea.io import read_json
from femur_risk.assessment import Patient
from femur_risk.comparators import MOST_HIDDEN
from femur_risk.exposure import ACTIVITIES, FEWEST_STEPS
from femur_risk.pipeline import layout
from femur_risk.pipeline.patient import loads_of_activities
from femur_risk.pipeline.run import Run

__all__ = ["contradicted", "not_assessable"]

_LEAST_CHANCE = 0.01  # to have borne what was borne: a choice; below it the belief is refuted


def not_assessable(
    run: Run, strength: dict[str, Any], flags: list[dict[str, Any]]
) -> tuple[str, ...]:
    """Return why no probability can be given."""
    reasons = []
    if run.config.input.mass_kg is None:
        reasons.append("the body mass is not known: give --mass-kg")
    steps = run.config.risk.steps_per_day
    if steps is not None and steps < FEWEST_STEPS:
        reasons.append(
            f"with {steps:g} steps a day the leg bears too little for a probability to tell of "
            f"the bone: give the steps that are wished for, at least {FEWEST_STEPS:g} "
            "(risk.steps_per_day)"
        )
    forces = loads_of_activities(strength)
    for name, activity in ACTIVITIES.items():
        if not set(activity.strengths) & set(forces):
            first = activity.strengths[0]
            reasons.append(f"no strength serves for {name}: add {first} to --loads")
    if any(_spread(load) is None for load in forces.values()):
        reasons.append(
            "the strength has no interval: give --uncertainty fast or full, with a linear preset"
        )
    reasons += [
        f"{100.0 * load['lesion_hidden_fraction']:.0f} % of the lesion lies where failure under "
        f"{name!r} is not looked for, so that its strength is too high: choose another load"
        for name, load in forces.items()
        if (load["lesion_hidden_fraction"] or 0.0) > MOST_HIDDEN
    ]
    if read_json(run.folder / layout.CURVE)["method"] == "average":
        reasons.append("the density is uncalibrated: choose a phantom or tissues (--calibration)")
    reasons += [flag["text"] for flag in flags if flag["severity"] == "severe"]
    return tuple(reasons)


def contradicted(patient: Patient) -> tuple[str, ...]:
    """Return why what the bone has borne does not fit what is believed of it."""
    borne = patient.within_class_months().borne
    if borne >= _LEAST_CHANCE:
        return ()
    return (
        f"the bone has borne {patient.days_borne:g} days of this life, for which its strength "
        f"gives a chance of {100.0 * borne:.2g} %: check strength, body mass and habits, or "
        "risk.days_borne",
    )


def _spread(load: dict[str, Any]) -> float | None:
    found = load["uncertainty"]
    return None if found is None else found["sd_of_ln_strength"]
