"""Many cases: a virtual cohort is made, or a cohort is carried from CT to strength."""

from femur_risk.cohort.batch import BatchResult, run_batch
from femur_risk.cohort.engine import Progress, ProgressListener, carry_out
from femur_risk.cohort.journal import alone_in
from femur_risk.cohort.simulation import simulate
from femur_risk.cohort.task import Limits, Outcome, Place, Task, Work

__all__ = [
    "BatchResult",
    "Limits",
    "Outcome",
    "Place",
    "Progress",
    "ProgressListener",
    "Task",
    "Work",
    "alone_in",
    "carry_out",
    "run_batch",
    "simulate",
]
