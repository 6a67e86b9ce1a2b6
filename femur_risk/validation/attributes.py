"""Attributes of patients and scans by which a model may work differently."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from femur_fea.domain import FloatArray
from femur_risk.validation.columns import coded, numbers
from femur_risk.validation.evidence import TextArray
from femur_risk.validation.table import Cells

__all__ = ["ATTRIBUTES", "COLUMNS", "in_order", "read_levels", "read_numbers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """A numerical column: what can be, and limits of the bands that make subgroups, if any."""

    low: float
    high: float
    limits: tuple[float, ...] = ()


# what a living patient and a CT can have; limits of bands are choices
_NUMBERS: Mapping[str, _Range] = {
    "age_years": _Range(low=0.0, high=120.0, limits=(60.0, 70.0, 80.0)),
    "mass_kg": _Range(low=20.0, high=400.0),
    "slice_thickness_mm": _Range(low=0.05, high=20.0, limits=(1.5, 3.0)),
}
_SEXES = {"female": 0, "f": 0, "male": 1, "m": 1, "other": 2}
_SEX_NAMES = np.array(["female", "male", "other", ""])
_WORDS = ("kernel", "primary")

ATTRIBUTES = ("sex", "age_years", "kernel", "slice_thickness_mm", "primary")
"""Attributes of subgroups, in the order of the tables."""

COLUMNS = ("sex", *_WORDS, *_NUMBERS)
"""Headings that attributes are read from."""


def read_numbers(cells: Cells) -> dict[str, FloatArray]:
    """Return the numerical attributes that a table has, NaN where one is not known.

    Raises
    ------
    OutOfRangeError
        If a value cannot be, such as an age of 700 years.
    PredictionTableError
        If a cell is no number.
    """
    return {
        name: numbers(cells, name, low=of.low, high=of.high)
        for name, of in _NUMBERS.items()
        if name in cells.columns
    }


def read_levels(cells: Cells, known: Mapping[str, FloatArray]) -> dict[str, TextArray]:
    """Return the level of each attribute that a table has, empty where it is not known.

    Raises
    ------
    PredictionTableError
        If a sex is no word for one.
    """
    found: dict[str, TextArray] = {}
    if "sex" in cells.columns:
        code = coded(cells, "sex", _SEXES, "female, male or other")
        found["sex"] = _SEX_NAMES[np.where(np.isfinite(code), code, -1).astype(int)]
    for name in _WORDS:
        if name in cells.columns:
            found[name] = np.array([(text or "").lower() for text in cells.columns[name]])
    for name, of in _NUMBERS.items():
        if of.limits and name in known:
            found[name] = _bands(known[name], of.limits)
    return {name: found[name] for name in ATTRIBUTES if name in found}


def in_order(attribute: str, levels: TextArray) -> tuple[str, ...]:
    """Return the distinct known levels of an attribute, bands upwards, words by the alphabet."""
    bands = _band_names(_NUMBERS[attribute].limits) if attribute in _NUMBERS else ()
    known = {str(level) for level in levels if level}
    return (*(name for name in bands if name in known), *sorted(known - set(bands)))


def _band_names(limits: tuple[float, ...]) -> tuple[str, ...]:
    inner = [f"{low:g} to below {high:g}" for low, high in pairwise(limits)]
    return (f"below {limits[0]:g}", *inner, f"{limits[-1]:g} and more")


def _bands(values: FloatArray, limits: tuple[float, ...]) -> TextArray:
    """Return the name of the band of each value; a limit belongs to the band above it."""
    names = np.array([*_band_names(limits), ""])
    return names[np.where(np.isfinite(values), np.digitize(values, limits), -1)]
