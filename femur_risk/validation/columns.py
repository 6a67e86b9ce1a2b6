"""One column of a table: what its cells may say, and where one says something else."""

from collections.abc import Mapping, Sequence

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from femur_fea.errors import OutOfRangeError
from femur_risk.errors import PredictionTableError
from femur_risk.validation.table import Cells

__all__ = ["FIRST_ROW", "coded", "complete", "groups_of", "numbers", "truths"]

_TRUTHS: Mapping[str, int] = {
    **dict.fromkeys(("1", "1.0", "yes", "true"), 1),
    **dict.fromkeys(("0", "0.0", "no", "false"), 0),
}
FIRST_ROW = 2  # below the headings


def numbers(
    cells: Cells, name: str, *, low: float, high: float, above_low: bool = False
) -> FloatArray:
    """Return a column of numbers, NaN where there is none, shape (n,).

    Raises
    ------
    PredictionTableError
        If a cell is no number, or all are empty.
    OutOfRangeError
        If one lies outside `low` to `high`, or at `low` where it has to lie above.
    """
    values = np.array([_number(text, name, k) for k, text in enumerate(cells.columns[name])])
    if not np.isfinite(values).any():
        raise PredictionTableError(
            found=f"the column {name!r} without a value",
            expected="a number in at least one row",
            remedy="fill the column or remove it",
        )
    outside = (values <= low if above_low else values < low) | (values > high)
    if outside.any():
        k = int(np.argmax(outside))
        raise OutOfRangeError(
            found=f"{name} = {values[k]:g} in row {k + FIRST_ROW}",
            expected=f"{'more than' if above_low else 'from'} {low:g} to {high:g}",
            remedy="correct that row and check the unit of the column",
        )
    return values


def truths(cells: Cells, name: str) -> FloatArray:
    """Return a column of yes (1) and no (0), NaN where there is none, shape (n,)."""
    return coded(cells, name, _TRUTHS, "yes or no, true or false, 1 or 0")


def coded(cells: Cells, name: str, codes: Mapping[str, int], told: str) -> FloatArray:
    """Return a column of words as their numbers, NaN where there is none, shape (n,).

    Raises
    ------
    PredictionTableError
        If a cell is none of the words, or all are empty.
    """
    texts = cells.columns[name]
    if not any(texts):
        raise PredictionTableError(
            found=f"the column {name!r} without a value",
            expected=told,
            remedy="fill the column or remove it",
        )
    for k, text in enumerate(texts):
        if text is not None and text.lower() not in codes:
            raise PredictionTableError(
                found=f"a cell of {name!r} in row {k + FIRST_ROW} that is none of its words",
                expected=told,
                remedy="correct that row",
            )
    return np.array([np.nan if text is None else codes[text.lower()] for text in texts])


def complete(values: FloatArray, name: str, remedy: str) -> FloatArray:
    """Return a column as it is.

    Raises
    ------
    PredictionTableError
        If a cell is empty.
    """
    absent = ~np.isfinite(values)
    if absent.any():
        raise PredictionTableError(
            found=f"{np.count_nonzero(absent)} empty cells in {name!r}, "
            f"the first in row {int(np.argmax(absent)) + FIRST_ROW}",
            expected="a value in every row",
            remedy=remedy,
        )
    return values


def groups_of(texts: Sequence[str | None]) -> IntArray:
    """Return a number for each text, the same for the same text, shape (n,)."""
    numbered: dict[str, int] = {}
    return np.array([numbered.setdefault(text or "", len(numbered)) for text in texts])


def _number(text: str | None, name: str, k: int) -> float:
    if text is None:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = float("inf")
    if np.isfinite(value):
        return value
    raise PredictionTableError(
        found=f"a cell of {name!r} in row {k + FIRST_ROW} that is no finite number",
        expected="a number, or nothing",
        remedy="correct that row",
    )
