"""What 'femur-fea risk' says of virtual patients of known strength, and what becomes of them."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from femur_risk.exposure import DAYS_BORNE
from femur_risk.population import HORIZON_DAYS, ClinicalRecord, draw_outcome
from femur_risk.reliability import MODEL_ERRORS, Borne, StrengthEstimate, fracture_probability
from femur_risk.validation.outcome import CENSORED, DIED, FRACTURED, Outcome

__all__ = ["chance", "outcomes"]

_LOADS = ("stance", "fall")

type Row = dict[str, Any]


def chance(person: Row, *, factor: float = 1.0, sd: float = 0.0) -> float:
    """Return the probability that 'femur-fea risk' gives for a strength times a factor.

    Its strength is believed to be read with a standard deviation `sd` of its logarithm.
    """
    believed = StrengthEstimate(
        strengths={load: factor * person[f"{load}_strength_N"] for load in _LOADS},
        sd_of_ln=dict.fromkeys(_LOADS, sd),
        model_error=MODEL_ERRORS["finite_elements"].sd_of_ln,
    )
    life = _clinical(person).daily_life
    borne = Borne(days=DAYS_BORNE, life=life, strength=believed)
    return fracture_probability(life, believed, horizon_days=HORIZON_DAYS, borne=borne).probability


def outcomes(people: list[Row], seeds: Iterable[int]) -> Outcome:
    """Return what becomes of all patients in one draw, deaths as censored."""
    events, times = [], []
    for person, seed in zip(people, seeds, strict=True):
        true = {load: person[f"{load}_strength_N"] for load in _LOADS}
        drawn = draw_outcome(_clinical(person), true, seed=int(seed))
        dead = drawn.death_day is not None
        events.append(FRACTURED if drawn.fractured else DIED if dead else CENSORED)
        times.append(drawn.fracture_day or drawn.death_day or HORIZON_DAYS)
    given = Outcome(event=np.array(events), time_days=np.array(times), horizon_days=HORIZON_DAYS)
    return given.with_deaths("censored")


def _clinical(person: Row) -> ClinicalRecord:
    names = ClinicalRecord.__dataclass_fields__
    return ClinicalRecord(**{name: person[f"simulated_{name}"] for name in names})
