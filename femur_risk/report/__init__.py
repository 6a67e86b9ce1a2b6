"""The report of one femur: what it says, and the HTML and PDF files that say it."""

from femur_risk.report.amounts import whole_percent
from femur_risk.report.blocks import Document
from femur_risk.report.content import (
    CalibrationSummary,
    MeshSummary,
    MethodStep,
    ReportContent,
    ReportFigure,
    ScanSummary,
    ShapeSummary,
)
from femur_risk.report.document import compose_document
from femur_risk.report.html import write_html
from femur_risk.report.loss import doubt_of_loss, loss_cell, loss_percent
from femur_risk.report.model import ColouredSide, LoadedBone, ReportModel
from femur_risk.report.outcome import (
    LoadOutcome,
    RigiditySummary,
    SolverSummary,
    SourceShare,
)
from femur_risk.report.pdf import write_pdf
from femur_risk.report.phrases import describe_curve_end, rough_values
from femur_risk.report.risk import (
    risk_headline,
    risk_reasons,
    risk_shares,
    risk_tables,
    rules_table,
    verdicts,
)
from femur_risk.report.words import ENGLISH, LANGUAGES, Words, find_words

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "CalibrationSummary",
    "ColouredSide",
    "Document",
    "LoadOutcome",
    "LoadedBone",
    "MeshSummary",
    "MethodStep",
    "ReportContent",
    "ReportFigure",
    "ReportModel",
    "RigiditySummary",
    "ScanSummary",
    "ShapeSummary",
    "SolverSummary",
    "SourceShare",
    "Words",
    "compose_document",
    "describe_curve_end",
    "doubt_of_loss",
    "find_words",
    "loss_cell",
    "loss_percent",
    "risk_headline",
    "risk_reasons",
    "risk_shares",
    "risk_tables",
    "rough_values",
    "rules_table",
    "verdicts",
    "whole_percent",
    "write_html",
    "write_pdf",
]
