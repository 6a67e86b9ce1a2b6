"""Virtual patients as people: clinical facts, daily loads, and chance. All of it is simulated."""

from femur_risk.population.clinical import (
    ClinicalRecord,
    Distributions,
    Pain,
    Sex,
    draw_build,
    draw_clinical,
)
from femur_risk.population.outcome import HORIZON_DAYS, Outcome, Person, draw_outcome, hazards
from femur_risk.population.primaries import PRIMARIES, PrimaryTumour
from femur_risk.population.table import clinical_row, outcome_row

__all__ = [
    "HORIZON_DAYS",
    "PRIMARIES",
    "ClinicalRecord",
    "Distributions",
    "Outcome",
    "Pain",
    "Person",
    "PrimaryTumour",
    "Sex",
    "clinical_row",
    "draw_build",
    "draw_clinical",
    "draw_outcome",
    "hazards",
    "outcome_row",
]
