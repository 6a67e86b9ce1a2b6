"""Virtual patients as a hospital would send them: a person, the femur and a CT with its truth."""

from femur_risk.virtual.patient import (
    PersonWithFemur,
    ScannedPatient,
    draw_patient,
    draw_person,
)
from femur_risk.virtual.scan import PHANTOM, draw_scanner, scan_femur
from femur_risk.virtual.table import truth_row

__all__ = [
    "PHANTOM",
    "PersonWithFemur",
    "ScannedPatient",
    "draw_patient",
    "draw_person",
    "draw_scanner",
    "scan_femur",
    "truth_row",
]
