"""A population in counts, small enough to be handed on without any patient."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Literal, TypeGuard

import numpy as np
from pydantic import Field, ValidationError

from femur_fea.domain import FloatArray, IntArray
from femur_fea.io import read_json
from femur_risk.config import Section
from femur_risk.errors import PredictionTableError
from femur_risk.validation.attributes import read_levels, read_numbers
from femur_risk.validation.evidence import Evidence, Predictor, TextArray
from femur_risk.validation.patients import read_patients
from femur_risk.validation.reading import is_simulated, predictor_of
from femur_risk.validation.table import read_cells

__all__ = [
    "OTHER",
    "Binned",
    "Population",
    "Variables",
    "read_population",
    "summarise",
    "variables_of",
]

OTHER = "other"
"""Levels that are rare in the population, or were not in it."""

_FIFTHS = (0.2, 0.4, 0.6, 0.8)
_RARE = 0.05  # a level with a smaller share is counted among the others, a choice

_TEXTS = ("sex", "kernel", "primary")

type Variable = FloatArray | TextArray
type Variables = dict[str, Variable]


def is_text(values: Variable) -> TypeGuard[TextArray]:
    """Whether a variable holds words."""
    return values.dtype.kind == "U"


class Binned(Section):
    """One variable in counts.

    Attributes
    ----------
    name : str
        Of the variable.
    edges : tuple of float
        Limits between bins of a number; none for a text.
    bins : tuple of str
        Names of the bins.
    counts : tuple of int
        Patients in each bin.
    """

    name: str
    edges: tuple[float, ...]
    bins: tuple[str, ...] = Field(min_length=1)
    counts: tuple[int, ...] = Field(min_length=1)

    def count(self, values: Variable) -> tuple[int, ...]:
        """Return how many values fall into each bin; those not known are left out."""
        place = (
            self._of_texts(values) if is_text(values) else self._of_numbers(values.astype(float))
        )
        return tuple(np.bincount(place, minlength=len(self.bins)).tolist())

    def _of_numbers(self, values: FloatArray) -> IntArray:
        return np.digitize(values[np.isfinite(values)], self.edges)

    def _of_texts(self, values: TextArray) -> IntArray:
        numbered = {name: k for k, name in enumerate(self.bins)}
        last = len(self.bins) - 1
        return np.array([numbered.get(str(each), last) for each in values[values != ""]], dtype=int)


class Population(Section):
    """Variables of a population, and whether it was simulated."""

    schema_version: Literal[1] = 1
    n: int
    simulated: bool
    variables: tuple[Binned, ...]


def variables_of(evidence: Evidence) -> Variables:
    """Return the variables of the first femur of each patient."""
    return _of_patients(evidence.engine, evidence.numbers, evidence.levels, evidence.patients)


def summarise(variables: Variables, *, simulated: bool) -> Population:
    """Return a population in fifths of its numbers and levels of its texts."""
    return Population(
        n=max(len(values) for values in variables.values()),
        simulated=simulated,
        variables=tuple(_binned(name, values) for name, values in variables.items()),
    )


def read_population(path: Path, *, engine: str) -> Population:
    """Read a population from its counts in JSON, or from a table of its patients.

    Raises
    ------
    MissingInputError
        If there is no such file.
    PredictionTableError, OutOfRangeError, DuplicatedFemurError
        If it holds no population.
    """
    if path.suffix != ".json":
        return _from_table(path, engine)
    try:
        return Population.model_validate(read_json(path))
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise PredictionTableError(
            found=f"a population whose {place} is not as it should be",
            expected="the population.json that 'femur-fea validate' writes",
            remedy="write it again",
        ) from None


def _from_table(path: Path, engine: str) -> Population:
    cells = read_cells(path)
    numbers = read_numbers(cells)
    variables = _of_patients(
        predictor_of(cells, f"probability_{engine}"),
        numbers,
        read_levels(cells, numbers),
        read_patients(cells),
    )
    return summarise(variables, simulated=is_simulated(cells))


def _of_patients(
    engine: Predictor,
    numbers: Mapping[str, FloatArray],
    levels: Mapping[str, TextArray],
    patients: IntArray,
) -> Variables:
    first = np.unique(patients, return_index=True)[1]
    found: Variables = {engine.name: engine.values[first]}
    found |= {name: values[first] for name, values in numbers.items()}
    return found | {name: levels[name][first] for name in _TEXTS if name in levels}


def _binned(name: str, values: Variable) -> Binned:
    edges, bins = _levels(values) if is_text(values) else _fifths(values.astype(float))
    empty = Binned(name=name, edges=edges, bins=bins, counts=(0,) * len(bins))
    return empty.model_copy(update={"counts": empty.count(values)})


def _fifths(values: FloatArray) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return limits and names of bins that hold a fifth each, fewer where values are tied."""
    edges = np.unique(np.quantile(values[np.isfinite(values)], _FIFTHS)).tolist()
    inner = [f"{low:.3g} to below {high:.3g}" for low, high in pairwise(edges)]
    return tuple(edges), (f"below {edges[0]:.3g}", *inner, f"{edges[-1]:.3g} and more")


def _levels(values: TextArray) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return no limits, and the levels that are not rare with one for all others."""
    levels, counts = np.unique(values[values != ""], return_counts=True)
    common = [str(each) for each in levels[counts >= _RARE * counts.sum()] if each != OTHER]
    return (), (*common, OTHER)
