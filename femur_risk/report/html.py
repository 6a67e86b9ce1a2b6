"""One HTML file that holds everything: no network, nothing beside it."""

import base64
from dataclasses import dataclass
from pathlib import Path

from femur_fea.io import atomic_path
from femur_risk.report.blocks import Document, Picture
from femur_risk.report.pictures import read_picture

__all__ = ["write_html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Embedded:
    """A picture as the template needs it."""

    uri: str
    width_percent: float


def write_html(document: Document, path: Path) -> None:
    """Write a report as one HTML file that prints on A4.

    Parameters
    ----------
    document : Document
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
    html = _render(document)
    with atomic_path(path) as temporary:
        temporary.write_text(html, encoding="utf-8")


def _render(document: Document) -> str:
    # jinja2 is imported here so that the command line answers at once
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("femur_risk.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html").render(
        document=document,
        drawn={picture.png: _embed(picture) for picture in document.pictures},
    )


def _embed(picture: Picture) -> _Embedded:
    drawn = read_picture(picture)
    return _Embedded(
        uri=f"data:image/png;base64,{base64.b64encode(drawn.data).decode('ascii')}",
        width_percent=100.0 * drawn.share,
    )
