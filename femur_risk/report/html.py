"""One HTML file that holds everything: no network, nothing beside it, one program of our own."""

import base64
import hashlib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from femur_fea.io import atomic_path
from femur_risk.report.blocks import Document, Picture
from femur_risk.report.pictures import read_picture

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["write_html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Embedded:
    """A picture as the template needs it."""

    uri: str
    width_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Program:
    """The one program that the page may run, and the hash by which a browser knows it."""

    text: "Markup"
    hash: str


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
        program=_program() if document.has_model else None,
    )


def _program() -> _Program:
    """Return what turns the model: our own text, so that it is not escaped."""
    from markupsafe import Markup

    text = (files("femur_risk.report") / "templates" / "model.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return _Program(text=Markup(text), hash=f"sha256-{digest}")


def _embed(picture: Picture) -> _Embedded:
    drawn = read_picture(picture)
    return _Embedded(
        uri=f"data:image/png;base64,{base64.b64encode(drawn.data).decode('ascii')}",
        width_percent=100.0 * drawn.share,
    )
