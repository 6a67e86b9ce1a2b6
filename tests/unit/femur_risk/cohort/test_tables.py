"""Tables of results: the same bytes for the same values, and all that is known beside them."""

import csv
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet

from femur_risk.cohort.tables import write_csv, write_parquet

KINDS: Any = {"case_id": "text", "strength_N": "number", "n_cells": "count", "simulated": "truth"}
ROWS: list[dict[str, Any]] = [
    {"case_id": "a", "strength_N": 0.1 + 0.2, "n_cells": 7, "simulated": True},
    {"case_id": "b"},
]


def test_numbers_are_read_back_from_csv_as_they_were(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", KINDS, ROWS)
    with (tmp_path / "t.csv").open(newline="") as stream:
        first, second = csv.DictReader(stream)
    assert float(first["strength_N"]) == 0.1 + 0.2
    assert first["simulated"] == "true"
    assert second == {"case_id": "b", "strength_N": "", "n_cells": "", "simulated": ""}


def test_parquet_keeps_types_absent_values_and_what_is_known(tmp_path: Path) -> None:
    write_parquet(tmp_path / "t.parquet", KINDS, ROWS, about={"schema_version": "1"})
    table = parquet.read_table(tmp_path / "t.parquet")
    assert table.to_pylist() == [ROWS[0], {**dict.fromkeys(KINDS), "case_id": "b"}]
    assert [str(field.type) for field in table.schema] == ["string", "double", "int64", "bool"]
    assert table.schema.metadata[b"femur_fea.schema_version"] == b"1"


def test_a_column_that_no_case_has_keeps_its_type(tmp_path: Path) -> None:
    write_parquet(tmp_path / "t.parquet", KINDS, [{"case_id": "b"}], about={})
    assert str(parquet.read_schema(tmp_path / "t.parquet").field("strength_N").type) == "double"


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_the_same_rows_make_the_same_bytes(tmp_path: Path, name: str) -> None:
    found = []
    for _ in range(2):
        if name.endswith("csv"):
            write_csv(tmp_path / name, KINDS, ROWS)
        else:
            write_parquet(tmp_path / name, KINDS, ROWS, about={"version": "1"})
        found.append((tmp_path / name).read_bytes())
    assert found[0] == found[1]
