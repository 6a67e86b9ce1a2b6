"""The JSON schemas of docs are those of the models."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs/schemas.py"
STORED = sorted(SCRIPT.parent.glob("*.schema.json"))


@pytest.fixture(scope="module")
def schemas():
    spec = importlib.util.spec_from_file_location("schemas", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_schema_has_its_model(schemas) -> None:
    assert [path.name for path in STORED] == sorted(schemas.MODELS)


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.name)
def test_the_schema_in_the_repository_is_that_of_the_model(schemas, path: Path) -> None:
    expected = schemas.schema_text(schemas.MODELS[path.name])
    assert path.read_text(encoding="utf-8") == expected, "renew with: uv run python docs/schemas.py"
