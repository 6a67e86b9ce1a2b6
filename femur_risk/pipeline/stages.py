"""All stages, in the order in which they are made."""

from typing import Literal

from femur_risk.pipeline.calibration import CALIBRATION
from femur_risk.pipeline.fe import FE, HEALED
from femur_risk.pipeline.mesh import MESH
from femur_risk.pipeline.report import REPORT
from femur_risk.pipeline.rigidity import RIGIDITY
from femur_risk.pipeline.risk import RISK
from femur_risk.pipeline.segmentation import SEGMENTATION
from femur_risk.pipeline.stage import Stage
from femur_risk.pipeline.strength import STRENGTH
from femur_risk.pipeline.uncertainty import UNCERTAINTY

__all__ = ["STAGES", "Goal", "stages_to"]

type Goal = Literal["calibration", "mesh", "strength", "risk", "report"]

STAGES = (
    SEGMENTATION,
    CALIBRATION,
    MESH,
    FE,
    HEALED,
    RIGIDITY,
    UNCERTAINTY,
    STRENGTH,
    RISK,
    REPORT,
)


def stages_to(goal: Goal, *, lesion: bool) -> tuple[Stage, ...]:
    """Return the stages up to `goal`, in order; those of a lesion only where there is one."""
    names = [stage.name for stage in STAGES]
    wanted = STAGES[: names.index(goal) + 1]
    return tuple(stage for stage in wanted if lesion or not stage.needs_lesion)
