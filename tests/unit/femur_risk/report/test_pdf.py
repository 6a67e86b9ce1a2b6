"""The report as PDF: an archive file whose words are data and whose pages hold what they show."""

import io
import re
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.image import imread, imsave

from femur_risk.report import ENGLISH, ReportContent, ReportFigure, find_words, write_pdf
from femur_risk.report import compose_document as compose
from femur_risk.report.blocks import Document, Listing, Section
from femur_risk.report.pdf import SHOWN, pdf_pages, printable

HOSTILE = '#read("/etc/passwd") *x* $y$ @z <q> \\ #panic() // [{"a": 1}] </script><b>'
PPI = 48.0
MARGIN = round(15.0 / 25.4 * PPI)  # pixels: 15 mm


def compose_document(content: ReportContent) -> Document:
    return compose(content, find_words(ENGLISH))


def written(document: Document, folder: Path) -> bytes:
    write_pdf(document, folder / "report.pdf")
    return (folder / "report.pdf").read_bytes()


def pages(document: Document) -> list[Any]:
    """Return the pages, dark where something is shown."""
    return [imread(io.BytesIO(png))[..., :3].min(axis=2) for png in pdf_pages(document, ppi=PPI)]


def text_of(pdf: bytes) -> str:
    """Return what a reader can copy of a PDF: its streams by the tables of its fonts."""
    plain = re.sub(rb"stream\r?\n(.*?)\r?\nendstream", _inflated, pdf, flags=re.DOTALL)
    pieces = re.findall(rb"/ActualText ?\((?:\\.|[^\\)])*\)|<([0-9A-F]+)> <([0-9A-F]+)>", plain)
    return " ".join(bytes.fromhex(to.decode()).decode("utf-16-be") for _, to in pieces if to)


def _inflated(found: re.Match[bytes]) -> bytes:
    try:
        return b"stream\n" + zlib.decompress(found[1]) + b"\nendstream"
    except zlib.error:
        return found[0]


def test_the_pdf_is_an_archive_file_that_says_its_title(
    content: ReportContent, tmp_path: Path
) -> None:
    pdf = written(compose_document(content), tmp_path)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert b"demo-0007" in pdf
    assert b"/Launch" not in pdf
    assert b"/JavaScript" not in pdf
    assert b"/EmbeddedFile" not in pdf


def test_every_character_that_is_called_shown_has_a_glyph(
    content: ReportContent, tmp_path: Path
) -> None:
    shown = [chr(code) for code in range(0x2300) if re.fullmatch(f"[{SHOWN}]", chr(code))]
    assert len(shown) > 400
    words = Listing(heading="all", items=("".join(shown), *(f"a{each}" for each in shown)))
    document = replace(
        compose_document(content),
        sections=(Section(name="all", heading="".join(shown), blocks=(words,)),),
    )
    assert written(document, tmp_path)


@pytest.mark.parametrize("character", ["\U0001f600", "\x07", "\u202e", "\ud55c", "\ue000", "\xad"])
def test_a_character_that_no_font_has_is_written_as_its_number(
    content: ReportContent, tmp_path: Path, character: str
) -> None:
    assert printable(f"a{character}b") == f"a[U+{ord(character):04X}]b"
    assert written(compose_document(replace(content, case_id=character)), tmp_path)


def test_hostile_strings_stay_text(content: ReportContent, png: Path, tmp_path: Path) -> None:
    """Markup that was obeyed would not be shown; two of these would have ended the program."""
    assert printable(HOSTILE).replace("\u200b", "") == HOSTILE
    hostile = _said(content, png, HOSTILE)
    letters = set(text_of(written(hostile, tmp_path)))
    assert set('#"/*$@<\\{[') <= letters, "all are shown"


def _said(content: ReportContent, png: Path, words: str) -> Document:
    return compose_document(
        replace(
            content,
            case_id=words,
            preset=words,
            warnings=(words,),
            unverified=(words,),
            figures=(ReportFigure(png=png, caption=words),),
            versions={words: words},
            loads=(replace(content.loads[0], weakest_region=words, load=words),),
        )
    )


def _crowded(content: ReportContent, png: Path) -> ReportContent:
    """Return a report of twelve loads and lesions with names longer than a line."""
    endless, phrase = "a_very-long" + 12 * "Name0" + "x" * 150, 30 * "many words "
    loads = tuple(
        replace(
            content.loads[0],
            load=f"{endless}{k}",
            weakest_region=phrase,
            strength=1e6 + k,
            interval_90=(1e5, 1e6),
            strain_fold_ratio=12.3,
            strain_fold_threshold=1.48,
            first_yield=123456.0,
        )
        for k in range(12)
    )
    lesions = tuple(f"Lesion {k} of 12, {endless}: {phrase}" for k in range(1, 13))
    return replace(
        content,
        case_id=endless,
        preset=endless,
        loads=loads,
        warnings=lesions,
        unverified=lesions,
        figures=tuple(ReportFigure(png=png, caption=phrase) for _ in range(2)),
    )


@pytest.mark.parametrize("n_loads", [2, 12])
def test_nothing_overflows_a_page(content: ReportContent, tmp_path: Path, n_loads: int) -> None:
    tall = tmp_path / "tall.png"
    imsave(tall, np.zeros((3000, 1600, 3)))
    crowded = _crowded(content, tall)
    shown = pages(compose_document(replace(crowded, loads=crowded.loads[:n_loads])))
    assert len(shown) > 5
    for page in shown:
        height, width = page.shape
        assert (width, height) == pytest.approx((210 / 25.4 * PPI, 297 / 25.4 * PPI), abs=1.0)
        assert page[:, : MARGIN - 1].min() == 1.0, "the left margin is empty"
        assert page[:, width - MARGIN + 1 :].min() == 1.0, "the right margin is empty"
        assert page[height - round(6.0 / 25.4 * PPI) :].min() == 1.0, "nothing below the footer"


def test_missing_parts_leave_no_empty_page(content: ReportContent) -> None:
    bare = replace(
        content,
        mass_kg=None,
        figures=(),
        warnings=(),
        unverified=(),
        methods=(),
        versions={},
        loads=(replace(content.loads[0], healed_strength=None, strength_loss_fraction=None),),
        risk=content.risk.model_copy(
            update={
                "assessable": False,
                "not_assessable": ("no mass",),
                "horizons": (),
                "what_if": (),
                "reasons": (),
                "uncertainty": (),
                "rules": (),
            }
        ),
    )
    document = compose_document(bare)
    assert [each.name for each in document.sections] == ["quality", "result", "strength", "model"]
    for page in pages(document):
        body = page[: round(0.9 * len(page))]
        assert (body < 0.9).any(axis=1).mean() > 0.05


def test_the_order_of_sections_is_the_one_that_clinicians_know(content: ReportContent) -> None:
    names = [each.name for each in compose_document(content).sections]
    assert names == ["quality", "result", "strength", "rules", "risk", "uncertainty", "model",
                     "methods"]  # fmt: skip
