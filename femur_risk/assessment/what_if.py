"""What the risk would be with other habits, and with other bones."""

from collections.abc import Mapping
from dataclasses import replace

from femur_risk.assessment.card import WhatIf
from femur_risk.assessment.patient import Patient
from femur_risk.exposure import RESTRICTIONS, USUAL_STEPS, Restriction
from femur_risk.reliability import FractureProbability

__all__ = ["what_if"]

_FEW = 0.5  # of the usual steps, a choice: below them what these would bring is told


def what_if(patient: Patient, changes: Mapping[str, Mapping[str, float]]) -> tuple[WhatIf, ...]:
    """Return the probability within six months with other habits, and with other bones.

    That of the lesion-free twin comes first, as a bone of its own that has borne its days: it tells
    what of the risk is the lesion's. All others are of this person from now on, who has borne the
    days before as the bone and the habits are.

    Parameters
    ----------
    patient : Patient
        Whose risk.
    changes : mapping from name to mapping from load to float
        Factors on the strengths.
    """
    told = []
    if patient.healed_factors is not None:
        twin = patient.another_bone(patient.healed_factors).within_class_months()
        told.append(_told("without the lesion", twin, patient.healed_factors))
    told += [
        _told(name, patient.from_now_on(restriction=then))
        for name, then in _other_restrictions(patient.restriction).items()
    ]
    if patient.life.steps_per_day < _FEW * USUAL_STEPS:
        usual = replace(patient.life, steps_per_day=USUAL_STEPS)
        told.append(_told("usual steps", patient.from_now_on(life=usual)))
    told += [
        _told(name, patient.from_now_on(factors=factors), factors)
        for name, factors in changes.items()
    ]
    return tuple(told)


def _told(
    name: str, found: FractureProbability, factors: Mapping[str, float] | None = None
) -> WhatIf:
    return WhatIf(
        name=name,
        probability=found.probability,
        strength_factors=None if factors is None else dict(factors),
    )


def _other_restrictions(restriction: str) -> dict[str, Restriction]:
    """Return what else may be left out, besides what is, and nothing left out."""
    now = RESTRICTIONS[restriction]
    free = {} if restriction == "none" else {"no restriction": RESTRICTIONS["none"]}
    more = {
        name: now & each for name, each in RESTRICTIONS.items() if name not in ("none", restriction)
    }
    return free | more
