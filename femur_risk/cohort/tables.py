"""A table as CSV and Parquet: the same bytes for the same values, whoever computed them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from femur_fea.io import atomic_path
from femur_risk.cohort.columns import Kind

__all__ = ["Table", "write_csv", "write_parquet"]

type Table = Sequence[Mapping[str, Any]]


def write_csv(path: Path, kinds: Mapping[str, Kind], rows: Table) -> None:
    """Write rows by the columns of `kinds`; what does not apply is an empty cell.

    Numbers have as many digits as it takes to read the same number back.

    Raises
    ------
    DiskSpaceError
        If the disk is full.
    ValueError
        If a row has a column that is not in `kinds`.
    """
    unknown = {name for row in rows for name in row} - set(kinds)
    if unknown:
        raise ValueError(f"columns that the table does not have: {', '.join(sorted(unknown))}")
    with atomic_path(path) as place, place.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(kinds)
        for row in rows:
            writer.writerow(_text(row.get(name)) for name in kinds)


def write_parquet(
    path: Path, kinds: Mapping[str, Kind], rows: Table, *, about: Mapping[str, str]
) -> None:
    """Write the same as Parquet, with what is known about the table in its metadata.

    Raises
    ------
    DiskSpaceError
        If the disk is full.
    """
    import pyarrow as pa
    from pyarrow import parquet

    types = {"text": pa.string(), "number": pa.float64(), "count": pa.int64(), "truth": pa.bool_()}
    schema = pa.schema(
        [(name, types[kind]) for name, kind in kinds.items()],
        metadata={f"femur_fea.{key}": text for key, text in about.items()},
    )
    columns = [pa.array([row.get(name) for row in rows], schema.field(name).type) for name in kinds]
    with atomic_path(path) as place:
        parquet.write_table(pa.table(columns, schema=schema), place, compression="zstd")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
