"""A weakest direction at the edge of a family is told, for a weaker one may lie beyond."""

import pytest

from femur_fea.errors import FemurFEAWarning
from femur_fea.loads import LOAD_FAMILIES
from femur_risk.pipeline.edge import warn_of_edge


@pytest.mark.parametrize("weakest", ["fall_ad30_ir10", "fall_ad00_ir00", "fall_ad10_er30"])
def test_a_weakest_direction_at_the_edge_of_its_family_is_warned_of(weakest: str) -> None:
    with pytest.warns(FemurFEAWarning, match=rf"the femur is weakest, {weakest}, lies at the edge"):
        warn_of_edge("fall_grid", weakest, bone="femur")


@pytest.mark.parametrize(
    ("name", "weakest"),
    [("fall_grid", "fall_ad20_er20"), ("bending_grid", "bending_000"), ("fall", "fall")],
)
def test_directions_within_or_all_round_and_single_loads_give_no_warning(
    name: str, weakest: str, recwarn: pytest.WarningsRecorder
) -> None:
    warn_of_edge(name, weakest, bone="femur")
    assert not recwarn.list


def test_the_edge_of_the_grid_of_falls_is_its_border() -> None:
    # 4 angles by 7, of which 2 by 5 lie within
    assert len(LOAD_FAMILIES["fall_grid"].edge) == 4 * 7 - 2 * 5
