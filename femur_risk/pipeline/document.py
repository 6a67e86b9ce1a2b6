"""Stage report: figures and report.html, made from the other artefacts alone."""

from collections.abc import Sequence
from pathlib import Path

from femur_risk.pipeline import layout
from femur_risk.pipeline.account import gather_content
from femur_risk.pipeline.cache import Run, cached
from femur_risk.pipeline.figures import draw_figures
from femur_risk.pipeline.manifest import StageRecord, read_manifest

__all__ = ["write_report"]


def write_report(run: Run, upstream: Sequence[StageRecord]) -> StageRecord:
    """Make stage `report`: report.html and its figures."""

    def make(place: Path) -> None:
        from femur_risk.report import build_report

        figures = draw_figures(run, place)
        manifest = read_manifest(run.folder, case_id=run.case_id)
        build_report(gather_content(run, manifest, figures), place / layout.REPORT)

    return cached(run, "report", settings={}, upstream=upstream, make=make)
