"""A finished run as what looks at it needs it, read from its folder."""

from femur_risk.opened.fields import FIELDS, FieldKind, read_fields
from femur_risk.opened.open_run import Solution, ViewedRun, open_run, read_solution
from femur_risk.opened.scan import ViewedScan, read_scan

__all__ = [
    "FIELDS",
    "FieldKind",
    "Solution",
    "ViewedRun",
    "ViewedScan",
    "open_run",
    "read_fields",
    "read_scan",
    "read_solution",
]
