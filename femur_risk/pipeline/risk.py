"""Stage risk: risk.json, the probability of a fracture beside what today's rules say."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.io import read_json, write_json
from femur_risk.assessment import (
    CLASS_MONTHS,
    Patient,
    RiskCard,
    WeakSite,
    beside,
    calibrate,
    classify,
)
from femur_risk.assessment.card import (
    AppliedRule,
    CalibratedRisk,
    HorizonRisk,
    Reason,
    RiskClass,
    WhatIf,
)
from femur_risk.comparators import MIRELS_FRACTURES, MOST_HIDDEN
from femur_risk.exposure import (
    ACTIVITIES,
    FEWEST_STEPS,
    HARD_STUMBLES,
    RESTRICTIONS,
    USUAL_STEPS,
    DailyLife,
)
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_quality
from femur_risk.pipeline.comparisons import compare_rules
from femur_risk.pipeline.counterfactual import counterfactuals
from femur_risk.pipeline.inputs import check_unchanged
from femur_risk.pipeline.recalibrated import MODEL_ERROR, model_of, read_own_recalibration
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.sources import OF_SPECIMENS_TOO
from femur_risk.pipeline.stage import Stage, content_of
from femur_risk.pipeline.versions import DOLFINX
from femur_risk.reliability import StrengthEstimate

if TYPE_CHECKING:
    from femur_fea.domain import PublishedRecord

__all__ = ["RISK"]

_LEAST_CHANCE = 0.01  # to have borne what was borne: a choice; below it the belief is refuted


def _settings(run: Run) -> dict[str, object]:
    return {
        "case_id": run.case_id,
        "risk": run.config.risk.model_dump(),
        "mass_kg": run.config.input.mass_kg,
        "simulated": run.config.input.simulated,
        "activities": {name: content_of(record) for name, record in ACTIVITIES.items()},
        "restrictions": {name: content_of(record) for name, record in RESTRICTIONS.items()},
        "model_error": content_of(MODEL_ERROR),
        "model": model_of(run.config),
        "recalibration": run.input_sha256.get("recalibration"),
    }


def _make(run: Run, place: Path) -> None:
    """Write risk.json; without a probability where the input does not carry one."""
    strength = read_json(run.folder / layout.STRENGTH)
    flags = _flags(run)
    reasons = _not_assessable(run, strength, flags)
    patient = None if reasons else _patient(run, strength)
    if patient is not None:
        reasons = _contradicted(patient)
    card = _card(run, strength, flags, reasons, None if reasons else patient)
    write_json(place / layout.RISK, card.model_dump(mode="json"))


def _card(
    run: Run,
    strength: dict[str, Any],
    flags: list[dict[str, Any]],
    not_assessable: tuple[str, ...],
    patient: Patient | None,
) -> RiskCard:
    config = run.config.risk
    borders = (config.intermediate_from, config.high_from)
    horizons = () if patient is None else patient.horizons()
    calibrated = None if patient is None else _calibrated(run, patient)
    now = calibrated or _at_class_months(horizons)
    risk_class = None if now is None else classify(now.probability, borders)
    what_if, reasons = ((), ()) if patient is None else _told(run, strength, patient)
    borne = None if patient is None else patient.within_class_months().borne
    rules = beside(compare_rules(run), risk_class)
    return RiskCard(
        case_id=run.case_id,
        simulated=run.config.input.simulated,
        model=model_of(run.config),
        calibrated_to_outcomes=calibrated is not None and not calibrated.simulated,
        calibrated=calibrated,
        assessable=patient is not None,
        not_assessable=not_assessable,
        risk_class=risk_class,
        class_interval=None if now is None else _class_interval(now, borders),
        intermediate_from=config.intermediate_from,
        high_from=config.high_from,
        horizons=horizons,
        strengths=() if patient is None else patient.strengths(),
        model_error_sd_of_ln=MODEL_ERROR.sd_of_ln,
        restriction=config.restriction,
        days_borne=config.days_borne,
        chance_to_have_borne=borne,
        what_if=what_if,
        rules=rules,
        reasons=reasons,
        uncertainty=() if patient is None else patient.uncertainty(),
        flags=tuple(flag["text"] for flag in flags),
        assumed=_assumed(run, strength, patient),
        unverified=_unverified(rules),
    )


def _told(
    run: Run, strength: dict[str, Any], patient: Patient
) -> tuple[tuple[WhatIf, ...], tuple[Reason, ...]]:
    """Return what would be with other habits and bones, and the reasons, from one set of runs."""
    sites = _sites(strength)
    weakest = sites[patient.leading_load].region
    changed = counterfactuals(run, _on_head(strength), region=weakest)
    larger = changed.larger_lesion
    what_if = patient.what_if({} if larger is None else {"lesion 10 % larger": larger})
    return what_if, patient.reasons(sites, denser_region=changed.denser_region)


def _calibrated(run: Run, patient: Patient) -> CalibratedRisk | None:
    path = run.inputs.get("recalibration")
    if path is None:
        return None
    recalibration = read_own_recalibration(run.config, path)
    check_unchanged({"recalibration": path}, run.input_sha256)
    return calibrate(patient.within_class_months(), recalibration)


def _class_interval(
    now: HorizonRisk | CalibratedRisk, borders: tuple[float, float]
) -> tuple[RiskClass, RiskClass]:
    """Return the classes of the interval; that of the probability is one of them or beyond."""
    ends = (*now.interval_90, now.probability)
    return classify(min(ends), borders), classify(max(ends), borders)


def _at_class_months(horizons: tuple[HorizonRisk, ...]) -> HorizonRisk | None:
    return next((each for each in horizons if each.months == CLASS_MONTHS), None)


def _patient(run: Run, strength: dict[str, Any]) -> Patient:
    forces = _forces(strength)
    config = run.config.risk
    twins = {name: load["healed_strength_N"] for name, load in forces.items()}
    return Patient(
        life=DailyLife(
            mass_kg=float(run.config.input.mass_kg or 0.0),
            steps_per_day=USUAL_STEPS if config.steps_per_day is None else config.steps_per_day,
            in_pain=config.pain != "none",
        ),
        strength=StrengthEstimate(
            strengths={name: _compared(load) for name, load in forces.items()},
            sd_of_ln={name: _deviations(load)[0] for name, load in forces.items()},
            shared_sd_of_ln={name: _deviations(load)[1] for name, load in forces.items()},
            model_error=MODEL_ERROR.sd_of_ln,
        ),
        restriction=config.restriction,
        days_borne=config.days_borne,
        healed_factors={name: twins[name] / load["strength_N"] for name, load in forces.items()}
        if run.has_lesion
        else None,
    )


def _deviations(load: dict[str, Any]) -> tuple[float, float]:
    """Return the deviations of ln S by what loaded specimens do not share, and by what they do."""
    found = load["uncertainty"]
    variance = found["sd_of_ln_strength"] ** 2
    shared = sum(s["share"] for s in found["sources"] if s["name"] in OF_SPECIMENS_TOO)
    shared = min(max(shared, 0.0), 1.0)  # shares of a regression may leave the unit by round-off
    return float(np.sqrt(variance * (1.0 - shared))), float(np.sqrt(variance * shared))


def _compared(load: dict[str, Any]) -> float:
    """Return the force that a force of the activity is compared with, N.

    Forces of activities press on the head, those of falls were measured at the plate.
    """
    force: float = load["strength_N"] if load["plate_force_N"] is None else load["plate_force_N"]
    return force


def _forces(strength: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the loads that are forces on the head and serve for an activity."""
    wanted = {load for activity in ACTIVITIES.values() for load in activity.strengths}
    return {name: load for name, load in strength["loads"].items() if name in wanted}


def _on_head(strength: dict[str, Any]) -> dict[str, float]:
    return {name: load["strength_N"] for name, load in _forces(strength).items()}


def _not_assessable(
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
    forces = _forces(strength)
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


def _contradicted(patient: Patient) -> tuple[str, ...]:
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


def _flags(run: Run) -> list[dict[str, Any]]:
    curve = read_json(run.folder / layout.CURVE)
    return [*read_quality(run.folder)["flags"], *curve["flags"]]


def _sites(strength: dict[str, Any]) -> dict[str, WeakSite]:
    return {
        name: WeakSite(region=load["weakest_site"]["region"], mode=load["weakest_site"]["mode"])
        for name, load in strength["loads"].items()
    }


def _assumed(run: Run, strength: dict[str, Any], patient: Patient | None) -> tuple[str, ...]:
    config, assumed = run.config.risk, []
    found = set(_forces(strength))
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


def _unverified(rules: Sequence[AppliedRule]) -> tuple[str, ...]:
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


RISK = Stage(
    name="risk",
    upstream=("segmentation", "calibration", "mesh", "rigidity", "strength"),
    owns=layout.OWNED["risk"],
    libraries=(*DOLFINX, "numpy", "scipy"),
    settings=_settings,
    make=_make,
)
