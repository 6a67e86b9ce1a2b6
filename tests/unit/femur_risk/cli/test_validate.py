"""The command: what it writes, and that the example of the documentation does what it says."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from femur_risk.recalibration import N_DRAWS, read_recalibration
from femur_risk.validation import ValidationRecord

DOCS = Path(__file__).resolve().parents[4] / "docs"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example table of docs/validate.md."""
    (text,) = re.findall(
        r"```csv\n(.*?)```", (DOCS / "validate.md").read_text(encoding="utf-8"), re.DOTALL
    )
    path = tmp_path_factory.mktemp("example") / "PREDICTIONS.csv"
    path.write_text(text)
    return path


def test_the_example_of_the_documentation_runs(call: Any, example: Path, tmp_path: Path) -> None:
    answer = call("validate", example, "--out", tmp_path, "--resamples", 30, "--json")
    assert answer.code == 0, answer.err
    record = ValidationRecord.model_validate_json(answer.out)
    assert (
        record.model_dump_json()
        == ValidationRecord.model_validate_json(
            (tmp_path / "validation.json").read_text()
        ).model_dump_json()
    )
    assert {each.kind for each in record.predictors} == {"probability", "score", "verdict"}
    assert record.simulated
    page = (tmp_path / "validation.html").read_text()
    assert "Research use only" in page
    assert page.count("imulated") >= 5  # title, notice, heading and every table
    assert not re.search(r"https?://(?!www\.w3\.org|purl\.org|creativecommons)", page)
    assert not re.search(r"<script|<link|src=", page)
    assert "p07" not in page + answer.out + answer.err  # no patient is named


def test_outcomes_without_times_are_enough(call: Any, tmp_path: Path) -> None:
    chances = [(k + 1) / 62 for k in range(60)]
    rows = [f"p{k},{p:.3f},{int(p > 0.5) ^ (k % 7 == 0)}" for k, p in enumerate(chances)]
    table = tmp_path / "outcomes.csv"
    table.write_text("\n".join(["patient_id,probability_engine,fractured", *rows]))
    answer = call("validate", table, "--out", tmp_path, "--resamples", 20, "--json")
    assert answer.code == 0, answer.err
    (engine,) = ValidationRecord.model_validate_json(answer.out).predictors
    assert engine.name == "probability_engine"


def test_the_same_seed_gives_the_same_files(call: Any, example: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        call("validate", example, "--out", tmp_path / name, "--resamples", 20)
    for name in ("validation.json", "validation.html"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_drift_from_the_population_itself_is_none(call: Any, example: Path, tmp_path: Path) -> None:
    call("validate", example, "--out", tmp_path / "a", "--resamples", 20)
    population = tmp_path / "a" / "population.json"
    words = ("--training", population, "--resamples", 20, "--json")
    record = json.loads(call("validate", example, "--out", tmp_path / "b", *words).out)
    assert [each["drifted"] for each in record["drift"]["variables"]] == [False] * 6
    assert all(each["stability_index"]["value"] == 0.0 for each in record["drift"]["variables"])
    assert "the training population is simulated" in record["notes"]


def test_a_recalibration_is_saved_with_what_it_rests_on(
    call: Any, example: Path, tmp_path: Path
) -> None:
    words = ("--recalibrate", "bayes", "--resamples", 20, "--json")
    record = json.loads(call("validate", example, "--out", tmp_path, *words).out)
    saved = read_recalibration(tmp_path / "recalibration.json")
    assert saved.simulated
    assert saved.prediction == "probability_engine"
    assert saved.table_sha256 == record["table_sha256"]
    assert saved.model is None
    assert 0.0 < saved.fitted_range[0] < saved.fitted_range[1] < 1.0
    assert len(saved.draws) == N_DRAWS
    assert record["recalibration"]["folds"] == 5
    assert "before and after recalibration by bayes" in (tmp_path / "validation.html").read_text()
    call("validate", example, "--out", tmp_path, "--resamples", 20)
    assert not (tmp_path / "recalibration.json").exists()


def test_deaths_are_whole_femora_or_lost_ones(call: Any, example: Path, tmp_path: Path) -> None:
    found = {}
    for how in ("competing", "censored"):
        words = ("--deaths", how, "--resamples", 20, "--json")
        found[how] = json.loads(call("validate", example, "--out", tmp_path, *words).out)["outcome"]
    died = found["competing"]["n_died"]
    assert died == found["censored"]["n_died"] > 0
    assert found["competing"]["n_whole"] == found["censored"]["n_whole"] + died
    assert found["censored"]["n_censored"] == found["competing"]["n_censored"] + died
    shares = (found[how]["fracture_share"]["value"] for how in ("competing", "censored"))
    assert next(shares) < next(shares)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--threshold", "2"), "a threshold of 2"),
        (("--threshold", "low"), "--threshold = 'low'"),
        (("--threshold-range", "0.5,0.1"), "decision curves from 0.5 to 0.1"),
        (("--threshold-range", "0.5"), "--threshold-range = '0.5'"),
        (("--resamples", "5"), "5 resamples"),
        (("--deaths", "never"), "deaths 'never'"),
        (("--recalibrate", "magic"), "a recalibration 'magic'"),
        (("--recalibrate", "isotonic"), "femora in the smaller class"),
        (("--training", "none.csv"), "no table at the given path"),
        (("--engine", "other"), "no column 'probability_other'"),
        (("--horizon-days", "1000"), "follow-up of at most"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_written(
    call: Callable[..., Any], example: Path, tmp_path: Path, words: tuple[str, str], found: str
) -> None:
    answer = call("validate", example, "--out", tmp_path / "out", *words)
    assert (answer.code, answer.explains) == (2, True)
    assert found in answer.err
    assert not (tmp_path / "out").exists()
