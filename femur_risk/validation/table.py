"""The cells of a table in CSV or Parquet, by column, as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from femur_fea.errors import MissingInputError
from femur_risk.errors import PredictionTableError

__all__ = ["Cells", "read_cells"]

_ABSENT = frozenset({"", "na", "nan", "null", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A table of text.

    Attributes
    ----------
    columns : mapping of str to sequence of text or None
        Cells by heading; None where a cell is empty, NA, NaN, null or none.
    n_rows : int
        Length of each column.
    sha256 : str
        Hash of the file.
    """

    columns: Mapping[str, Sequence[str | None]]
    n_rows: int
    sha256: str


def read_cells(path: Path) -> Cells:
    """Read a table whose name ends in .csv or .parquet.

    Raises
    ------
    MissingInputError
        If there is no such file.
    PredictionTableError
        If it cannot be read as a table, has no row, or has a column twice.
    """
    import pyarrow as pa

    if not path.is_file():
        raise MissingInputError(
            found="no table at the given path",
            expected="a table in CSV or Parquet, as docs/validate.md describes it",
            remedy="check the path",
        )
    try:
        read = _read_parquet(path) if path.suffix == ".parquet" else _read_csv(path)
    except (pa.ArrowInvalid, pa.ArrowKeyError, OSError) as error:
        told = str(error).splitlines()[0].replace(str(path), "the file")[:120]
        raise PredictionTableError(
            found=f"a table that cannot be read ({told})",
            expected="CSV in UTF-8 with commas and a first line of headings, or Parquet",
            remedy="mend the file",
        ) from None
    names = [name.strip() for name in read.column_names]
    _check(names, read.num_rows)
    return Cells(
        columns={name: _texts(read.column(k)) for k, name in enumerate(names)},
        n_rows=read.num_rows,
        sha256=sha256(path.read_bytes()).hexdigest(),
    )


def _read_csv(path: Path) -> Any:
    from pyarrow import csv, string

    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        heading = next(iter(stream), "").rstrip("\n").split(",")
    kinds = {name.strip('"'): string() for name in heading}
    options = csv.ConvertOptions(column_types=kinds, strings_can_be_null=False)
    return csv.read_csv(path, convert_options=options)


def _read_parquet(path: Path) -> Any:
    from pyarrow import parquet

    return parquet.read_table(path)


def _check(names: Sequence[str], n_rows: int) -> None:
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise PredictionTableError(
            found=f"the column {doubled[:40]!r} twice",
            expected="each column once",
            remedy="remove one of them",
        )
    if n_rows == 0:
        raise PredictionTableError(
            found="a table without a row", expected="a row for each femur", remedy="fill it"
        )


def _texts(column: Any) -> tuple[str | None, ...]:
    texts = (None if value is None else str(value).strip() for value in column.to_pylist())
    return tuple(None if text is None or text.lower() in _ABSENT else text for text in texts)
