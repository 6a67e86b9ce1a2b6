"""The shipped model is a population of closed, upright right femora."""

import json

import numpy as np
import pytest

from femur_fea.domain import TriangleSurface
from femur_fea.errors import ShapeError
from meshing.anatomy import detect_side, find_frame
from meshing.shape import REGIONS, draw_femur, read_shape_model, write_shape_model
from meshing.shape.folds import count_folds
from meshing.shape.model import _SHIPPED


def test_every_random_femur_is_closed_and_faces_outwards(model, field):
    rng = np.random.default_rng(5)
    for _ in range(5):
        surface = draw_femur(model, field, side="right", rng=rng).surface
        assert surface.is_closed
        assert count_folds(surface) == 0
        assert surface.volume > 200e3  # mm3: small women; the mean femur has 500 cm3


def test_the_head_of_the_mean_is_its_origin_and_the_knee_lies_below_it(model):
    mean = TriangleSurface(points=model.mean, triangles=model.triangles)
    assert np.linalg.norm(find_frame(mean, "right").origin) < 0.5  # mm: two fits of a sphere
    marks = model.landmarks
    low = model.mean[np.concatenate([marks.medial_distal, marks.lateral_distal])].mean(axis=0)
    assert np.hypot(*low[:2]) < 2.0  # mm: patches of points instead of the lowest points


def test_a_left_femur_is_the_mirror_image_of_a_right_one(model, known_shape):
    left = model.surface(known_shape, side="left")
    right = model.surface(known_shape, side="right")
    np.testing.assert_array_equal(left.points * [-1.0, 1.0, 1.0], right.points)
    assert left.volume == pytest.approx(right.volume, rel=1e-12)
    assert detect_side(left) == "left"


def test_modes_are_orthogonal_and_fall_in_size(model):
    flat = model.modes.reshape(model.n_modes, -1)
    gram = flat @ flat.T
    size = np.sqrt(np.diag(gram))
    assert (np.diff(size) < 0.0).all()
    cosines = gram / np.outer(size, size) - np.eye(model.n_modes)
    assert np.abs(cosines).max() < 5e-3  # half precision keeps 3 digits


def test_regions_lie_where_anatomy_has_them(model):
    names = np.array(REGIONS)[model.regions]
    height = {name: model.mean[names == name, 2].mean() for name in REGIONS}
    down = ["head", "neck", "lesser_trochanter", "subtrochanteric", "shaft", "distal"]
    heights = [height[name] for name in down]
    assert heights == sorted(heights, reverse=True)
    lateral = {name: -model.mean[names == name, 0].mean() for name in REGIONS}
    assert lateral["greater_trochanter"] > lateral["lesser_trochanter"] > lateral["head"]
    behind = model.mean[names == "lesser_trochanter", 1].mean()
    assert behind > model.mean[names == "intertrochanteric", 1].mean()  # LPS: posterior is +y


def test_the_shipped_file_is_small_and_tells_its_sources(model):
    from importlib.resources import files

    assert len((files("meshing.shape") / _SHIPPED).read_bytes()) < 2_000_000
    licences = {source["licence"] for source in model.provenance["sources"]}
    assert licences == {"MPL-2.0", "MIT", "Apache-2.0"}
    assert "ricci" not in json.dumps(model.provenance).lower()


def test_a_model_read_back_is_the_one_written(model, tmp_path, known_shape):
    write_shape_model(model, tmp_path / "model.npz")
    again = read_shape_model(tmp_path / "model.npz")
    apart = again.points(known_shape) - model.points(known_shape)
    assert np.abs(apart).max() < 1e-4  # single precision of 400 mm
    np.testing.assert_array_equal(again.regions, model.regions)
    np.testing.assert_array_equal(again.landmarks.shaft, model.landmarks.shaft)


def test_more_coefficients_than_modes_are_refused(model):
    with pytest.raises(ShapeError, match="at most"):
        model.points(np.zeros(model.n_modes + 1))


def test_local_differences_have_the_models_spread_and_leave_the_head_round(model, field):
    rng = np.random.default_rng(3)
    drawn = np.stack([field.draw(rng) for _ in range(200)])
    spread = np.sqrt((drawn**2).mean(axis=(0, 2)))
    # 600 values of each point: their spread is known to 3 %, the basis leaves out 1 % of variance
    assert np.abs(spread / model.local_sd - 1.0).max() < 0.2
    head = model.landmarks.head
    moved = drawn[:, head] - drawn[:, head].mean(axis=1, keepdims=True)
    assert np.sqrt((moved**2).mean()) < 0.5 * model.local_sd[head].mean()


def test_the_same_seed_draws_the_same_femur(model, field):
    first, second = (
        draw_femur(model, field, side="left", rng=np.random.default_rng(11)) for _ in range(2)
    )
    np.testing.assert_array_equal(first.surface.points, second.surface.points)
