"""Predictions with outcomes: the value that everything else is computed from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from femur_fea.domain import BoolArray, FloatArray, IntArray
from femur_risk.validation.outcome import Outcome

__all__ = ["Evidence", "Predictor", "PredictorKind", "TextArray"]

type PredictorKind = Literal["probability", "score", "verdict"]
type TextArray = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Predictor:
    """One prediction for every femur.

    Attributes
    ----------
    name : str
        Heading of its column, which begins with its kind.
    kind : {"probability", "score", "verdict"}
        A probability of fracture, a number that grows with it, or yes (1) and no (0).
    values : (n,)
        NaN where there is no prediction.
    """

    name: str
    kind: PredictorKind
    values: FloatArray

    @property
    def present(self) -> BoolArray:
        """Femora with a prediction, shape (n,)."""
        return np.isfinite(self.values)

    def take(self, rows: IntArray | BoolArray) -> "Predictor":
        """Return the predictions of some femora, in the given order."""
        return Predictor(name=self.name, kind=self.kind, values=self.values[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evidence:
    """Predictions, outcomes and attributes of femora.

    Attributes
    ----------
    engine : Predictor
        The probability that is validated.
    comparators : tuple of Predictor
        What it is compared with.
    outcome : Outcome
        What became of the femora.
    patients : (n,)
        Number of the patient: femora of one patient are drawn together.
    levels : mapping of str to (n,) text
        Level of each attribute; empty where it is not known.
    numbers : mapping of str to (n,)
        Numerical attributes; NaN where not known.
    simulated : bool
        Whether the table says that any of it is simulated.
    """

    engine: Predictor
    comparators: tuple[Predictor, ...]
    outcome: Outcome
    patients: IntArray
    levels: Mapping[str, TextArray]
    numbers: Mapping[str, FloatArray]
    simulated: bool

    @property
    def predictors(self) -> tuple[Predictor, ...]:
        """The engine and its comparators."""
        return (self.engine, *self.comparators)

    def __len__(self) -> int:
        return len(self.patients)

    def take(self, rows: IntArray | BoolArray) -> "Evidence":
        """Return some of the femora, in the given order."""
        return Evidence(
            engine=self.engine.take(rows),
            comparators=tuple(each.take(rows) for each in self.comparators),
            outcome=self.outcome.take(rows),
            patients=self.patients[rows],
            levels={name: level[rows] for name, level in self.levels.items()},
            numbers={name: number[rows] for name, number in self.numbers.items()},
            simulated=self.simulated,
        )

    def only(self, engine: Predictor, *comparators: Predictor) -> "Evidence":
        """Return the femora that have all of these predictions, with no other prediction."""
        present = np.logical_and.reduce([each.present for each in (engine, *comparators)])
        return replace(self, engine=engine, comparators=comparators).take(present)
