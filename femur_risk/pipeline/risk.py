"""Stage risk: risk.json, the probability of a fracture beside what today's rules say."""

from pathlib import Path
from typing import Any

from femur_fea.io import read_json, write_json
from femur_risk.assessment import (
    CLASS_MONTHS,
    Patient,
    RiskCard,
    WeakSite,
    beside,
    calibrate,
    classify,
    reasons,
    shares_of_uncertainty,
    what_if,
)
from femur_risk.assessment.card import CalibratedRisk, HorizonRisk, Reason, RiskClass, WhatIf
from femur_risk.exposure import ACTIVITIES, RESTRICTIONS
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_quality
from femur_risk.pipeline.assumed import assumed_of, unverified_of
from femur_risk.pipeline.comparisons import compare_rules
from femur_risk.pipeline.counterfactual import counterfactuals
from femur_risk.pipeline.inputs import check_unchanged
from femur_risk.pipeline.not_assessable import contradicted, not_assessable
from femur_risk.pipeline.patient import loads_of_activities, patient_of
from femur_risk.pipeline.recalibrated import MODEL_ERROR, model_of, read_own_recalibration
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage, content_of
from femur_risk.pipeline.versions import DOLFINX

__all__ = ["RISK"]


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
    obstacles = not_assessable(run, strength, flags)
    patient = None if obstacles else patient_of(run, strength)
    if patient is not None:
        obstacles = contradicted(patient)
    card = _card(run, strength, flags, obstacles, None if obstacles else patient)
    write_json(place / layout.RISK, card.model_dump(mode="json"))


def _card(
    run: Run,
    strength: dict[str, Any],
    flags: list[dict[str, Any]],
    obstacles: tuple[str, ...],
    patient: Patient | None,
) -> RiskCard:
    config = run.config.risk
    borders = (config.intermediate_from, config.high_from)
    horizons = () if patient is None else patient.horizons()
    calibrated = None if patient is None else _calibrated(run, patient)
    now = calibrated or _at_class_months(horizons)
    risk_class = None if now is None else classify(now.probability, borders)
    changes, causes = ((), ()) if patient is None else _told(run, strength, patient)
    borne = None if patient is None else patient.within_class_months().borne
    rules = beside(compare_rules(run), risk_class)
    return RiskCard(
        case_id=run.case_id,
        simulated=run.config.input.simulated,
        model=model_of(run.config),
        calibrated_to_outcomes=calibrated is not None and not calibrated.simulated,
        calibrated=calibrated,
        assessable=patient is not None,
        not_assessable=obstacles,
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
        what_if=changes,
        rules=rules,
        reasons=causes,
        uncertainty=() if patient is None else shares_of_uncertainty(patient),
        flags=tuple(flag["text"] for flag in flags),
        assumed=assumed_of(run, strength, patient),
        unverified=unverified_of(rules),
    )


def _told(
    run: Run, strength: dict[str, Any], patient: Patient
) -> tuple[tuple[WhatIf, ...], tuple[Reason, ...]]:
    """Return what would be with other habits and bones, and the reasons, from one set of runs."""
    sites = _sites(strength)
    weakest = sites[patient.leading_load].region
    on_head = {name: load["strength_N"] for name, load in loads_of_activities(strength).items()}
    changed = counterfactuals(run, on_head, region=weakest)
    larger = changed.larger_lesion
    return (
        what_if(patient, {} if larger is None else {"lesion 10 % larger": larger}),
        reasons(patient, sites, denser_region=changed.denser_region),
    )


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


def _flags(run: Run) -> list[dict[str, Any]]:
    curve = read_json(run.folder / layout.CURVE)
    return [*read_quality(run.folder)["flags"], *curve["flags"]]


def _sites(strength: dict[str, Any]) -> dict[str, WeakSite]:
    return {
        name: WeakSite(region=load["weakest_site"]["region"], mode=load["weakest_site"]["mode"])
        for name, load in strength["loads"].items()
    }


RISK = Stage(
    name="risk",
    upstream=("segmentation", "calibration", "mesh", "rigidity", "strength"),
    owns=layout.OWNED["risk"],
    libraries=(*DOLFINX, "numpy", "scipy"),
    settings=_settings,
    make=_make,
)
