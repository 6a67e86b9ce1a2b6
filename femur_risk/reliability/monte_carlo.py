"""Fractures counted in many imagined lives: slow, and without a numerical scheme."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femur_fea.domain import BoolArray, FloatArray
from femur_fea.errors import OutOfRangeError
from femur_risk.reliability.largest_force import LimitState

__all__ = ["Count", "count_fractures"]

_AT_ONCE = 100_000  # lives, a few MB each variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Fractures among imagined lives.

    Attributes
    ----------
    n : int
        Lives; of those asked for, the ones that bore the days before.
    broken : int
        Of them with a fracture.
    activities : mapping from activity to int
        Of them with one that this activity alone would have brought.
    """

    n: int
    broken: int
    activities: Mapping[str, int]

    @property
    def probability(self) -> float:
        """Share of lives with a fracture."""
        return self.broken / self.n

    @property
    def standard_error(self) -> float:
        """Standard error of that share."""
        return float(np.sqrt(self.probability * (1.0 - self.probability) / self.n))


def count_fractures(
    states: Mapping[str, LimitState],
    *,
    n: int,
    rng: np.random.Generator,
    before: Mapping[str, LimitState] = MappingProxyType({}),
) -> Count:
    """Return how many of `n` lives have a fracture.

    Parameters
    ----------
    states : mapping from activity to LimitState
        Of one person and horizon: strength and habits are drawn once a life, chance for each.
    n : int
        Lives, at least 1.
    rng : Generator
        Draws them.
    before : mapping from activity to LimitState
        Of the days before: lives that these break are not counted. None by default.

    Raises
    ------
    OutOfRangeError
        If there is no life.
    """
    if n < 1:
        raise OutOfRangeError(found=f"{n} lives", expected="at least 1", remedy="give a larger n")
    lives, broken, alone = 0, 0, dict.fromkeys(states, 0)
    for begin in range(0, n, _AT_ONCE):
        size = min(_AT_ONCE, n - begin)
        strong, habit = rng.standard_normal((2, size))
        whole = np.ones(size, dtype=bool)
        for state in before.values():
            whole &= ~_breaks(state, strong, habit, rng)
        any_broken = np.zeros(size, dtype=bool)
        for name, state in states.items():
            breaks = whole & _breaks(state, strong, habit, rng)
            alone[name] += int(breaks.sum())
            any_broken |= breaks
        lives += int(whole.sum())
        broken += int(any_broken.sum())
    return Count(n=lives, broken=broken, activities=MappingProxyType(alone))


def _breaks(
    state: LimitState, strong: FloatArray, habit: FloatArray, rng: np.random.Generator
) -> BoolArray:
    """Return which lives an activity breaks, with a chance of its own."""
    scores = np.stack([strong, habit, rng.standard_normal(len(strong))], axis=-1)
    return np.asarray(state.margin(scores) < 0.0)
