"""One HTML file that holds everything: no network, no script, nothing beside it."""

import base64
from dataclasses import dataclass
from pathlib import Path

from femur_fea.errors import MissingInputError
from femur_fea.io import atomic_path
from femur_risk.report.amounts import quantity
from femur_risk.report.content import ReportContent, ReportFigure
from femur_risk.report.phrases import caveats, headlines
from femur_risk.report.risk import risk_headline, risk_lists, risk_tables
from femur_risk.report.solves import solver_table
from femur_risk.report.tables import quality_facts, strength_table
from femur_risk.report.uncertainty import uncertainty_table
from femur_risk.report.words import WORDS

__all__ = ["build_report"]

# figures of this width fill the page; narrower ones keep the same size of letters
_FULL_WIDTH_PX = 1600
_PNG_WIDTH = slice(16, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Embedded:
    """A picture as the template needs it."""

    uri: str
    caption: str
    width_percent: float


def build_report(run: ReportContent, path: Path) -> None:
    """Write the report of a run as one HTML file that prints on A4.

    Parameters
    ----------
    run : ReportContent
        What the report says. Its strings are shown as text, whatever they hold.
    path : Path
        The file to write; it appears whole or not at all.

    Raises
    ------
    MissingInputError
        If a figure's PNG does not exist.
    DiskSpaceError, ConfigError
        If the file cannot be written.
    """
    html = _render(run)
    with atomic_path(path) as temporary:
        temporary.write_text(html, encoding="utf-8")


def _render(run: ReportContent) -> str:
    # jinja2 is imported here so that the command line answers at once
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("femur_risk.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    figures = [_embed(figure) for figure in run.figures]
    return environment.get_template("report.html").render(
        run=run,
        words=WORDS,
        headlines=headlines(run),
        caveats=caveats(run),
        mass=quantity(run.mass_kg, "kg"),
        table=strength_table(run),
        risk_headline=risk_headline(run.risk),
        risk_lists=risk_lists(run.risk),
        risk_tables=risk_tables(run.risk),
        uncertainty=uncertainty_table(run.loads),
        quality=quality_facts(run),
        solves=solver_table(run),
        key_figure=figures[:1],
        figures=figures[1:],
    )


def _embed(figure: ReportFigure) -> _Embedded:
    if not figure.png.is_file():
        raise MissingInputError(
            found=f"no file {figure.png.name} for the figure {figure.caption!r}",
            expected="the PNG of every figure of the report",
            remedy="draw the figure before writing the report",
        )
    data = figure.png.read_bytes()
    width = int.from_bytes(data[_PNG_WIDTH], "big")
    return _Embedded(
        uri=f"data:image/png;base64,{base64.b64encode(data).decode('ascii')}",
        caption=figure.caption,
        width_percent=min(100.0, 100.0 * width / _FULL_WIDTH_PX),
    )
