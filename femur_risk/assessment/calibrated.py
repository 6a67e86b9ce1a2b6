"""The probability put right by outcomes, where a recalibration is for it."""

import numpy as np

from femur_risk.assessment.card import CalibratedRisk
from femur_risk.assessment.classes import CLASS_MONTHS
from femur_risk.errors import RecalibrationError
from femur_risk.exposure import DAYS_PER_MONTH
from femur_risk.recalibration import Recalibration
from femur_risk.reliability import FractureProbability

__all__ = ["PREDICTION", "calibrate", "check_recalibration"]

PREDICTION = "probability_engine"
_MARGIN = 2.0  # days between 182 and half a year, and one more
_ENDS = (0.05, 0.95)


def check_recalibration(found: Recalibration, *, model: str, simulated: bool) -> None:
    """Raise unless a recalibration is for the probability of a model within six months.

    Parameters
    ----------
    found : Recalibration
        It.
    model : str
        The model whose probability it is to put right.
    simulated : bool
        Whether the patient is a virtual one.

    Raises
    ------
    RecalibrationError
        If it is for another prediction, horizon or model, or rests on simulated outcomes and the
        patient is real.
    """
    days = CLASS_MONTHS * DAYS_PER_MONTH
    faults = (
        (
            found.prediction != PREDICTION,
            f"a recalibration of {found.prediction[:40]!r}",
            f"one of {PREDICTION!r}, the engine's probability",
        ),
        (
            abs(found.horizon_days - days) > _MARGIN,
            f"a recalibration for {found.horizon_days:g} days",
            f"one for {CLASS_MONTHS:.0f} months: {days:.0f} days",
        ),
        (
            found.model not in (None, model),
            f"a recalibration of the model {found.model}",
            f"one of the model that is used, {model}",
        ),
        (
            found.simulated and not simulated,
            "a recalibration to simulated outcomes for a patient who is not simulated",
            "one to outcomes of patients",
        ),
    )
    for is_at_fault, told, expected in faults:
        if is_at_fault:
            raise RecalibrationError(
                found=told,
                expected=expected,
                remedy="fit one with 'femur-fea validate --recalibrate', or leave it out",
            )


def calibrate(found: FractureProbability, by: Recalibration) -> CalibratedRisk:
    """Return what a recalibration makes of a probability, with the uncertainty of both.

    The interval holds nine in ten of all draws of the recalibration over all quantiles of the
    probability, and that of the recalibration alone.
    """
    mean = np.array([found.probability])
    of_map = np.quantile(by.drawn(mean), _ENDS)
    # as ranks of the whole distribution, of which the quantiles are each a percent
    both = np.quantile(by.drawn(np.array(found.quantiles)), _ENDS, method="weibull")
    return CalibratedRisk(
        probability=float(by.apply(mean)[0]),
        interval_90=(float(min(both[0], of_map[0])), float(max(both[1], of_map[1]))),
        interval_90_of_recalibration=(float(of_map[0]), float(of_map[1])),
        method=by.mapping.method,
        n=by.n,
        n_fractured=by.n_fractured,
        horizon_days=by.horizon_days,
        deaths=by.deaths,
        simulated=by.simulated,
        table_sha256=by.table_sha256,
        flags=_flags(found.probability, by),
    )


def _flags(probability: float, by: Recalibration) -> tuple[str, ...]:
    flags = []
    if by.extrapolates(probability):
        low, high = (100.0 * end for end in by.fitted_range)
        flags.append(
            f"the probability by mechanics, {100.0 * probability:.2g} %, lies outside those that "
            f"it was fitted to, {low:.2g} to {high:.2g} %"
        )
    if by.n_operated:
        flags.append(
            f"{by.n_operated} femora of its table were operated on and count as lost: it may make "
            "risks too small"
        )
    if by.model is None:
        flags.append("its table does not say of which model the probabilities were")
    return tuple(flags)
