"""Effects of several sources on one quantity combine."""

from dataclasses import fields

import numpy as np
import pytest

from femur_risk.pipeline.perturbation import Perturbation
from femur_risk.pipeline.study import UncertaintyStudy
from femur_risk.uncertainty import UncertainSource


def _source(name: str, **effect: float) -> UncertainSource:
    return UncertainSource(
        name=name,
        sd=1.0,
        unit="-",
        provenance="user",
        source="a test",
        effect=lambda _: effect,
    )


def test_two_sources_of_one_quantity_both_count() -> None:
    sources = (
        _source("line", density_factor=1.1, density_offset=0.02, surface_shift=0.2),
        _source("law", modulus_factor=1.2),
        _source("mask", density_factor=0.5, density_offset=0.03, surface_shift=-0.5),
        _source("size", modulus_factor=1.5),
    )
    change = UncertaintyStudy(bodies=(), sources={"stance": sources}).change(np.zeros(4))
    # 0.5 (1.1 rho + 0.02) + 0.03
    assert change.density == pytest.approx((0.55, 0.04, 0.0))
    assert change.modulus_factor == pytest.approx(1.8)
    assert change.surface_shift == pytest.approx(-0.3)


@pytest.mark.parametrize("name", [field.name for field in fields(Perturbation)])
def test_a_change_after_or_before_none_is_itself(name: str) -> None:
    change = Perturbation(**{name: 0.7})
    assert Perturbation().and_then(change) == change
    assert change.and_then(Perturbation()) == change
