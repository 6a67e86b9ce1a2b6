"""The same document as PDF/A, set by typst from a template that takes all words as data."""

import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from femur_fea.io import atomic_path
from femur_risk.report.blocks import Document, Picture
from femur_risk.report.model import TurnedModel
from femur_risk.report.pictures import read_picture

__all__ = ["SHOWN", "pdf_pages", "printable", "write_pdf"]

# PDF/A wants a glyph for every character: these ranges the fonts within typst hold, as a test shows
SHOWN = (
    " -~\xa0-\xac\xae-\u017f\u0391-\u03a1\u03a3-\u03c9\u0410-\u044f"
    "\u2010-\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u20ac\u2190-\u2193"
    "\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265"
)
_NOT_SHOWN = re.compile(f"[^{SHOWN}]")
_LONG = re.compile(r"[^\s-]{25,}")  # longer than a cell is wide
_PIECE = 8
_MAY_BREAK = "\u200b"


def write_pdf(document: Document, path: Path) -> None:
    """Write a report as PDF/A-2b on A4.

    Parameters
    ----------
    document : Document
        What the report says. Its strings are shown as text, whatever they hold; a character that
        no font has is written as its number.
    path : Path
        The file to write; it appears whole or not at all.

    Raises
    ------
    MissingInputError
        If a figure's PNG does not exist.
    DiskSpaceError, ConfigError
        If the file cannot be written.
    """
    (pdf,) = _compiled(document, format="pdf", pdf_standards="a-2b")
    with atomic_path(path) as temporary:
        temporary.write_bytes(pdf)


def pdf_pages(document: Document, *, ppi: float) -> tuple[bytes, ...]:
    """Return the pages of the PDF as PNG files, `ppi` pixels an inch."""
    return _compiled(document, format="png", ppi=ppi)


def _compiled(document: Document, **options: Any) -> tuple[bytes, ...]:
    """Set the document in a folder of its own, outside of which typst reads nothing."""
    # typst is imported here so that the command line answers at once
    import typst

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in _sources(document).items():
            (folder / file).write_bytes(data)
        found = typst.compile(folder / "main.typ", root=folder, ignore_system_fonts=True, **options)
    return tuple(found) if isinstance(found, list) else (found,)


def _sources(document: Document) -> dict[str, bytes]:
    """Return all that typst reads, by name: the template, the words and the pictures."""
    pictures = {f"{k}.png": read_picture(each) for k, each in enumerate(document.pictures)}
    names = dict(zip(document.pictures, pictures, strict=True))
    content = asdict(document)
    content["sections"] = [
        {
            **asdict(section),
            "blocks": [
                _picture(block, names[block], pictures[names[block]])
                if isinstance(block, Picture)
                else asdict(block)
                for block in section.blocks
                if not isinstance(block, TurnedModel)
            ],
        }
        for section in document.sections
    ]
    words = json.dumps(_printable_within(content), ensure_ascii=True)
    template = files("femur_risk.report") / "templates" / "report.typ"
    return {
        "main.typ": template.read_bytes(),
        "document.json": words.encode("ascii"),
        **{name: drawn.data for name, drawn in pictures.items()},
    }


def printable(text: str) -> str:
    """Return a text that the PDF's fonts can show and whose long words can be broken.

    What they cannot show, control characters included, is written as its number: [U+1F600].
    """
    shown = _NOT_SHOWN.sub(lambda found: f"[U+{ord(found[0]):04X}]", " ".join(text.split("\n")))
    return _LONG.sub(_broken, shown)


def _broken(word: re.Match[str]) -> str:
    return _MAY_BREAK.join(re.findall(f".{{1,{_PIECE}}}", word[0]))


def _picture(picture: Picture, name: str, drawn: Any) -> dict[str, object]:
    return {
        "kind": picture.kind,
        "caption": picture.caption,
        "is_key": picture.is_key,
        "file": name,
        "share": drawn.share,
        "aspect": drawn.aspect,
    }


def _printable_within(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable_within(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable_within(each) for each in value]
    return value
