"""Stage report: figures and report.html, made from the other artefacts alone."""

from pathlib import Path

from femur_risk.pipeline import layout
from femur_risk.pipeline.account import gather_content
from femur_risk.pipeline.figures import draw_figures
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage

__all__ = ["REPORT"]


def _settings(_run: Run) -> dict[str, object]:
    """Return nothing: all that the report says is in the artefacts that it rests on."""
    return {}


def _make(run: Run, place: Path) -> None:
    """Write report.html and its figures."""
    from femur_risk.report import build_report

    figures = draw_figures(run, place)
    manifest = read_manifest(run.folder, case_id=run.case_id)
    build_report(gather_content(run, manifest, figures), place / layout.REPORT)


REPORT = Stage(
    name="report",
    upstream=("segmentation", "calibration", "mesh", "fe", "fe@healed", "strength", "risk"),
    owns=layout.OWNED["report"],
    libraries=(),
    settings=_settings,
    make=_make,
)
