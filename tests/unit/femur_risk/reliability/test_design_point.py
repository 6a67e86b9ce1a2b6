"""The likeliest way to fail: closed forms, and lives that are counted."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import ndtr

from femur_fea.errors import NotConvergedError
from femur_risk.exposure import ACTIVITIES
from femur_risk.reliability import (
    DesignPoint,
    LimitState,
    StrengthEstimate,
    count_fractures,
    design_point,
    second_order_probability,
)

type Believed = Callable[..., StrengthEstimate]
type LimitStates = Callable[[StrengthEstimate, float], dict[str, LimitState]]


def test_two_lognormal_variables_have_the_closed_form() -> None:
    margin = 0.4

    def plane(u: np.ndarray) -> np.ndarray:
        return margin + 0.2 * u[0] - 0.1 * u[1]

    found = design_point(plane, np.zeros(2))
    beta = margin / np.hypot(0.2, 0.1)
    assert found.beta == pytest.approx(beta, rel=1e-6)
    assert found.probability == pytest.approx(ndtr(-beta), rel=1e-5)
    assert found.importance == pytest.approx([0.8, 0.2], abs=1e-5)


def test_a_median_that_fails_has_a_negative_index() -> None:
    found = design_point(lambda u: np.asarray(-0.3 + 0.2 * u[0]), np.zeros(1))
    assert found.beta == pytest.approx(-1.5, rel=1e-6)
    assert found.probability == pytest.approx(ndtr(1.5), rel=1e-6)


@pytest.mark.parametrize("multiple", [5.0, 6.5, 8.0])
@pytest.mark.parametrize("name", sorted(ACTIVITIES))
def test_the_likeliest_failure_gives_the_probability_of_each_activity(
    name: str, multiple: float, believed: Believed, limit_states: LimitStates
) -> None:
    states = limit_states(believed(multiple), 182.0)
    one = {name: states[name]}
    counted = count_fractures(one, n=1_000_000, rng=np.random.default_rng(2))
    point = design_point(states[name].margin, states[name].start)
    # the limit state bends: the largest of many forces is closer to Gumbel than to normal, which
    # costs a plane up to 25 % here (51 % was seen), and a paraboloid 1 % (3 % was seen)
    chance = 4.0 * counted.standard_error + 1e-6
    assert point.probability == pytest.approx(counted.probability, rel=0.27, abs=chance)
    second_order = second_order_probability(states[name].margin, point)
    assert second_order == pytest.approx(counted.probability, rel=0.02, abs=chance)


@pytest.mark.parametrize(("resistance", "load"), [(1.0, 0.6), (1.0, 0.9), (0.8, 1.0)])
def test_a_lognormal_pair_fails_as_often_as_the_closed_form_says(
    resistance: float, load: float
) -> None:
    deviations = np.array([0.2, 0.25])

    def margin(u: np.ndarray) -> np.ndarray:
        return np.asarray(
            np.log(resistance / load) + deviations[0] * u[..., 0] - deviations[1] * u[..., 1]
        )

    exact = float(ndtr(-np.log(resistance / load) / np.linalg.norm(deviations)))
    point = design_point(margin, np.zeros(2))
    assert point.probability == pytest.approx(exact, rel=1e-5)
    assert second_order_probability(margin, point) == pytest.approx(exact, rel=1e-5)
    lives = np.random.default_rng(7).standard_normal((1_000_000, 2))
    counted = float(np.mean(margin(lives) < 0.0))
    error = np.sqrt(exact * (1.0 - exact) / len(lives))
    assert abs(counted - exact) < 4.0 * error


@pytest.mark.parametrize("curvature", [-0.1, 0.0, 0.1])
@pytest.mark.parametrize("beta", [-2.0, 1.0, 2.5, 4.0])
def test_a_paraboloid_has_the_probability_of_its_integral(beta: float, curvature: float) -> None:
    def margin(u: np.ndarray) -> np.ndarray:
        return np.asarray(beta - u[0] + 0.5 * curvature * u[1] ** 2)

    at = DesignPoint(point=np.array([beta, 0.0]), beta=beta)
    v = np.linspace(-8.0, 8.0, 4001)
    weight = np.exp(-0.5 * v**2)
    exact = np.average(ndtr(-beta - 0.5 * curvature * v**2), weights=weight)
    # the formula is asymptotic in beta, and best for slight bends
    assert second_order_probability(margin, at) == pytest.approx(exact, rel=0.03)


def test_where_chance_alone_decides_no_order_is_claimed() -> None:
    def margin(u: np.ndarray) -> np.ndarray:
        return np.where(u[..., 0] < 2.0, np.inf, -np.inf)

    with pytest.raises(NotConvergedError, match="chance alone decides"), np.errstate(all="ignore"):
        second_order_probability(margin, DesignPoint(point=np.array([2.0, 0.0]), beta=2.0))
