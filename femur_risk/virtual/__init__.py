"""Virtual patients as a hospital would send them: a person, the femur and a CT with its truth."""

from femur_risk.virtual.lesion import LesionPlan, draw_plan
from femur_risk.virtual.patient import (
    PersonWithFemur,
    ScannedPatient,
    draw_patient,
    draw_person,
)
from femur_risk.virtual.scan import PHANTOM, draw_scanner, scan_femur
from femur_risk.virtual.table import truth_row
from femur_risk.virtual.words import describe_patient

__all__ = [
    "PHANTOM",
    "LesionPlan",
    "PersonWithFemur",
    "ScannedPatient",
    "describe_patient",
    "draw_patient",
    "draw_person",
    "draw_plan",
    "draw_scanner",
    "scan_femur",
    "truth_row",
]
