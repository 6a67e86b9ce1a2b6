"""How thick the cortex is, and where."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from femur_fea.domain import FloatArray, ImageGrid, TriangleSurface
from meshing.anatomy import find_frame
from meshing.bone import (
    BoneGeometry,
    FemurCoordinates,
    coordinates_of,
    cortical_thickness,
    fill_bone,
    find_shaft_line,
    geometry_of_surface,
    mean_quality,
    measure_thickness,
    mix_edge,
    random_bone,
)
from meshing.handmade import handmade_geometry
from meshing.shape import Sex, draw_femur, load_shape_model, local_field


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
