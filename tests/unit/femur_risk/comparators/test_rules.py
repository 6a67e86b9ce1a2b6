"""Rules against worked examples and their own definition."""

import numpy as np
import pytest

from femur_fea.domain import DensityField, ImageGrid, LabelMask
from femur_fea.errors import OutOfRangeError
from femur_risk.comparators import MIRELS_FRACTURES, RULES, lesion_kind, mirels, published_share


def test_a_lytic_intertrochanteric_lesion_that_hurts_on_walking_scores_twelve() -> None:
    found = mirels(
        region="intertrochanteric", kind="lytic", width_share=(0.8, 0.8), pain="functional"
    )
    assert found.value == (12.0, 12.0)
    assert found.verdict == "at risk"
    assert found.unknown == ()


def test_a_small_blastic_lesion_of_the_shaft_scores_five() -> None:
    found = mirels(region="shaft", kind="blastic", width_share=(0.2, 0.2), pain="mild")
    assert found.value == (5.0, 5.0)
    assert found.verdict == "not at risk"


def test_unknown_pain_leaves_three_scores() -> None:
    found = mirels(region="shaft", kind="lytic", width_share=(0.5, 0.5), pain=None)
    assert found.value == (8.0, 10.0)
    assert found.verdict == "undecided"
    assert found.unknown == ("pain",)


@pytest.mark.parametrize(("share", "points"), [(0.3, 1), (0.34, 2), (0.66, 2), (0.67, 3)])
def test_size_is_scored_by_thirds_of_the_diameter(share: float, points: int) -> None:
    found = mirels(region="shaft", kind="lytic", width_share=(share, share), pain="mild")
    assert found.value == (6.0 + points, 6.0 + points)


def test_what_counts_as_peritrochanteric_is_not_guessed() -> None:
    found = mirels(region="neck", kind="lytic", width_share=(0.5, 0.5), pain="mild")
    assert found.value == (8.0, 9.0)
    assert found.verdict == "undecided"
    assert "peritrochanteric" in found.unknown[0]


def test_the_share_of_fractures_rises_with_the_score() -> None:
    shares = [MIRELS_FRACTURES[str(score)].fraction for score in range(6, 13)]
    assert shares == sorted(shares)
    assert (shares[2], shares[3]) == (0.15, 0.33)
    assert MIRELS_FRACTURES["10"].provenance == "unverified"


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_threshold_is_at_risk_and_a_range_around_it_undecided(name: str) -> None:
    rule = RULES[name]
    step = 0.1 if rule.at_risk == "above" else -0.1
    assert rule.judge(rule.threshold).verdict == "at risk"
    assert rule.judge(rule.threshold + step).verdict == "at risk"
    assert rule.judge(rule.threshold - step).verdict == "not at risk"
    assert rule.judge(rule.threshold - 0.1, rule.threshold + 0.1).verdict == "undecided"
    assert rule.cannot_judge("a mass").verdict == "not assessable"
    with pytest.raises(OutOfRangeError, match="in order"):
        rule.judge(2.0, 1.0)


def test_the_kind_of_a_lesion_follows_the_mineral_that_it_changed() -> None:
    grid = ImageGrid(shape=(10, 10, 10), affine=np.eye(4))
    inside = np.zeros(grid.shape, dtype=bool)
    inside[2:8, 2:8, 2:8] = True
    lesion = LabelMask(grid=grid, inside=inside)
    healed = DensityField(grid=grid, rho=np.full(grid.shape, 0.3), kind="K2HPO4")

    def changed(share_lost: float) -> DensityField:
        rho = healed.rho.copy()
        where = np.argwhere(inside)
        n_lost = round(share_lost * len(where))
        for k, index in enumerate(where):
            rho[tuple(index)] += -0.2 if k < n_lost else 0.2
        return DensityField(grid=grid, rho=rho, kind="K2HPO4")

    assert lesion_kind(changed(1.0), healed, lesion) == "lytic"
    assert lesion_kind(changed(0.5), healed, lesion) == "mixed"
    assert lesion_kind(changed(0.0), healed, lesion) == "blastic"


def test_tumour_in_fatty_marrow_gains_no_mineral() -> None:
    grid = ImageGrid(shape=(10, 10, 10), affine=np.eye(4))
    inside = np.zeros(grid.shape, dtype=bool)
    inside[2:8, 2:8, 2:8] = True
    healed = np.zeros(grid.shape)
    healed[2] = 0.9  # cortex on one side of the marrow
    ill = np.where(inside, 0.07, healed)  # soft tissue, with contrast medium, in place of both
    kind = lesion_kind(
        DensityField(grid=grid, rho=ill, kind="CaHA"),
        DensityField(grid=grid, rho=healed, kind="CaHA"),
        LabelMask(grid=grid, inside=inside),
    )
    assert kind == "lytic"


def test_a_width_that_no_section_shows_leaves_all_sizes_possible() -> None:
    found = mirels(region="head", kind="lytic", width_share=(0.0, 1.0), pain="mild")
    assert found.value == (7.0, 9.0)
    assert found.verdict == "undecided"
    assert "no section" in found.unknown[0]


def test_a_score_carries_the_share_that_broke_and_other_rules_none() -> None:
    score = mirels(region="shaft", kind="lytic", width_share=(0.5, 0.5), pain="mild")
    assert published_share(score) == (0.15, 0.15)
    low = mirels(region="shaft", kind="blastic", width_share=(0.2, 0.2), pain="mild")
    assert published_share(low) == (0.0, 0.0)
    assert published_share(RULES["rigidity_loss"].judge(40.0)) is None
