"""From a CT and a mask to strength and report, in stages that are made once."""

from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import (
    read_bone,
    read_checked_ct,
    read_element,
    read_lesion,
    read_risk,
)
from femur_risk.pipeline.case import run_case
from femur_risk.pipeline.choices import load_names, quantity_of, settings_text
from femur_risk.pipeline.demonstration import patient_settings, prepare_demo, write_patient
from femur_risk.pipeline.describe import describe_presets
from femur_risk.pipeline.events import Listener, StageEvent
from femur_risk.pipeline.fingerprint import hash_values
from femur_risk.pipeline.installation import PACKAGES, check_packages, foreign_packages
from femur_risk.pipeline.lesion_files import (
    LesionAppearance,
    LesionScan,
    WantedLesion,
    plant_lesions,
)
from femur_risk.pipeline.rebuild import rebuild_report
from femur_risk.pipeline.registration import register_femur
from femur_risk.pipeline.settings import check_settings
from femur_risk.pipeline.stages import Goal, stages_to
from femur_risk.pipeline.units import LOAD_UNITS
from femur_risk.pipeline.versions import installed_versions

__all__ = [
    "LOAD_UNITS",
    "PACKAGES",
    "Goal",
    "LesionAppearance",
    "LesionScan",
    "Listener",
    "StageEvent",
    "WantedLesion",
    "check_packages",
    "check_settings",
    "describe_presets",
    "foreign_packages",
    "hash_values",
    "installed_versions",
    "layout",
    "load_names",
    "patient_settings",
    "plant_lesions",
    "prepare_demo",
    "quantity_of",
    "read_bone",
    "read_checked_ct",
    "read_element",
    "read_lesion",
    "read_risk",
    "rebuild_report",
    "register_femur",
    "run_case",
    "settings_text",
    "stages_to",
    "write_patient",
]
