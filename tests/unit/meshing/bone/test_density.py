"""What a femur is filled with."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import ndimage

from femur_fea.domain import DensityField, FloatArray, ImageGrid, TriangleSurface
from femur_fea.errors import OutOfRangeError
from meshing.anatomy import find_frame
from meshing.bone import (
    AGE_COURSES,
    BoneGeometry,
    FemurCoordinates,
    contralateral,
    coordinates_of,
    cortical_density,
    cortical_thickness,
    draw_quality,
    fill_bone,
    find_shaft_line,
    geometry_of_surface,
    mean_quality,
    measure_regions,
    measure_thickness,
    mix_edge,
    random_bone,
)
from meshing.bone.fields import draw_field
from meshing.handmade import handmade_geometry
from meshing.shape import Sex, draw_femur, load_shape_model, local_field


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


def test_the_planted_thickness_is_the_one_that_is_measured() -> None:
    fine = handmade_geometry(spacing=0.8)
    quality = mean_quality(25.0, "male")
    image = mix_edge(fill_bone(fine, quality), fine, surroundings=0.04)
    measured = measure_thickness(image, fine)
    points = fine.grid.to_world(np.argwhere(np.abs(fine.distance) < 0.4).astype(float))
    at = coordinates_of(points, fine.frame, find_shaft_line(fine))
    shaft = (at.below > 3.0) & (at.below < 4.6)
    planted = cortical_thickness(at, quality)[shaft].mean()
    found = np.mean([measured[f"shaft_{side}"].mean() for side in ("medial", "lateral")])
    # the mean over two of four quadrants; the endosteum is met at half of the peak, not of the step
    assert found == pytest.approx(planted, rel=0.06)


def test_the_necks_quadrants_have_the_published_thickness(femur: BoneGeometry) -> None:
    """Poole et al. 2010, J Bone Miner Res 25:482: women at 25 and 85 years."""
    angle = np.deg2rad(np.arange(0.0, 360.0, 1.0) + 0.5)
    line = find_shaft_line(femur)
    at = coordinates_of(femur.frame.origin + np.zeros((360, 3)), femur.frame, line)
    mid_neck = replace(
        at,
        along_neck=np.full(360, 0.68),
        neck_angle=angle,
        below=np.full(360, -0.2),
        shaft_radius=np.full(360, 30.0),
    )
    for age, inferoanterior, superoposterior in ((25.0, 3.9, 1.63), (85.0, 3.3, 0.33)):
        quality = mean_quality(age, "female")
        thickness = cortical_thickness(mid_neck, quality)
        # all points are one in the pattern, which moves thickness by a factor near one; of the
        # thinnest part the least thickness that is drawn adds up to 0.15 mm
        pattern = thickness[90:180].mean() / inferoanterior
        assert pattern == pytest.approx(1.0, abs=0.3)
        assert thickness[270:].mean() / pattern == pytest.approx(superoposterior, abs=0.15)


def test_the_shaft_leaves_as_much_empty_as_was_published(femur: BoneGeometry) -> None:
    """J Anat 1997;191:407, doi:10.1046/j.1469-7580.1997.19130407.x: canal and pores at midshaft."""
    points = femur.grid.to_world(np.argwhere(femur.inside).astype(float))
    at = coordinates_of(points, femur.frame, find_shaft_line(femur))
    shaft = (at.below > 3.6) & (at.below < 4.6)
    for age, sex, published in (
        (25.0, "female", 0.25),
        (85.0, "female", 0.50),
        (85.0, "male", 0.37),
    ):
        quality = mean_quality(age, sex)
        thickness = cortical_thickness(at, quality)[shaft]
        canal = np.mean(-femur.distance[femur.inside][shaft] > thickness)
        empty = canal + (1.0 - canal) * quality.porosity
        # voxels of 1.5 mm, and a thickness that varies by 10 % from place to place
        assert empty == pytest.approx(published, abs=0.06)


@pytest.fixture(scope="module")
def lateral_wall() -> tuple[FemurCoordinates, float]:
    """Lateral surface of the mean femur, and how far below the crossing its lesser trochanter is.

    The lesser trochanter is where the surface reaches farthest medially and posteriorly.
    """
    model = load_shape_model()
    surface = TriangleSurface(points=model.mean, triangles=model.triangles)
    frame = find_frame(surface, "right")
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = frame.origin + np.array([-110.0, -60.0, -150.0])
    grid = ImageGrid(shape=(90, 60, 95), affine=affine)
    femur = geometry_of_surface(surface, grid, frame)
    points = grid.to_world(np.argwhere(np.abs(femur.distance) < 1.0).astype(float))
    at = coordinates_of(points, frame, find_shaft_line(femur))
    shaft = frame.to_frame(frame.shaft_point[None, :])[0]
    back = np.where(at.below > 0.3, (shaft - at.local)[:, :2].sum(axis=1), -np.inf)
    lateral = np.abs(at.shaft_angle) < 0.25 * np.pi
    wall = coordinates_of(points[lateral], frame, find_shaft_line(femur))
    return wall, float(at.below[back.argmax()])


def mean_wall(at: FemurCoordinates, age: float, sex: Sex) -> FloatArray:
    """Thickness without what varies from bone to bone."""
    drawn = [replace(mean_quality(age, sex), pattern_seed=seed) for seed in range(12)]
    return np.mean([cortical_thickness(at, quality) for quality in drawn], axis=0)


def test_the_lateral_wall_is_as_thick_at_the_lesser_trochanter_as_was_measured(
    lateral_wall: tuple[FemurCoordinates, float],
) -> None:
    """Chang et al. 2016, doi:10.13418/j.issn.1001-165x.2016.01.011: 2.3 +- 0.5 mm in the old."""
    at, lesser = lateral_wall
    there = np.abs(at.below - lesser) < 0.1
    of_sex = {sex: mean_wall(at, 80.0, sex)[there].mean() for sex in ("female", "male")}
    assert of_sex["female"] < of_sex["male"]
    # sexes were not told apart: their mean within one standard deviation, each within two
    assert np.mean(list(of_sex.values())) == pytest.approx(2.3, abs=0.5)
    assert list(of_sex.values()) == pytest.approx([2.3, 2.3], abs=1.0)


@pytest.mark.parametrize("sex", ["female", "male"])
def test_the_lateral_wall_thickens_all_the_way_from_the_vastus_ridge_to_the_shaft(
    lateral_wall: tuple[FemurCoordinates, float], sex: Sex
) -> None:
    at, lesser = lateral_wall
    ridge = lesser - 24.4 / at.head_radius  # the height of the wall, the same source
    thickness = mean_wall(at, 70.0, sex)
    bands = np.linspace(ridge, 3.2, 8)
    means = [
        thickness[(at.below > low) & (at.below < high)].mean() for low, high in pairwise(bands)
    ]
    assert np.all(np.diff(means) > 0.0)
    above = thickness[(at.below < ridge) & (at.below > ridge - 0.5)].mean()
    assert thickness[np.abs(at.below - lesser) < 0.1].mean() > 1.6 * above


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


def test_the_two_femora_of_a_person_are_alike_but_not_the_same() -> None:
    """Calcif Tissue Int 1997;61:189, doi:10.1007/s002239900321: sides differ by 7.8 %."""
    rng = np.random.default_rng(0)
    right = draw_quality(70.0, "female", rng)
    ratios = [contralateral(right, rng).trabecular / right.trabecular for _ in range(400)]
    assert np.std(np.log(ratios)) == pytest.approx(0.078, rel=0.1)  # 3 standard errors of 400
    left = contralateral(right, rng)
    assert left.pattern_seed == right.pattern_seed
    assert left.texture_seed != right.texture_seed


def test_people_of_one_age_differ_by_the_stated_spread() -> None:
    rng = np.random.default_rng(1)
    drawn = [draw_quality(70.0, "male", rng) for _ in range(2000)]
    logs = np.log([[q.trabecular, q.cortex] for q in drawn])
    assert logs.std(axis=0) == pytest.approx([0.24, 0.14], rel=0.05)
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(0.6, abs=0.05)


def test_a_random_field_has_unit_variance_and_the_stated_correlation() -> None:
    field = draw_field(np.random.default_rng(2), length=3.0, n_waves=400)
    points = np.random.default_rng(3).uniform(0.0, 400.0, size=(20000, 3))
    values, beside = field.at(points), field.at(points + np.array([3.0, 0.0, 0.0]))
    assert values.std() == pytest.approx(1.0, abs=0.03)
    assert np.mean(values * beside) == pytest.approx(np.exp(-0.5), abs=0.08)


def test_a_child_has_no_place_on_an_adults_course() -> None:
    with pytest.raises(OutOfRangeError):
        mean_quality(9.0, "male")


@pytest.mark.parametrize("name", list(AGE_COURSES))
def test_a_course_meets_the_values_at_both_of_its_ages(name: str) -> None:
    course = AGE_COURSES[name]
    for n, age in enumerate(course.ages):
        assert course.at(age, "female") == pytest.approx(course.female[n])
        assert course.at(age, "male") == pytest.approx(course.male[n])


def test_a_whole_femur_of_the_shape_model_thins_its_wall_towards_the_knee() -> None:
    model = load_shape_model()
    shape = draw_femur(model, local_field(model), side="left", rng=np.random.default_rng(1))
    low, high = shape.surface.points.min(axis=0) - 5.0, shape.surface.points.max(axis=0) + 5.0
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = low
    n = np.ceil((high - low) / 2.0).astype(int)
    grid = ImageGrid(shape=(int(n[0]), int(n[1]), int(n[2])), affine=affine)
    whole = geometry_of_surface(shape.surface, grid, find_frame(shape.surface, "left"))
    points = grid.to_world(np.argwhere(np.abs(whole.distance) < 1.0).astype(float))
    at = coordinates_of(points, whole.frame, find_shaft_line(whole))
    thickness = cortical_thickness(at, mean_quality(50.0, "male"))
    shaft, knee = (at.below > 3.5) & (at.flare < 1.1), at.flare > 1.8
    assert thickness[knee].mean() < 0.4 * thickness[shaft].mean()
    rho = random_bone(whole, age=50.0, sex="male", seed=1).rho[whole.distance < -12.0]
    heights = whole.frame.to_frame(grid.to_world(np.argwhere(whole.distance < -12.0) * 1.0))[:, 2]
    middle = np.abs(heights - np.quantile(heights, 0.5)) < 20.0
    assert rho[heights < heights.min() + 40.0].mean() > rho[middle].mean() + 0.1


def test_edges_are_mixed_by_how_much_of_a_voxel_is_bone(femur: BoneGeometry) -> None:
    full = DensityField(grid=femur.grid, rho=np.ones(femur.grid.shape), kind="CaHA")
    mixed = mix_edge(full, femur, surroundings=0.0)
    volume = float(mixed.rho.sum()) * femur.grid.voxel_volume
    # to first order in the voxel over the radius of the bone
    assert volume == pytest.approx(femur.mask.volume, rel=0.02)
