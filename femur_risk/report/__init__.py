"""The report of one femur: what it says, and the HTML file that says it."""

from femur_risk.report.build import build_report
from femur_risk.report.content import (
    CalibrationSummary,
    LoadOutcome,
    MeshSummary,
    MethodStep,
    ReportContent,
    ReportFigure,
    ScanSummary,
    ShapeSummary,
    SolverSummary,
)

__all__ = [
    "CalibrationSummary",
    "LoadOutcome",
    "MeshSummary",
    "MethodStep",
    "ReportContent",
    "ReportFigure",
    "ScanSummary",
    "ShapeSummary",
    "SolverSummary",
    "build_report",
]
