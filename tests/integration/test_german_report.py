"""The demonstration told in German: nothing of the catalogue stays English."""

import html
import re
import string
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from femur_risk.config import load_config
from femur_risk.pipeline.account import gather_content
from femur_risk.pipeline.manifest import read_manifest
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stages import STAGES
from femur_risk.report import compose_document, find_words, write_html

# the names of constants, which are original wording, hold these
ALSO_NAMES = ("uncertain",)
ORIGINAL = "Englischer Originalwortlaut der Software:"


@pytest.fixture(scope="module")
def page(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Write the page without its pictures."""
    (manifest_file,) = demo.glob("*/manifest.json")
    folder = manifest_file.parent
    manifest = read_manifest(folder, case_id=folder.name)
    run = Run(
        case_id=folder.name,
        folder=folder,
        config=load_config(folder / "run.toml"),
        inputs={},
        input_sha256=manifest.input_sha256,
        listener=lambda _event: None,
        ranks=1,
        chain=STAGES,
    )
    path = tmp_path_factory.mktemp("german") / "report.html"
    write_html(compose_document(gather_content(run, manifest, (), None), find_words("de")), path)
    return path.read_text(encoding="utf-8")


def test_no_sentence_of_the_english_catalogue_is_in_the_german_page(page: str) -> None:
    text = (files("femur_risk.report") / "languages" / "en.toml").read_text("utf-8")
    english = [
        said
        for name, table in tomllib.loads(text).items()
        if name not in ALSO_NAMES
        for said in table.values()
    ]
    pieces = {
        piece.strip(" .;:,()")
        for said in english
        for piece, _, _, _ in string.Formatter().parse(said)
    }
    told = {piece for piece in pieces if len(piece.split()) > 2 and piece in page}
    assert told == set()


def test_what_other_parts_of_the_software_said_is_called_original_wording(page: str) -> None:
    assert page.count(ORIGINAL) >= 3
    (warned,) = re.findall(f"{ORIGINAL}</li>(.*?)</ul>", page, re.DOTALL)
    assert "the law 'morgan_2003_femoral_neck' was measured on" in html.unescape(warned)
