"""The report's words: one catalogue a language, each with the same keys and places."""

import string
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args

import pytest

from femur_fea.loads import LOAD_CASES, LOAD_FAMILIES
from femur_fea.strength.region import Region
from femur_risk.assessment.card import Agreement, RiskClass
from femur_risk.comparators import RULES
from femur_risk.config import Language
from femur_risk.exposure import ACTIVITIES, RESTRICTIONS
from femur_risk.report import (
    ENGLISH,
    LANGUAGES,
    ReportContent,
    compose_document,
    find_words,
    write_html,
    write_pdf,
)

FOREIGN = [each for each in LANGUAGES if each != ENGLISH]


def entries(language: str) -> dict[tuple[str, str], str]:
    text = (files("femur_risk.report") / "languages" / f"{language}.toml").read_text("utf-8")
    tables: Mapping[str, Mapping[str, str]] = tomllib.loads(text)
    return {(table, key): said for table, keys in tables.items() for key, said in keys.items()}


def places(said: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(said) if name is not None)


def sentences(value: Any) -> Iterator[str]:
    """Yield every string of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from sentences(each)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from sentences(getattr(value, name))


def test_a_run_can_ask_for_every_language() -> None:
    assert get_args(Language.__value__) == LANGUAGES


@pytest.mark.parametrize("language", FOREIGN)
def test_every_language_has_the_keys_and_places_of_english(language: str) -> None:
    english, other = entries(ENGLISH), entries(language)
    assert list(other) == list(english)
    assert {k: places(said) for k, said in other.items()} == {
        k: places(said) for k, said in english.items()
    }
    assert all(other.values())


def test_every_name_of_the_software_has_a_word() -> None:
    named = {
        "activity": ACTIVITIES,
        "what_if": {*RESTRICTIONS, "no restriction", "usual steps", "without the lesion"}
        - {"none"},
        "rule": RULES,
        "load": (*LOAD_CASES, *LOAD_FAMILIES),
        "region": get_args(Region.__value__),
        "risk_class": get_args(RiskClass.__value__),
        "agreement": get_args(Agreement.__value__),
    }
    known = find_words(ENGLISH).entries
    for table, names in named.items():
        missing = {name for name in names if name.replace(" ", "_") not in known[table]}
        assert missing == set(), table


@pytest.mark.parametrize("language", FOREIGN)
def test_no_sentence_of_the_catalogue_stays_english(content: ReportContent, language: str) -> None:
    told = " | ".join(sentences(compose_document(content, find_words(language))))
    for (table, key), english in entries(ENGLISH).items():
        pieces = [piece.strip(" .;:,()") for piece, _, _, _ in string.Formatter().parse(english)]
        for piece in pieces:
            if len(piece.split()) > 2:
                assert piece not in told, f"{table}.{key}"


def test_german_numbers_are_not_read_as_english_ones(content: ReportContent) -> None:
    told = " | ".join(sentences(compose_document(content, find_words("de"))))
    assert "Das rechte Femur trägt 5\xa0230\xa0N (das 7,41-fache Körpergewicht)" in told
    assert "5,230" not in told
    assert "1,23\xa0%" in told


def test_what_is_ready_made_is_called_so(content: ReportContent) -> None:
    words = find_words("de")
    document = compose_document(content, words)
    (result,) = [each for each in document.sections if each.name == "result"]
    remarks = list(sentences(result))
    assert remarks.index(words["original_wording"]) < remarks.index("The shaft is short.")
    english = " | ".join(sentences(compose_document(content, find_words(ENGLISH))))
    assert find_words(ENGLISH)["original_wording"] not in english


@pytest.mark.parametrize("language", FOREIGN)
def test_page_and_pdf_tell_their_language(
    content: ReportContent, tmp_path: Path, language: str
) -> None:
    document = compose_document(content, find_words(language))
    write_html(document, tmp_path / "report.html")
    write_pdf(document, tmp_path / "report.pdf")
    assert f'<html lang="{language}">' in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"/Lang({language}".encode() in (tmp_path / "report.pdf").read_bytes().replace(b" ", b"")
