"""Rows of the clinical table; every column says that it is simulated."""

from dataclasses import asdict
from typing import Any

from femur_risk.population.clinical import ClinicalRecord
from femur_risk.population.outcome import HORIZON_DAYS, Outcome

__all__ = ["clinical_row", "outcome_row"]

_PREFIX = "simulated_"


def clinical_row(clinical: ClinicalRecord) -> dict[str, Any]:
    """Return the facts of a patient by column, with units in the names."""
    return {f"{_PREFIX}{name}": value for name, value in asdict(clinical).items()}


def outcome_row(outcome: Outcome) -> dict[str, Any]:
    """Return what became of a patient by column, with units in the names."""
    row = {
        "horizon_days": HORIZON_DAYS,
        "fracture": outcome.fractured,
        "fracture_day": outcome.fracture_day,
        "fracture_activity": outcome.fracture_activity,
        "death_day": outcome.death_day,
        "true_over_computed_strength": outcome.strength_factor,
        **{f"hazard_{name}_per_day": hazard for name, hazard in outcome.hazards_per_day.items()},
    }
    return {f"{_PREFIX}{name}": value for name, value in row.items()}
