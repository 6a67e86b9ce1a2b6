"""Chance: whether and when a femur of known strength breaks. Simulated, never observed."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from femur_fea.errors import OutOfRangeError
from femur_risk.exposure import DAYS_BORNE, DAYS_PER_MONTH, fractures_per_day
from femur_risk.population.clinical import ClinicalRecord
from femur_risk.population.primaries import PRIMARIES

__all__ = ["HORIZON_DAYS", "Outcome", "Person", "draw_outcome", "hazards"]

HORIZON_DAYS = 182.0
# standard deviation of the logarithm of true over computed strength: the middle of the 15 to 20 %
# that finite elements are said to reach; unverified
MODEL_ERROR = 0.17
_PERSONS = 10_000  # drawn for one that bore the days before, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What nobody knows of a patient.

    Attributes
    ----------
    strength_factor : float
        True strength over computed strength, of all loads.
    force_score : float
        How many standard deviations among people the logarithm of their forces is above the mean.
    """

    strength_factor: float = 1.0
    force_score: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a femur within the horizon, in the simulation.

    Attributes
    ----------
    fractured : bool
        Whether it broke.
    fracture_day, fracture_activity : float and str, or None
        When and how.
    death_day : float or None
        When the patient died without a fracture.
    hazards_per_day : mapping from activity to float
        Fractures expected a day, of this person.
    strength_factor : float
        True strength over the given one.
    """

    fractured: bool
    fracture_day: float | None
    fracture_activity: str | None
    death_day: float | None
    hazards_per_day: Mapping[str, float]
    strength_factor: float


def draw_outcome(
    clinical: ClinicalRecord,
    strengths: Mapping[str, float],
    *,
    seed: int,
    model_error: float = MODEL_ERROR,
    days_borne: float = DAYS_BORNE,
) -> Outcome:
    """Return what becomes of a femur within half a year.

    Parameters
    ----------
    clinical : ClinicalRecord
        The patient.
    strengths : mapping from load to float, N
        Strength by finite elements under loads of the library.
    seed : int
        Draws the person, the fracture and death. With one seed and no days borne a stronger bone
        never breaks earlier, whatever else is equal.
    model_error : float
        Standard deviation of the logarithm of true over computed strength; 0 takes the computed
        strength for true.
    days_borne : float
        Days before the scan, with the bone as it is, that the person lived with it unbroken:
        persons are drawn until one did.

    Raises
    ------
    InputError
        If there is no strength for one of the activities.
    OutOfRangeError
        If a strength, the model's error or the days cannot be, or nobody would have borne these.

    Notes
    -----
    See docs/virtual_patients.md. Treatment, growth of the lesion and fatigue are left out.
    """
    if not 0.0 <= days_borne < np.inf:
        raise OutOfRangeError(
            found=f"{days_borne:g} days borne",
            expected="0 or more",
            remedy="give 1 for somebody who walked the day before the scan",
        )
    if not 0.0 <= model_error < 2.0:
        raise OutOfRangeError(
            found=f"a model error of {model_error:g}",
            expected="a standard deviation of a logarithm from 0 to 2",
            remedy="give 0.17 for 17 %",
        )
    of_person, of_fracture, of_death, of_cause = np.random.default_rng(seed).spawn(4)
    person, per_day = _unbroken(clinical, strengths, of_person, model_error, days_borne)
    broken = _waiting(float(of_fracture.random()), sum(per_day.values()))
    dead = _waiting(float(of_death.random()), _death_hazard(clinical))
    fractured = broken < min(dead, HORIZON_DAYS)
    return Outcome(
        fractured=fractured,
        fracture_day=broken if fractured else None,
        fracture_activity=_cause(float(of_cause.random()), per_day) if fractured else None,
        death_day=dead if dead < HORIZON_DAYS and not fractured else None,
        hazards_per_day=MappingProxyType(per_day),
        strength_factor=person.strength_factor,
    )


def hazards(
    clinical: ClinicalRecord, strengths: Mapping[str, float], person: Person
) -> dict[str, float]:
    """Return the fractures that are expected a day of this person, by activity."""
    true = {load: strength * person.strength_factor for load, strength in strengths.items()}
    found = fractures_per_day(clinical.daily_life, true, force_score=person.force_score)
    return {name: float(value) for name, value in found.items()}


def _unbroken(
    clinical: ClinicalRecord,
    strengths: Mapping[str, float],
    rng: np.random.Generator,
    model_error: float,
    days: float,
) -> tuple[Person, dict[str, float]]:
    """Return a person whose femur has borne the days, and its hazards."""
    for _ in range(_PERSONS):
        error, score = rng.standard_normal(2)
        person = Person(
            strength_factor=float(np.exp(model_error * error)), force_score=float(score)
        )
        per_day = hazards(clinical, strengths, person)
        # nothing is drawn for no days, so that one person is enough
        if days == 0.0 or _waiting(float(rng.random()), sum(per_day.values())) > days:
            return person, per_day
    raise OutOfRangeError(
        found=f"a femur that none of {_PERSONS} persons could live with for {days:g} days",
        expected="a strength that some bear",
        remedy="check the strengths' unit, or give days_borne=0",
    )


def _waiting(chance: float, per_day: float) -> float:
    """Return the time at which an event of constant hazard happens, days."""
    return -float(np.log1p(-chance)) / per_day if per_day > 0.0 else float("inf")


def _death_hazard(clinical: ClinicalRecord) -> float:
    median = PRIMARIES[clinical.primary_tumour].median_survival_months * DAYS_PER_MONTH
    return float(np.log(2.0)) / median


def _cause(chance: float, per_day: Mapping[str, float]) -> str:
    ends = np.cumsum([*per_day.values()])
    return [*per_day][int(np.searchsorted(ends / ends[-1], chance, side="right"))]
