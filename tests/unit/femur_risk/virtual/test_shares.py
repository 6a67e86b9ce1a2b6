"""Lesions and protocols are drawn as often as is told: chi-square tests of every class."""

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from scipy.stats import chisquare, kstest

from femur_risk.virtual import LesionPlan, draw_plan, draw_scanner

N = 4000
LEAST = 1e-3  # p below which a fixed seed is taken to draw other shares than those told


def check(found: Iterable[object], shares: Mapping[str, float]) -> None:
    """Compare how often classes came with the shares of docs/virtual_patients.md."""
    counts = Counter(str(value) for value in found)
    assert set(counts) == set(shares)
    total = sum(counts.values())
    expected = [total * share for share in shares.values()]
    assert min(expected) > 5.0  # as chi-square needs
    assert chisquare([counts[name] for name in shares], expected).pvalue > LEAST


@pytest.fixture(scope="module", params=["prostate", "breast", "lung"])
def plans(request: pytest.FixtureRequest) -> tuple[str, list[LesionPlan | None]]:
    rng = np.random.default_rng(20)
    return request.param, [draw_plan(request.param, rng) for _ in range(N)]


def test_kinds_come_as_often_as_the_primary_tumour_says(
    plans: tuple[str, list[LesionPlan | None]],
) -> None:
    primary, drawn = plans
    shares = {
        "prostate": {"lytic": 0.10, "mixed": 0.20, "blastic": 0.70},
        "breast": {"lytic": 0.50, "mixed": 0.30, "blastic": 0.20},
        "lung": {"lytic": 0.80, "mixed": 0.15, "blastic": 0.05},
    }[primary]
    check((plan.kind for plan in drawn if plan is not None), shares)
    check((plan is None for plan in drawn), {"True": 0.2, "False": 0.8})


def test_sites_come_as_often_as_their_level_says_and_directions_alike(
    plans: tuple[str, list[LesionPlan | None]],
) -> None:
    sites = [plan.site.name.split("_") for plan in plans[1] if plan is not None]
    told = {"neck": 0.5, "subtrochanteric": 0.3, "intertrochanteric": 0.2}
    check((level for level, _ in sites), told)
    check((direction for _, direction in sites), dict.fromkeys({d for _, d in sites}, 1.0 / 8.0))


def test_diameters_are_uniform(plans: tuple[str, list[LesionPlan | None]]) -> None:
    sizes = np.array([plan.diameter for plan in plans[1] if plan is not None])
    assert kstest((sizes - 10.0) / 30.0, "uniform").pvalue > LEAST


def test_protocols_come_alike() -> None:
    rng = np.random.default_rng(21)
    drawn = [draw_scanner(rng) for _ in range(1000)]
    check((s.tube.voltage_kV for s in drawn), dict.fromkeys(("100.0", "120.0", "140.0"), 1.0 / 3.0))
    check((s.kernel.name for s in drawn), {"soft": 0.5, "standard": 0.5})
    check((s.slice_thickness_mm for s in drawn), dict.fromkeys(("1.0", "1.5", "2.0"), 1.0 / 3.0))
    noise = np.array([s.noise.deviation_HU for s in drawn if s.noise is not None])
    assert noise.size == 1000
    assert kstest((noise - 10.0) / 10.0, "uniform").pvalue > LEAST
