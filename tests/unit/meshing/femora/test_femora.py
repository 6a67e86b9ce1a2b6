"""Femora of persons: published anatomy, the shown part, lesions and what a scan would show."""

import numpy as np
import pytest

from femur_fea.domain import FloatArray
from femur_fea.errors import OutOfRangeError
from meshing.anatomy import find_frame
from meshing.femora import (
    ANATOMY,
    Owner,
    VirtualFemur,
    draw_femur_of,
    draw_shape,
    ideal_image,
    with_lesions,
)
from meshing.lesions import LESION_SITES, Lesion, place_at_site
from meshing.outline import smooth_outline
from meshing.shape import Sex, femur_length, load_shape_model, local_field

OWNER = Owner(age=70.0, sex="female", height=1630.0, side="left")
SPACING = 2.0  # mm
N_DRAWN = 40


@pytest.fixture(scope="module")
def femur() -> VirtualFemur:
    return draw_femur_of(OWNER, seed=3, spacing=SPACING)


@pytest.fixture(scope="module")
def women() -> dict[str, FloatArray]:
    model = load_shape_model()
    local, rng = local_field(model), np.random.default_rng(0)
    drawn = [
        draw_shape(model, local, sex="female", height=1630.0, side="right", rng=rng).anatomy
        for _ in range(N_DRAWN)
    ]
    return {
        name: np.array([getattr(anatomy, name) for anatomy in drawn])
        for name in (*ANATOMY, "length")
    }


@pytest.mark.parametrize("name", [*ANATOMY])
def test_drawn_anatomy_has_the_published_mean(women: dict[str, FloatArray], name: str) -> None:
    spread = ANATOMY[name]
    # 3 standard errors, and half a standard deviation for anatomies that the model does not have
    margin = (3.0 / np.sqrt(N_DRAWN) + 0.5) * spread.sd
    assert women[name].mean() == pytest.approx(spread.female, abs=margin)
    assert 0.6 * spread.sd < women[name].std() < 1.4 * spread.sd


@pytest.mark.parametrize("name", [*ANATOMY])
def test_men_differ_from_women_by_the_published_difference(name: str) -> None:
    model = load_shape_model()
    local = local_field(model)

    def drawn(sex: Sex, height: float, seed: int) -> float:
        rng = np.random.default_rng(seed)
        shape = draw_shape(model, local, sex=sex, height=height, side="right", rng=rng)
        return float(getattr(shape.anatomy, name))

    for seed in range(3):
        apart = drawn("male", 1760.0, seed) - drawn("female", 1630.0, seed)
        # one seed is one score of each measure; the search stops at 1e-4 of its spread
        published = ANATOMY[name].male - ANATOMY[name].female
        assert apart == pytest.approx(published, abs=1e-3 * ANATOMY[name].sd)


def test_the_length_is_that_of_the_height(women: dict[str, FloatArray]) -> None:
    # the search stops at 1e-4 of the spread of a measure
    np.testing.assert_allclose(women["length"], femur_length(1630.0, "female"), atol=0.01)


def test_a_height_that_no_adult_has_is_refused() -> None:
    owner = Owner(age=70.0, sex="female", height=163.0, side="left")
    with pytest.raises(OutOfRangeError):
        draw_femur_of(owner, seed=0, spacing=SPACING)


def test_the_shown_part_has_the_head_that_was_drawn_and_ends_in_the_shaft(
    femur: VirtualFemur,
) -> None:
    frame = find_frame(smooth_outline(femur.mask, side="left"), "left")
    drawn = femur.shape.anatomy
    assert frame.head_radius == pytest.approx(drawn.head_radius, abs=1.0)  # half a voxel
    assert np.rad2deg(frame.neck_shaft_angle) == pytest.approx(
        np.rad2deg(drawn.neck_shaft_angle),
        abs=6.0,  # other definitions of the neck axis, and 2 mm of voxels
    )
    assert femur.mask.inside[:, :, 0].any()
    for side in (femur.mask.inside[:, :, -1], femur.mask.inside[0], femur.mask.inside[:, 0]):
        assert not side.any()


def test_a_seed_means_one_femur_and_the_bone_does_not_follow_the_shape(
    femur: VirtualFemur,
) -> None:
    again = draw_femur_of(OWNER, seed=3, spacing=SPACING)
    np.testing.assert_array_equal(again.density.rho, femur.density.rho)
    taller = Owner(age=70.0, sex="female", height=1700.0, side="left")
    assert draw_femur_of(taller, seed=3, spacing=SPACING).quality == femur.quality


def test_a_lytic_ball_takes_mineral_where_it_lies_and_leaves_the_healed_twin(
    femur: VirtualFemur,
) -> None:
    centre = place_at_site(femur.geometry, LESION_SITES["neck_medial"], diameter=20.0)
    ball = Lesion(kind="lytic", centre=centre, diameter=20.0, roughness=0.0)
    hurt = with_lesions(femur, (ball,))
    assert hurt.lesion is not None
    changed = hurt.density.rho != femur.density.rho
    far = np.linalg.norm(
        femur.geometry.frame.to_frame(
            femur.geometry.grid.to_world(np.argwhere(changed).astype(float))
        )
        - np.array(centre),
        axis=1,
    )
    assert far.max() < 10.0 + SPACING * np.sqrt(3.0)
    inside = hurt.lesion.inside
    assert hurt.density.rho[inside].mean() < 0.3 * femur.density.rho[inside].mean()
    np.testing.assert_array_equal(hurt.healed.rho, femur.density.rho)
    assert with_lesions(hurt, ()).lesion is None
    np.testing.assert_array_equal(with_lesions(hurt, ()).density.rho, femur.density.rho)


def test_blur_moves_density_but_keeps_its_sum(femur: VirtualFemur) -> None:
    sharp, blurred = (ideal_image(femur, blur=blur).rho for blur in (1e-3, 1.0))
    # but for the cut shaft, beyond which the bone goes on
    assert blurred.sum() == pytest.approx(sharp.sum(), rel=1e-3)
    assert blurred.max() < sharp.max()
