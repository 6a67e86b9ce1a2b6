"""What a femur is filled with."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from femur_fea.domain import DensityField, ImageGrid
from meshing.bone import (
    BoneGeometry,
    coordinates_of,
    cortical_density,
    fill_bone,
    find_shaft_line,
    mean_quality,
    measure_regions,
    mix_edge,
    random_bone,
)
from meshing.bone.fields import draw_field


def test_the_same_seed_gives_the_same_bone_and_another_one_does_not(femur: BoneGeometry) -> None:
    first, again, other = (
        random_bone(femur, age=70.0, sex="female", seed=seed) for seed in (3, 3, 4)
    )
    assert np.array_equal(first.rho, again.rho)
    assert not np.array_equal(first.rho, other.rho)


def test_a_moved_patient_has_the_same_bone(
    femur: BoneGeometry, moved: Callable[[BoneGeometry], BoneGeometry], young_man: DensityField
) -> None:
    elsewhere = fill_bone(moved(femur), mean_quality(25.0, "male"))
    # round-off alone, in single precision and through the waves of the texture
    assert np.abs(elsewhere.rho - young_man.rho).max() < 2e-3


def test_a_left_femur_is_the_mirror_image_of_a_right_one(
    left_femur: BoneGeometry, young_man: DensityField
) -> None:
    left = fill_bone(left_femur, mean_quality(25.0, "male"))
    assert np.abs(left.rho - young_man.rho).max() < 2e-3


def test_density_lies_between_marrow_and_cortex(
    femur: BoneGeometry, young_man: DensityField
) -> None:
    points = femur.grid.to_world(np.argwhere(femur.inside).astype(float))
    at = coordinates_of(points, femur.frame, find_shaft_line(femur))
    compact = cortical_density(at, mean_quality(25.0, "male"))
    assert young_man.rho.max() <= compact.max() + 1e-6
    assert young_man.rho.min() >= -0.07


def test_the_cortex_of_the_shaft_is_denser_than_that_of_the_neck(femur: BoneGeometry) -> None:
    points = femur.grid.to_world(np.argwhere(femur.inside).astype(float))
    at = coordinates_of(points, femur.frame, find_shaft_line(femur))
    for age in (25.0, 85.0):
        rho = cortical_density(at, mean_quality(age, "female"))
        assert rho[at.below > 3.5].min() > rho[at.below < 0.5].max()
    assert rho.max() < 1.15  # of a young shaft


def test_a_larger_femur_is_the_same_bone_enlarged(femur: BoneGeometry) -> None:
    factor = 1.2
    frame = femur.frame
    scaled = np.diag([factor, factor, factor, 1.0])
    large = BoneGeometry(
        grid=ImageGrid(shape=femur.grid.shape, affine=scaled @ femur.grid.affine),
        distance=factor * femur.distance,
        frame=replace(
            frame,
            origin=factor * frame.origin,
            shaft_point=factor * frame.shaft_point,
            head_radius=factor * frame.head_radius,
        ),
    )
    small_rho, large_rho = (fill_bone(g, mean_quality(60.0, "male")).rho for g in (femur, large))
    deep = femur.distance < -8.0  # the neck's cortex and the endosteum are given in mm
    differs = np.abs(small_rho[deep] - large_rho[deep]) / np.maximum(small_rho[deep], 0.05)
    # the texture of a millimetre does not grow with the bone; it is 0.12 of the density
    assert np.sqrt(np.mean(differs**2)) < 1.5 * 0.12 * np.sqrt(2.0)


def test_old_women_have_less_bone_than_young_men_in_every_region(
    femur: BoneGeometry, young_man: DensityField, old_woman: DensityField
) -> None:
    young, old = (measure_regions(rho, femur) for rho in (young_man, old_woman))
    assert all(o.integral < 0.85 * y.integral for o, y in zip(old, young, strict=True))


def test_trabecular_bone_is_dense_along_the_compressive_group_and_sparse_in_wards_triangle(
    femur: BoneGeometry, young_man: DensityField
) -> None:
    frame = femur.frame
    radius = frame.head_radius
    neck = frame.to_frame(frame.shaft_point[None, :])[0]
    dome = frame.to_world(np.array([[-0.1 * radius, 0.0, 0.45 * radius]]))
    ward = frame.to_world(0.74 * neck[None, :])
    smooth = ndimage.gaussian_filter(young_man.rho, 1.5)
    compressive, sparse = (
        float(ndimage.map_coordinates(smooth, femur.grid.to_index(at).T, order=1)[0])
        for at in (dome, ward)
    )
    assert compressive > 3.0 * sparse


def test_trabecular_density_falls_over_life_as_published(femur: BoneGeometry) -> None:
    """Riggs et al. 2004, PMID 15537436: by 55 % in women and 46 % in men."""
    neck_of = {}
    for age in (20.0, 90.0):
        for sex in ("female", "male"):
            regions = measure_regions(fill_bone(femur, mean_quality(age, sex)), femur)
            neck_of[age, sex] = next(r for r in regions if r.name == "neck").trabecular
    for sex, published in (("female", 0.55), ("male", 0.46)):
        lost = 1.0 - neck_of[90.0, sex] / neck_of[20.0, sex]
        # what counts as trabecular in an image is not what is drawn as such
        assert lost == pytest.approx(published, abs=0.08)


def test_a_random_field_has_unit_variance_and_the_stated_correlation() -> None:
    field = draw_field(np.random.default_rng(2), length=3.0, n_waves=400)
    points = np.random.default_rng(3).uniform(0.0, 400.0, size=(20000, 3))
    values, beside = field.at(points), field.at(points + np.array([3.0, 0.0, 0.0]))
    assert values.std() == pytest.approx(1.0, abs=0.03)
    assert np.mean(values * beside) == pytest.approx(np.exp(-0.5), abs=0.08)


def test_edges_are_mixed_by_how_much_of_a_voxel_is_bone(femur: BoneGeometry) -> None:
    full = DensityField(grid=femur.grid, rho=np.ones(femur.grid.shape), kind="CaHA")
    mixed = mix_edge(full, femur, surroundings=0.0)
    volume = float(mixed.rho.sum()) * femur.grid.voxel_volume
    # to first order in the voxel over the radius of the bone
    assert volume == pytest.approx(femur.mask.volume, rel=0.02)
