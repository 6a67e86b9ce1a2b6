"""What a bone has borne tells of what it will bear."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.errors import OutOfRangeError
from femur_risk.exposure import DailyLife
from femur_risk.reliability import (
    Borne,
    LimitState,
    StrengthEstimate,
    count_fractures,
    fracture_probability,
)

LIFE = DailyLife(mass_kg=70.0)

type Believed = Callable[..., StrengthEstimate]
type LimitStates = Callable[[StrengthEstimate, float], dict[str, LimitState]]


@pytest.mark.parametrize("multiple", [3.0, 4.0, 6.0])
@pytest.mark.parametrize("days", [1.0, 30.0])
def test_among_a_million_lives_that_bore_the_days_before_as_many_break(
    multiple: float, days: float, believed: Believed, limit_states: LimitStates
) -> None:
    strength = believed(multiple)
    borne = Borne(days=days, life=LIFE, strength=strength)
    exact = fracture_probability(LIFE, strength, horizon_days=182.0, borne=borne)
    counted = count_fractures(
        limit_states(strength, 182.0),
        n=1_000_000,
        rng=np.random.default_rng(3),
        before=limit_states(strength, days),
    )
    assert abs(counted.probability - exact.probability) < 4.0 * counted.standard_error
    share = counted.n / 1_000_000
    assert exact.borne == pytest.approx(share, abs=4.0 * np.sqrt(share * (1.0 - share) / 1e6))


def test_a_bone_that_bore_more_days_breaks_less_often_in_the_next(believed: Believed) -> None:
    strength = believed(4.5)
    found = [
        fracture_probability(
            LIFE,
            strength,
            horizon_days=182.0,
            borne=Borne(days=days, life=LIFE, strength=strength),
        ).probability
        for days in (0.0, 1.0, 10.0, 100.0)
    ]
    assert found == sorted(found, reverse=True)
    nothing_known = fracture_probability(LIFE, strength, horizon_days=182.0).probability
    assert found[0] == pytest.approx(nothing_known, rel=1e-12)


def test_of_a_bone_of_known_strength_and_habits_the_days_before_tell_nothing(
    believed: Believed,
) -> None:
    """Fractures are then a Poisson process, which has no memory; habits scatter little more."""
    sure = believed(9.0, sd=0.0, model=0.0)
    borne = Borne(days=100.0, life=LIFE, strength=sure)
    fresh = fracture_probability(LIFE, sure, horizon_days=182.0)
    old = fracture_probability(LIFE, sure, horizon_days=182.0, borne=borne)
    assert old.activities["fall"] == pytest.approx(fresh.activities["fall"], rel=1e-3)


def test_impossible_days_are_refused(believed: Believed) -> None:
    with pytest.raises(OutOfRangeError, match="-1 days"):
        Borne(days=-1.0, life=LIFE, strength=believed(5.0))
    with pytest.raises(OutOfRangeError, match="nan days"):
        Borne(days=float("nan"), life=LIFE, strength=believed(5.0))
