"""Settings of the report."""

from typing import Literal

from pydantic import Field

from femur_risk.config.section import Section

__all__ = ["Language", "ReportConfig"]

type Language = Literal["en", "de"]


class ReportConfig(Section):
    """Report: how it is told."""

    language: Language = Field(
        default="en",
        description="Language of report.html and report.pdf: English, or German ('de') around "
        "warnings, captions and methods that stay in their English wording.",
    )
