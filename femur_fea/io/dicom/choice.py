"""Which series of a folder is read.

The rule, among series that can be read as volumes of CT numbers:

1. axial ones that are not reformatted, if there are any;
2. of these, original ones before derived ones;
3. of these, those that cover at least nine tenths of the longest one's length;
4. of these, the one with the smallest distance between slices, then with the thinnest slices.

Where two are left they differ in kernel, contrast or time, which no rule here can judge.
"""

import warnings
from collections.abc import Callable, Sequence

from femur_fea.errors import FemurFEAWarning, SeriesError
from femur_fea.io.dicom.header import SliceHeader
from femur_fea.io.dicom.series import Series, listed, series_of

__all__ = ["choose_series"]

_SAME_LENGTH = 0.9  # of the longest
_SAME_STEP = 1.01  # of the smallest


def choose_series(slices: Sequence[SliceHeader], number: int | None) -> Series:
    """Return the series with a number, or the one that the rule chooses.

    Others in the folder are reported with a `FemurFEAWarning`.

    Parameters
    ----------
    slices : sequence of SliceHeader
        All CT slices of a folder.
    number : int or None
        Which series, as messages number them; None for the rule.

    Raises
    ------
    SeriesError
        With a list of all series, if there is none, none of that number, or more than one that
        the rule cannot tell apart.
    """
    series = series_of(slices)
    chosen = _by_rule(series) if number is None else _by_number(series, number)
    others = [each for each in series if each is not chosen]
    if others:
        how = "chosen by rule" if number is None else "as asked for"
        warnings.warn(
            f"read one of {len(series)} series, {how}: {chosen.describe()}; left out:"
            f" {listed(others)}",
            FemurFEAWarning,
            stacklevel=2,
        )
    return chosen


def _by_number(series: Sequence[Series], number: int) -> Series:
    for each in series:
        if each.number == number:
            return each
    raise SeriesError(
        found=f"no series number {number} among {_count(series)}",
        expected="one of these numbers",
        remedy="choose one of them with --series",
    )


def _by_rule(series: Sequence[Series]) -> Series:
    readable = [each for each in series if each.hindrance is None]
    left = _preferred(readable, lambda each: each.peculiarity is None)
    left = _preferred(left, lambda each: each.is_original)
    if len(left) > 1:
        longest = max(each.length for each in left)
        left = [each for each in left if each.length >= _SAME_LENGTH * longest]
        left = _smallest(left, lambda each: each.step)
        left = _smallest(left, lambda each: each.thickness)
    if len(left) == 1:
        return left[0]
    if len(series) == 1:  # what is wrong with it is told when it is read
        return series[0]
    raise SeriesError(
        found=f"{_count(series)}; {len(left)} of them fit",
        expected="one series of axial CT slices that is longer or finer than the others",
        remedy="choose one with --series NUMBER, or give a folder with the one that is meant",
    )


def _preferred(series: list[Series], is_better: Callable[[Series], bool]) -> list[Series]:
    """Return those that are better, or all where none is."""
    return [each for each in series if is_better(each)] or series


def _smallest(series: list[Series], size: Callable[[Series], float]) -> list[Series]:
    smallest = min(size(each) for each in series)
    return [each for each in series if size(each) <= _SAME_STEP * smallest]


def _count(series: Sequence[Series]) -> str:
    return f"{len(series)} CT series in the folder{f' ({listed(series)})' if series else ''}"
