"""Of what the risk is uncertain: shares at the likeliest way to break."""

import warnings

from femur_fea.errors import FemurFEAWarning, NotConvergedError
from femur_risk.assessment.card import Share
from femur_risk.assessment.classes import CLASS_MONTHS
from femur_risk.assessment.patient import Patient
from femur_risk.exposure import DAYS_PER_MONTH, RESTRICTIONS
from femur_risk.reliability import LimitState, design_point

__all__ = ["shares_of_uncertainty"]


def shares_of_uncertainty(patient: Patient) -> tuple[Share, ...]:
    """Return the shares of what is not known, at the likeliest way to break.

    None, with a warning, where that cannot be found.
    """
    load, strength = patient.leading_load, patient.strength
    state = LimitState.of(
        patient.leading_activity,
        patient.life,
        strength,
        horizon_days=CLASS_MONTHS * DAYS_PER_MONTH,
        restriction=RESTRICTIONS[patient.restriction],
    )
    try:
        found = design_point(state.margin, state.start).importance
    except NotConvergedError as error:
        warnings.warn(f"no shares of uncertainty: {error}", FemurFEAWarning, stacklevel=2)
        return ()
    of_inputs = (strength.sd_of_ln[load] / strength.total_sd(load)) ** 2
    shares = {
        "calibration and direction of forces": found[0] * of_inputs,
        "finite elements, their laws and outlines": found[0] * (1.0 - of_inputs),
        "forces of this person": found[1],
        "chance": found[2],
    }
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return tuple(Share(name=name, share=float(share)) for name, share in ordered)
