"""What a lesion does to an image."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage

from femur_fea.domain import CTVolume, DensityField, ImageGrid
from femur_fea.errors import EmptyMaskError, FemurFEAWarning, OutOfRangeError, UnknownNameError
from meshing.bone import BoneGeometry
from meshing.lesions import (
    DENSITY_CONTENT,
    HU_CONTENT,
    LESION_SITES,
    Lesion,
    draw_lesion,
    draw_site,
    grow_in_density,
    insert_into_ct,
    insert_into_density,
    make_noise,
    measure_noise,
    place_at_site,
)

HEAD = (0.0, 0.0, 0.0)


def at_site(femur: BoneGeometry, name: str, diameter: float, **how: object) -> Lesion:
    centre = place_at_site(femur, LESION_SITES[name], diameter=diameter)
    return Lesion(**{"kind": "lytic", "centre": centre, "diameter": diameter, **how})


def test_a_smooth_ball_has_the_volume_of_a_ball(femur: BoneGeometry, bone: DensityField) -> None:
    ball = Lesion(kind="lytic", centre=HEAD, diameter=20.0, roughness=0.0)
    found = insert_into_density(bone, femur, [ball]).lesion.volume
    assert found == pytest.approx(np.pi / 6.0 * 20.0**3, rel=0.01)  # voxels of 1 mm


@pytest.mark.parametrize("seed", range(4))
def test_waves_and_axes_keep_the_volume(femur: BoneGeometry, bone: DensityField, seed: int) -> None:
    rough = Lesion(
        kind="lytic", centre=HEAD, diameter=20.0, roughness=0.15, axes=(1.2, 0.9, 1.0), seed=seed
    )
    planted = insert_into_density(bone, femur, [rough])
    assert planted.lesion.volume == pytest.approx(np.pi / 6.0 * 20.0**3, rel=0.02)
    assert ndimage.label(planted.lesion.inside)[1] == 1


def test_the_planted_densities_are_found_in_the_lesion(
    femur: BoneGeometry, bone: DensityField
) -> None:
    lytic = Lesion(kind="lytic", centre=HEAD, diameter=20.0)
    blastic, mixed = (replace(lytic, kind=kind) for kind in ("blastic", "mixed"))
    core = ndimage.distance_transform_edt(insert_into_density(bone, femur, [lytic]).lesion.inside)
    means = {
        lesion.kind: insert_into_density(bone, femur, [lesion]).image.rho[core > 2.0].mean()
        for lesion in (lytic, blastic, mixed)
    }
    assert means["lytic"] == pytest.approx(DENSITY_CONTENT.tumour, abs=1e-6)
    # 15 % variation over some 60 patches in a ball of 20 mm
    assert means["blastic"] == pytest.approx(DENSITY_CONTENT.woven, rel=0.06)
    assert means["lytic"] < 0.75 * means["mixed"] < means["mixed"] < 0.8 * means["blastic"]


def test_a_blastic_lesion_never_takes_density_away(femur: BoneGeometry, bone: DensityField) -> None:
    lesion = at_site(femur, "subtrochanteric_medial", 25.0, kind="blastic")
    planted = insert_into_density(bone, femur, [lesion])
    assert np.all(planted.image.rho >= bone.rho - 1e-6)


def test_the_twin_is_the_image_as_given_and_both_agree_outside_the_lesion(
    femur: BoneGeometry, ct: CTVolume
) -> None:
    planted = insert_into_ct(ct, femur, [at_site(femur, "neck_medial", 22.0)])
    assert planted.healed is ct
    assert planted.image.hu.dtype == ct.hu.dtype
    far = ndimage.distance_transform_edt(~planted.lesion.inside) > 4.0  # blur and rounding end
    assert np.array_equal(planted.image.hu[far], ct.hu[far])
    changed = planted.image.hu[planted.lesion.inside] != ct.hu[planted.lesion.inside]
    assert changed.mean() > 0.9


def test_a_lesion_in_a_ct_shows_tumour_with_the_scans_own_noise(
    femur: BoneGeometry, ct: CTVolume
) -> None:
    lesion = Lesion(kind="lytic", centre=HEAD, diameter=24.0)
    planted = insert_into_ct(ct, femur, [lesion])
    core = ndimage.distance_transform_edt(planted.lesion.inside) > 3.0
    hu = planted.image.hu[core]
    assert hu.mean() == pytest.approx(HU_CONTENT.tumour, abs=5.0 * 20.0 / np.sqrt(core.sum()) + 1.0)
    assert hu.std() == pytest.approx(20.0, rel=0.12)  # of 20 HU measured through a local mean


def test_noise_is_measured_with_its_correlation() -> None:
    rng = np.random.default_rng(7)
    smooth = ndimage.gaussian_filter(rng.standard_normal((60, 60, 40)), (0.7, 0.7, 0.0))
    smooth *= 15.0 / smooth.std()
    noise = measure_noise(50.0 + smooth, np.full(smooth.shape, 20.0))
    assert noise is not None
    assert noise.sd == pytest.approx(15.0, rel=0.1)
    assert noise.smoothing[:2] == pytest.approx((0.7, 0.7), abs=0.1)
    assert noise.smoothing[2] == pytest.approx(0.0, abs=0.35)
    made = make_noise(noise, smooth.shape, rng)
    assert made.std() == pytest.approx(noise.sd, rel=1e-6)


def test_a_scan_without_muscle_is_told_to_have_no_noise(femur: BoneGeometry, ct: CTVolume) -> None:
    bare = replace(ct, hu=np.where(femur.distance > 0.5, -1000, ct.hu).astype(np.int16))
    with pytest.warns(FemurFEAWarning, match="too little muscle"):
        insert_into_ct(bare, femur, [Lesion(kind="lytic", centre=HEAD, diameter=15.0)])


def test_a_kept_cortex_stays_whole_and_a_breached_one_does_not(
    femur: BoneGeometry, bone: DensityField
) -> None:
    breach = at_site(femur, "subtrochanteric_lateral", 24.0)
    kept = replace(breach, kept_cortex=2.0)
    outer = (femur.distance < -0.3) & (femur.distance > -1.5)
    taken = {
        lesion.kept_cortex: np.abs(insert_into_density(bone, femur, [lesion]).image.rho - bone.rho)
        for lesion in (breach, kept)
    }
    assert taken[0.0][outer].max() > 0.8
    assert taken[2.0][outer].max() < 1e-6


def test_an_extension_reaches_outside_the_bone_and_a_lesion_without_one_does_not(
    femur: BoneGeometry, bone: DensityField
) -> None:
    inner = at_site(femur, "subtrochanteric_lateral", 24.0)
    outer = replace(inner, extension=10.0)
    first, second = (insert_into_density(bone, femur, [one]) for one in (inner, outer))
    assert first.extension.volume == 0.0
    assert second.extension.volume > 50.0
    assert np.array_equal(first.lesion.inside, second.lesion.inside)
    assert not np.any(second.extension.inside & femur.inside & (femur.distance < -1.0))


def test_a_rim_is_dense_and_lies_within_the_border(femur: BoneGeometry, bone: DensityField) -> None:
    plain = Lesion(kind="lytic", centre=HEAD, diameter=24.0, roughness=0.0)
    rimmed = insert_into_density(bone, femur, [replace(plain, rim=2.5)])
    depth = ndimage.distance_transform_edt(rimmed.lesion.inside)
    rho = rimmed.image.rho
    ring, core = rho[(depth > 1.0) & (depth < 2.0)].mean(), rho[depth > 4.0].mean()
    assert core == pytest.approx(DENSITY_CONTENT.tumour, abs=1e-6)
    assert ring == pytest.approx(DENSITY_CONTENT.woven, rel=0.15)


def test_a_growing_lesion_holds_what_it_held_before(
    femur: BoneGeometry, bone: DensityField
) -> None:
    lesion = at_site(femur, "neck_medial", 20.0, seed=3)
    series = grow_in_density(bone, femur, lesion, [8.0, 14.0, 20.0])
    for before, after in pairwise(series):
        assert not np.any(before.lesion.inside & ~after.lesion.inside)
        assert after.lesion.volume > 1.5 * before.lesion.volume
    assert np.array_equal(
        series[-1].image.rho, insert_into_density(bone, femur, [lesion]).image.rho
    )
    with pytest.raises(OutOfRangeError):
        grow_in_density(bone, femur, lesion, [14.0, 8.0])


def test_several_lesions_are_those_that_they_are_one_by_one(
    femur: BoneGeometry, bone: DensityField
) -> None:
    apart = [at_site(femur, "neck_medial", 14.0), at_site(femur, "diaphyseal_lateral", 14.0)]
    both = insert_into_density(bone, femur, apart)
    alone = [insert_into_density(bone, femur, [one]).lesion.inside for one in apart]
    assert np.array_equal(both.lesion.inside, alone[0] | alone[1])


def test_a_moved_patient_has_the_same_lesion(femur: BoneGeometry, bone: DensityField) -> None:
    shift = np.eye(4)
    shift[:3, 3] = 30.0, -80.0, 12.0
    grid = ImageGrid(shape=femur.grid.shape, affine=shift @ femur.grid.affine)
    frame = replace(
        femur.frame,
        origin=femur.frame.origin + shift[:3, 3],
        shaft_point=femur.frame.shaft_point + shift[:3, 3],
    )
    elsewhere = BoneGeometry(grid=grid, distance=femur.distance, frame=frame)
    there = DensityField(grid=grid, rho=bone.rho, kind="CaHA")
    first = insert_into_density(bone, femur, [at_site(femur, "neck_medial", 20.0)])
    second = insert_into_density(there, elsewhere, [at_site(elsewhere, "neck_medial", 20.0)])
    # round-off moves a point of a voxel across the border here and there
    assert np.mean(first.lesion.inside != second.lesion.inside) < 1e-5
    assert np.abs(first.image.rho - second.image.rho).mean() < 1e-6


def test_the_same_seed_gives_the_same_lesion_and_another_one_does_not(
    femur: BoneGeometry, bone: DensityField
) -> None:
    def planted(seed: int) -> DensityField:
        lesion = at_site(femur, "neck_medial", 20.0, kind="mixed", seed=seed)
        return insert_into_density(bone, femur, [lesion]).image

    assert np.array_equal(planted(1).rho, planted(1).rho)
    assert not np.array_equal(planted(1).rho, planted(2).rho)


def test_drawn_lesions_lie_in_the_bone_at_the_published_levels(
    femur: BoneGeometry, bone: DensityField
) -> None:
    rng = np.random.default_rng(9)
    drawn = [
        draw_lesion(femur, rng, kind="lytic", diameter=20.0, site=draw_site(rng)) for _ in range(60)
    ]
    depth = -femur.distance_at(femur.frame.to_world(np.array([one.centre for one in drawn])))
    assert np.all(depth > 0.0)
    crossing = femur.frame.to_frame(femur.frame.shaft_point[None, :])[0][2]
    low = np.mean([one.centre[2] < crossing - 2.0 * femur.frame.head_radius for one in drawn])
    assert low == pytest.approx(0.3, abs=0.18)  # 3 standard errors of 60
    assert insert_into_density(bone, femur, drawn[:2]).lesion.volume > 0.0


def refused(femur: BoneGeometry, bone: DensityField) -> dict[str, Callable[[], object]]:
    far = Lesion(kind="lytic", centre=(500.0, 0.0, 0.0), diameter=10.0)
    beside = Lesion(kind="lytic", centre=(0.0, 0.0, 60.0), diameter=10.0)
    return {
        "outside the image": lambda: insert_into_density(bone, femur, [far]),
        "outside the bone": lambda: insert_into_density(bone, femur, [beside]),
    }


@pytest.mark.parametrize("case", ["outside the image", "outside the bone"])
def test_a_lesion_that_is_not_in_the_bone_is_refused(
    femur: BoneGeometry, bone: DensityField, case: str
) -> None:
    with pytest.raises(EmptyMaskError):
        refused(femur, bone)[case]()


def test_a_lesion_that_cannot_be_is_refused() -> None:
    good = Lesion(kind="lytic", centre=HEAD, diameter=10.0)
    for fault in ({"diameter": 0.0}, {"roughness": 0.6}, {"kept_cortex": 1.0, "extension": 2.0}):
        with pytest.raises(OutOfRangeError):
            replace(good, **fault)
    with pytest.raises(UnknownNameError):
        replace(good, kind="cystic")
