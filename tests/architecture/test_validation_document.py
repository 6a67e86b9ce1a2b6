"""docs/validation.md says what the records say, and a change of a comparison is noticed."""

import copy
import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs/validation.py"


@pytest.fixture(scope="module")
def validation():
    spec = importlib.util.spec_from_file_location("validation", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def record(validation):
    return validation.read(validation.RECORD)


def test_the_document_is_what_the_records_say(validation):
    assert validation.staleness() == [], "renew with: uv run python docs/validation.py render"


def test_every_recorded_test_is_there(record):
    root = SCRIPT.parents[1]
    for row in record["rows"]:
        path, name = row["test"].split("::")
        assert f"def {name.split('[')[0]}(" in (root / path).read_text(encoding="utf-8")


def test_a_record_agrees_with_itself_and_round_off_does_not_matter(validation, record):
    now = copy.deepcopy(record)
    for row in now["rows"]:
        row["found"] += 0.5 * row["tolerance"] * validation.scale(row)
        row["expected"] *= 1.0 + 1e-12
    assert validation.differences(record, now) == []


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("expected", lambda row: row["expected"] * 1.001 + 1e-3),
        ("found", lambda row: row["found"] + 3.0 * row["tolerance"] * (abs(row["expected"]) or 1)),
        ("tolerance", lambda row: 2.0 * row["tolerance"]),
        ("origin", lambda _: "because it passes so"),
        ("source", lambda _: "hearsay"),
    ],
)
def test_a_comparison_that_changed_is_noticed(validation, record, key, change):
    now = copy.deepcopy(record)
    row = next(row for row in now["rows"] if row["expected"])
    row[key] = change(row)
    (fault,) = validation.differences(record, now)
    assert row["quantity"] in fault
    assert fault.endswith(f"another {key} than recorded")


def test_a_comparison_that_was_added_or_dropped_is_noticed(validation, record):
    fewer = copy.deepcopy(record)
    dropped = fewer["rows"].pop()
    (gone,) = validation.differences(record, fewer)
    (new,) = validation.differences(fewer, record)
    assert "not compared any more" in gone
    assert "is not recorded" in new
    fewer["skipped"].append(dropped["test"])
    assert validation.differences(record, fewer) == []
