"""Stage report: figures, report.html and report.pdf, made from the other artefacts alone."""

from pathlib import Path

from femur_risk.pipeline import layout
from femur_risk.pipeline.account import gather_content
from femur_risk.pipeline.figures import draw_figures
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage
from femur_risk.pipeline.turned import gather_model

__all__ = ["REPORT"]


def _settings(run: Run) -> dict[str, object]:
    """Return the language: all that the report says is in the artefacts that it rests on."""
    return {"language": run.config.report.language}


def _make(run: Run, place: Path) -> None:
    """Write the figures, and the report that shows them as HTML and as PDF."""
    from femur_risk.report import compose_document, find_words, write_html, write_pdf

    figures = draw_figures(run, place)
    manifest = read_manifest(run.folder, case_id=run.case_id)
    document = compose_document(
        gather_content(run, manifest, figures, gather_model(run)),
        find_words(run.config.report.language),
    )
    write_html(document, place / layout.REPORT)
    write_pdf(document, place / layout.REPORT_PDF)


REPORT = Stage(
    name="report",
    upstream=("segmentation", "calibration", "mesh", "fe", "fe@healed", "strength", "risk"),
    owns=layout.OWNED["report"],
    libraries=(),
    settings=_settings,
    make=_make,
)
