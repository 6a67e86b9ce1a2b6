"""The report of one femur: what it says, and the HTML file that says it."""

from femur_risk.report.amounts import whole_percent
from femur_risk.report.build import build_report
from femur_risk.report.content import (
    CalibrationSummary,
    MeshSummary,
    MethodStep,
    ReportContent,
    ReportFigure,
    ScanSummary,
    ShapeSummary,
)
from femur_risk.report.loss import doubt_of_loss, loss_cell, loss_percent
from femur_risk.report.outcome import (
    LoadOutcome,
    RigiditySummary,
    SolverSummary,
    SourceShare,
)
from femur_risk.report.phrases import describe_curve_end, rough_values
from femur_risk.report.risk import risk_headline, risk_lists, risk_tables, verdicts

__all__ = [
    "CalibrationSummary",
    "LoadOutcome",
    "MeshSummary",
    "MethodStep",
    "ReportContent",
    "ReportFigure",
    "RigiditySummary",
    "ScanSummary",
    "ShapeSummary",
    "SolverSummary",
    "SourceShare",
    "build_report",
    "describe_curve_end",
    "doubt_of_loss",
    "loss_cell",
    "loss_percent",
    "risk_headline",
    "risk_lists",
    "risk_tables",
    "rough_values",
    "verdicts",
    "whole_percent",
]
