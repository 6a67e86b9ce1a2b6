"""Tables that cannot be used are refused with a reason of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.errors import FemurFEAError, MissingInputError, OutOfRangeError
from femur_risk.errors import (
    DuplicatedFemurError,
    FollowUpError,
    OneClassError,
    PatientMismatchError,
    PredictionTableError,
)
from femur_risk.validation.reading import ReadTable, read_evidence

type Write = Callable[..., Path]

N = 6


def _columns(**changed: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {
        "patient_id": [f"p{k}" for k in range(N)],
        "age_years": [50, 60, 70, 80, 55, 65],
        "mass_kg": [60, 70, 80, 90, 65, 75],
        "probability_engine": [0.1, 0.2, 0.3, 0.7, 0.8, 0.6],
        "score_mirels": [7, 8, 7, 10, 9, 8],
        "time_days": [200, 90, 300, 40, 60, 250],
        "event": [0, 1, 0, 1, 1, 0],
    }
    columns |= changed
    return {name: cells for name, cells in columns.items() if cells is not None}


def _read(path: Path, **asked: Any) -> ReadTable:
    return read_evidence(
        path, **({"engine": "engine", "horizon_days": 182.0, "deaths": "competing"} | asked)
    )


def _at(k: int, value: object, name: str) -> dict[str, Any]:
    cells = list(_columns()[name])
    cells[k] = value
    return {name: cells}


AT_HORIZON = {"time_days": None, "event": None}


@pytest.mark.parametrize(
    ("changed", "error", "found"),
    [
        (_at(2, 700, "age_years"), OutOfRangeError, "age_years = 700 in row 4"),
        (_at(2, -3, "age_years"), OutOfRangeError, "age_years = -3"),
        (_at(1, 7000, "mass_kg"), OutOfRangeError, "mass_kg = 7000 in row 3"),
        (_at(1, "heavy", "mass_kg"), PredictionTableError, "no finite number"),
        (_at(0, 1.2, "probability_engine"), OutOfRangeError, "probability_engine = 1.2 in row 2"),
        (_at(0, -0.1, "probability_engine"), OutOfRangeError, "probability_engine = -0.1"),
        (_at(0, "inf", "score_mirels"), PredictionTableError, "no finite number"),
        (_at(0, 99, "score_mirels"), OutOfRangeError, "score_mirels = 99 in row 2"),
        ({"probability_engine": ["nan"] * N}, PredictionTableError, "without a value"),
        ({"age_years": [""] * N}, PredictionTableError, "without a value"),
        ({"sex": ["m", "f", "m", "f", "m", "horse"]}, PredictionTableError, "row 7"),
        (_at(3, -5, "time_days"), FollowUpError, "ends at -5 days, in row 5"),
        (_at(3, 0, "time_days"), FollowUpError, "ends at 0 days"),
        (_at(3, "", "time_days"), PredictionTableError, "1 empty cells in 'time_days'"),
        (_at(3, 7, "event"), PredictionTableError, "row 5"),
        ({"time_days": [10, 20, 30, 40, 50, 60]}, FollowUpError, "at most 60 days"),
        ({"event": [0] * N}, OneClassError, "0 fractured"),
        ({"event": [1] * N, "time_days": [10] * 5 + [182]}, OneClassError, "0 whole"),
        (AT_HORIZON, PredictionTableError, "outcomes in no column"),
        ({"event": None}, PredictionTableError, "outcomes in time_days"),
        (AT_HORIZON | {"fractured": [1] * N}, OneClassError, "6 fractured and 0 whole"),
        (AT_HORIZON | {"fractured": [1, 0, "", 1, 0, 1]}, PredictionTableError, "row 4"),
        (AT_HORIZON | {"fractured": [1, 0, "maybe", 1, 0, 1]}, PredictionTableError, "row 4"),
        ({"fractured": [1, 0, 1, 0, 1, 0]}, PredictionTableError, "outcomes in fractured, time"),
        ({"patient_id": ["a", "a", "a", "b", "c", "d"]}, DuplicatedFemurError, "with 3 rows"),
        ({"patient_id": ["a", "a", "b", "c", "d", "e"]}, DuplicatedFemurError, "row 3"),
        (
            {"patient_id": ["a", "a", "b", "c", "d", "e"], "side": ["left"] * N},
            DuplicatedFemurError,
            "with 2 rows",
        ),
        ({"patient_id": ["a", "", "b", "c", "d", "e"]}, PredictionTableError, "row 3"),
        ({"model": ["a"] * 5 + ["b"]}, PredictionTableError, "2 models in the column 'model'"),
        ({"model": ["a"] * 5 + [""]}, PredictionTableError, "and rows without one"),
        ({"probability_engine": None}, PredictionTableError, "no column 'probability_engine'"),
    ],
)
def test_a_table_at_fault_is_refused(
    write_table: Write, changed: dict[str, Any], error: type[FemurFEAError], found: str
) -> None:
    with pytest.raises(error) as caught:
        _read(write_table(_columns(**changed)))
    assert found in caught.value.found
    assert "p3" not in str(caught.value)


PAIR = {"patient_id": ["a", "a", "b", "c", "d", "e"], "side": ["left", "right"] * 3}


@pytest.mark.parametrize(
    "column",
    [
        {"sex": ["female", "male", "m", "m", "f", "f"]},
        {"age_years": [50, 60, 70, 80, 55, 65]},
        {"age_years": [50] * 6, "mass_kg": [60, 61, 70, 80, 65, 75]},
        {"age_years": [50] * 6, "mass_kg": [60] * 6, "primary": ["lung", "breast"] * 3},
    ],
)
def test_two_femora_of_a_patient_are_of_one_person(
    write_table: Write, column: dict[str, Any]
) -> None:
    with pytest.raises(PatientMismatchError, match=f"rows 2 and 3.*{[*column][-1]}"):
        _read(write_table(_columns(**PAIR, **column)))


def test_two_spellings_and_a_gap_are_no_difference(write_table: Write) -> None:
    same = {
        "sex": ["F", "female", "m", "m", "f", "f"],
        "age_years": ["50", "50.0", 70, 80, 55, 65],
        "mass_kg": ["", 60, 70, 80, 65, 75],
    }
    assert len(_read(write_table(_columns(**PAIR, **same))).evidence) == N


def test_two_femora_of_a_patient_differ_in_side(write_table: Write) -> None:
    path = write_table(
        _columns(**PAIR, age_years=[50, 50, 70, 80, 55, 65], mass_kg=[60, 60, 80, 90, 65, 75])
    )
    assert _read(path).evidence.patients.tolist() == [0, 0, 1, 2, 3, 4]


def test_a_femur_without_a_prediction_is_left_out_of_that_one_and_told(write_table: Write) -> None:
    read = _read(write_table(_columns(**_at(4, "NaN", "score_mirels"))))
    (score,) = read.evidence.comparators
    assert score.present.tolist() == [True, True, True, True, False, True]
    assert "score_mirels is absent in 1 rows, which it is not judged by" in read.notes


def test_columns_that_nobody_knows_are_told(write_table: Write) -> None:
    read = _read(write_table(_columns(shoe_size=[40] * N)))
    assert "columns that were not used: shoe_size" in read.notes


def test_rows_that_say_the_same_and_predictions_that_say_nothing_are_told(
    write_table: Write,
) -> None:
    columns = {name: [*cells, cells[0]] for name, cells in _columns(patient_id=None).items()}
    columns["probability_engine"] = [0.3] * (N + 1)
    notes = _read(write_table(columns)).notes
    assert "1 rows say the same as an earlier one" in notes
    assert "probability_engine is the same in every row: it ranks nothing" in notes


def test_who_was_operated_on_is_lost_and_told(write_table: Write) -> None:
    columns = _columns(event=[0, 1, 0, 1, "operated", 0])
    read = _read(write_table(columns))
    assert read.n_operated == 1
    assert any("1 femora were operated on" in note for note in read.notes)
    as_lost = _read(write_table(_columns(event=[0, 1, 0, 1, 0, 0])))
    assert np.array_equal(read.evidence.outcome.event, as_lost.evidence.outcome.event)


@pytest.mark.parametrize(
    ("engine", "deaths", "told"),
    [("engine", "competing", True), ("engine", "censored", False), ("other", "competing", False)],
)
def test_deaths_that_the_engine_does_not_know_are_told(
    write_table: Write, engine: str, deaths: str, told: bool
) -> None:
    columns = _columns(event=[0, 1, 0, 1, 2, 0], probability_other=[0.1, 0.2, 0.3, 0.7, 0.8, 0.6])
    read = _read(write_table(columns), engine=engine, deaths=deaths)
    assert any("knows no death" in note for note in read.notes) is told


@pytest.mark.parametrize(
    ("column", "simulated"),
    [
        ({}, False),
        ({"simulated": ["false"] * N}, False),
        ({"simulated": ["false"] * 5 + ["true"]}, True),
        ({"simulated_fracture": [1] * N}, True),
    ],
)
def test_a_table_is_simulated_where_it_says_so(
    write_table: Write, column: dict[str, Any], simulated: bool
) -> None:
    assert _read(write_table(_columns(**column))).evidence.simulated is simulated


def test_probabilities_of_0_and_1_are_told(write_table: Write) -> None:
    read = _read(write_table(_columns(**_at(0, 0.0, "probability_engine"))))
    assert any("exactly 0 or 1 in 1 rows" in note for note in read.notes)


def test_ages_make_bands_whose_limits_belong_to_the_older(write_table: Write) -> None:
    levels = _read(write_table(_columns())).evidence.levels["age_years"]
    young, sixties = "below 60", "60 to below 70"
    expected = [young, sixties, "70 to below 80", "80 and more", young, sixties]
    assert levels.tolist() == expected


def test_parquet_holds_the_same(write_table: Write, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = write_table(_columns())
    parquet.write_table(pa.table(_columns()), tmp_path / "table.parquet")
    first, second = (_read(each).evidence for each in (path, tmp_path / "table.parquet"))
    assert np.array_equal(first.engine.values, second.engine.values)
    assert np.array_equal(first.outcome.time_days, second.outcome.time_days)
    assert np.array_equal(first.levels["age_years"], second.levels["age_years"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", "cannot be read"),
        ("a,b\n", "without a row"),
        ("a,a\n1,2\n", "the column 'a' twice"),
        ("a,b\n1,2,3\n", "cannot be read"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "jane_doe.csv"
    path.write_text(text)
    with pytest.raises(PredictionTableError) as caught:
        _read(path)
    assert found in caught.value.found
    assert "jane" not in str(caught.value)


def test_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError):
        _read(tmp_path / "none.csv")


@pytest.mark.parametrize("horizon", [0.0, -5.0, float("nan")])
def test_a_horizon_lies_ahead(write_table: Write, horizon: float) -> None:
    with pytest.raises(OutOfRangeError):
        _read(write_table(_columns()), horizon_days=horizon)
