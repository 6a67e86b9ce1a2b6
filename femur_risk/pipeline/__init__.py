"""From a CT and a mask to strength and report, in stages that are made once."""

from femur_risk.pipeline.demonstration import prepare_demo
from femur_risk.pipeline.describe import describe_presets
from femur_risk.pipeline.events import Listener, StageEvent
from femur_risk.pipeline.installation import PACKAGES, check_packages, foreign_packages
from femur_risk.pipeline.run import Goal, check_available, rebuild_report, run_case, stages_to

__all__ = [
    "PACKAGES",
    "Goal",
    "Listener",
    "StageEvent",
    "check_available",
    "check_packages",
    "describe_presets",
    "foreign_packages",
    "prepare_demo",
    "rebuild_report",
    "run_case",
    "stages_to",
]
