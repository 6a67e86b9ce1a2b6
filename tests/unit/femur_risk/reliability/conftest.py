"""A person of 70 kg and what is believed about a hip."""

from collections.abc import Callable

import pytest

from femur_risk.exposure import ACTIVITIES, GRAVITY, DailyLife
from femur_risk.reliability import LimitState, StrengthEstimate

LIFE = DailyLife(mass_kg=70.0)
WEIGHT = 70.0 * GRAVITY


@pytest.fixture
def believed() -> Callable[..., StrengthEstimate]:
    """Return a strength of so many body weights in stance, and half of it in a fall."""

    def of(multiple: float, sd: float = 0.1, model: float = 0.17) -> StrengthEstimate:
        strengths = {"stance": multiple * WEIGHT, "fall": 0.5 * multiple * WEIGHT}
        return StrengthEstimate(
            strengths=strengths, sd_of_ln=dict.fromkeys(strengths, sd), model_error=model
        )

    return of


@pytest.fixture
def limit_states() -> Callable[[StrengthEstimate, float], dict[str, LimitState]]:
    """Return the limit states of all activities within so many days."""

    def of(strength: StrengthEstimate, days: float) -> dict[str, LimitState]:
        return {name: LimitState.of(name, LIFE, strength, horizon_days=days) for name in ACTIVITIES}

    return of
