"""What became of the femora, and what is known of it at a time in spite of censoring."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray

__all__ = [
    "CENSORED",
    "DIED",
    "FRACTURED",
    "Deaths",
    "KnownOutcome",
    "Outcome",
    "fracture_share",
    "known_at",
]

CENSORED, FRACTURED, DIED = 0, 1, 2

type Deaths = Literal["competing", "censored"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """Outcome of each femur, with times or at the horizon alone.

    Attributes
    ----------
    event : (n,)
        `FRACTURED`; `DIED` without a fracture; `CENSORED`, which without times means whole at the
        horizon.
    time_days : (n,), days, or None
        When the event happened or follow-up ended.
    horizon_days : float, days
        The time that predictions are for.
    """

    event: IntArray
    time_days: FloatArray | None
    horizon_days: float

    def take(self, rows: IntArray | BoolArray) -> "Outcome":
        """Return the outcome of some femora, in the given order."""
        times = None if self.time_days is None else self.time_days[rows]
        return Outcome(event=self.event[rows], time_days=times, horizon_days=self.horizon_days)

    def with_deaths(self, deaths: Deaths) -> "Outcome":
        """Return the outcome with deaths as they are, or as the end of follow-up."""
        if deaths == "competing":
            return self
        return replace(self, event=np.where(self.event == DIED, CENSORED, self.event))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownOutcome:
    """Fractured or not by a time, with the weight that makes up for those who are not known.

    Attributes
    ----------
    fractured : (n,)
        Whether the femur broke by then.
    weight : (n,)
        Inverse probability of not being censored before it was known; 0 where it is not known.
    """

    fractured: BoolArray
    weight: FloatArray

    @property
    def n_fractured(self) -> int:
        """Femora known to have broken."""
        return int(np.count_nonzero(self.fractured))

    @property
    def n_whole(self) -> int:
        """Femora known not to have broken."""
        return int(np.count_nonzero(~self.fractured & (self.weight > 0.0)))


def known_at(outcome: Outcome, time_days: float | None = None) -> KnownOutcome:
    """Return what is known at a time, the horizon where none is given.

    Who died before without a fracture is known not to have broken it, and is no censoring.

    Notes
    -----
    w = 1 / G(T) for an event at T up to t, 1 / G(t-) for follow-up until t, else 0, with the
    Kaplan-Meier estimate G of not being censored (Uno et al. 2007, doi:10.1198/016214507000000149).
    G(T) counts who was lost on the day of the event, too, as scikit-survival does: where many times
    tie, as at visits, weights are too large (`tied_share` tells).
    """
    fractured = outcome.event == FRACTURED
    if outcome.time_days is None:
        return KnownOutcome(fractured=fractured, weight=np.ones(len(fractured)))
    end = outcome.horizon_days if time_days is None else time_days
    happened = (outcome.event != CENSORED) & (outcome.time_days <= end)
    followed = ~happened & (outcome.time_days >= end)
    weight = np.zeros(len(fractured))
    weight[happened] = 1.0 / _uncensored(outcome, outcome.time_days[happened])
    weight[followed] = 1.0 / _uncensored(outcome, np.nextafter([end], 0.0))
    return KnownOutcome(fractured=fractured & happened, weight=weight)


def tied_share(outcome: Outcome) -> float:
    """Return the share of fractures and deaths on whose day somebody else was lost."""
    if outcome.time_days is None or not (outcome.event != CENSORED).any():
        return 0.0
    lost = outcome.time_days[outcome.event == CENSORED]
    return float(np.mean(np.isin(outcome.time_days[outcome.event != CENSORED], lost)))


def fracture_share(outcome: Outcome) -> float:
    """Return the share that breaks by the horizon, deaths without a fracture counted as whole.

    References
    ----------
    Aalen and Johansen, Scand J Stat 1978;5:141; without deaths, one less Kaplan and Meier's curve.
    """
    if outcome.time_days is None:
        return float(np.mean(outcome.event == FRACTURED))
    times, at_risk, (_, fractured, died) = _counts(outcome)
    free = np.cumprod(1.0 - (fractured + died) / at_risk)
    before = np.concatenate([[1.0], free[:-1]])
    return float(np.sum((before * fractured / at_risk)[times <= outcome.horizon_days]))


def _uncensored(outcome: Outcome, wanted: FloatArray) -> FloatArray:
    """Return the probability of not being censored by these times; events come first in a tie.

    Where follow-up of all ends it keeps its last value: events of that time count as seen before.
    """
    times, at_risk, (censored, fractured, died) = _counts(outcome)
    left = at_risk - fractured - died
    lost = np.where(censored < left, censored / np.maximum(left, 1), 0.0)
    kept = np.cumprod(1.0 - lost)
    return np.concatenate([[1.0], kept])[np.searchsorted(times, wanted, side="right")]


def _counts(outcome: Outcome) -> tuple[FloatArray, IntArray, IntArray]:
    """Return distinct times, how many are at risk at each, and events of each kind, (3, n)."""
    assert outcome.time_days is not None
    times, place = np.unique(outcome.time_days, return_inverse=True)
    counts = np.zeros((3, times.size), dtype=int)
    np.add.at(counts, (outcome.event, place), 1)
    at_risk = counts.sum(axis=0)[::-1].cumsum()[::-1]
    return times, at_risk, counts
