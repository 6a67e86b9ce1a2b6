"""The patient of a run: what its strength.json and its configuration say of whose femur it is."""

from typing import Any

import numpy as np

from femur_risk.assessment import Patient
from femur_risk.exposure import ACTIVITIES, USUAL_STEPS, DailyLife
from femur_risk.pipeline.recalibrated import MODEL_ERROR
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.sources import OF_SPECIMENS_TOO
from femur_risk.reliability import StrengthEstimate

__all__ = ["loads_of_activities", "patient_of"]


def patient_of(run: Run, strength: dict[str, Any]) -> Patient:
    """Return whose femur it is, of a run with a body mass and intervals of its strengths."""
    forces = loads_of_activities(strength)
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


def loads_of_activities(strength: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the loads that are forces on the head and serve for an activity."""
    wanted = {load for activity in ACTIVITIES.values() for load in activity.strengths}
    return {name: load for name, load in strength["loads"].items() if name in wanted}
