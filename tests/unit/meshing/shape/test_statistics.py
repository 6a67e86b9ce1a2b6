"""Statistics of shapes that are known: modes, persons, local fields, flat ends."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from femur_fea.domain import TriangleSurface
from meshing.shape.cut import border_points, find_flat_ends
from meshing.shape.folds import count_folds
from meshing.shape.local import smooth_basis
from meshing.shape.statistics import (
    align,
    compactness,
    generalisation,
    modes_of,
    person_weights,
    rigid_motion,
)
from meshing.shape.template import resample


@pytest.fixture
def cloud() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(50, 3)) * 30.0


def test_a_rigid_motion_is_found(cloud):
    turn = Rotation.from_rotvec([0.3, -1.0, 0.4]).as_matrix()
    rotation, translation = rigid_motion(cloud, cloud @ turn.T + [5.0, 6.0, 7.0])
    np.testing.assert_allclose(rotation, turn, atol=1e-12)
    np.testing.assert_allclose(translation, [5.0, 6.0, 7.0], atol=1e-10)


def test_a_mirror_image_is_not_reached_by_a_rigid_motion(cloud):
    rotation, _ = rigid_motion(cloud, cloud * [-1, 1, 1])
    assert np.linalg.det(rotation) == pytest.approx(1.0)


def test_alignment_keeps_size_and_takes_motion_away(cloud):
    rng = np.random.default_rng(1)
    turns = Rotation.random(4, random_state=3).as_matrix()
    shapes = np.stack([cloud @ turn.T + rng.normal(size=3) for turn in turns])
    aligned = align(np.concatenate([shapes, 2.0 * shapes[:1]]), np.ones(5))
    np.testing.assert_allclose(aligned[:4], np.repeat(aligned[:1], 4, axis=0), atol=1e-9)
    assert np.linalg.norm(np.ptp(aligned[4], axis=0)) == pytest.approx(
        2.0 * np.linalg.norm(np.ptp(aligned[0], axis=0))
    )


def test_two_femora_of_one_person_count_as_one(cloud):
    rng = np.random.default_rng(2)
    others = cloud + rng.normal(size=(3, 50, 3))
    persons = np.array(["a", "b", "c"])
    mean, modes = modes_of(others, person_weights(persons))
    twice = np.concatenate([others, others[2:]])
    again, modes_again = modes_of(twice, person_weights(np.array(["a", "b", "c", "c"])))
    np.testing.assert_allclose(again, mean, atol=1e-12)
    np.testing.assert_allclose(modes_again, modes, atol=1e-9)


def test_modes_hold_the_variance_of_the_shapes(cloud):
    shapes = cloud + np.random.default_rng(3).normal(size=(6, 50, 3))
    _, modes = modes_of(shapes, np.ones(6))
    variance = shapes.var(axis=0, ddof=1)
    np.testing.assert_allclose((modes**2).sum(axis=0), variance, rtol=1e-9)
    assert compactness(modes)[-1] == pytest.approx(1.0)


def test_an_unseen_shape_of_the_same_modes_is_reached(cloud):
    rng = np.random.default_rng(4)
    ways = rng.normal(size=(2, 50, 3))
    shapes = cloud + np.einsum("sk,knx->snx", rng.normal(size=(7, 2)), ways)
    errors = generalisation(shapes, np.arange(7), [0, 1, 2])
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-9


def test_a_smooth_basis_has_the_covariance_of_its_process(cloud):
    basis = smooth_basis(cloud, length=25.0)
    apart = np.linalg.norm(cloud[:, None] - cloud[None], axis=2)
    error = np.abs(basis @ basis.T - np.exp(-0.5 * (apart / 25.0) ** 2))
    assert error.diagonal().mean() <= 0.01  # what it may leave out
    assert error.max() < 0.1


def test_the_flat_end_of_a_cut_shaft_is_found_and_the_whole_femur_has_none(model):
    import pyvista as pv

    three = np.full((len(model.triangles), 1), 3)
    mesh = pv.PolyData(model.mean, np.hstack([three, model.triangles]))
    normal = np.array([0.2, -0.1, 1.0]) / np.linalg.norm([0.2, -0.1, 1.0])
    cut = mesh.clip_closed_surface(normal=normal, origin=(0.0, 0.0, -150.0)).triangulate().clean()
    surface = TriangleSurface(
        points=np.asarray(cut.points, dtype=float), triangles=cut.faces.reshape(-1, 4)[:, 1:]
    )
    flat = find_flat_ends(surface)
    facing = surface.area_vectors[flat].sum(axis=0)
    np.testing.assert_allclose(facing / np.linalg.norm(facing), -normal, atol=0.02)
    assert np.linalg.norm(facing) == pytest.approx(np.pi * 14.0**2, rel=0.25)  # mm2, about
    whole = TriangleSurface(points=model.mean, triangles=model.triangles)
    assert not find_flat_ends(whole).any()


def test_a_point_moved_past_its_neighbours_makes_a_fold(model):
    smooth = TriangleSurface(points=model.mean, triangles=model.triangles)
    assert count_folds(smooth) == 0
    points = model.mean.copy()
    tip = int(points[:, 2].argmax())
    points[tip] += [9.0, 0.0, 0.0]  # edges are 3.8 mm
    assert count_folds(TriangleSurface(points=points, triangles=model.triangles)) > 0


def test_the_border_of_an_open_surface_is_its_lonely_edges():
    square = np.array([[0, 1, 2], [0, 2, 3]])
    np.testing.assert_array_equal(border_points(square), [0, 1, 2, 3])
    tetrahedron = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])
    assert border_points(tetrahedron).size == 0


def test_a_coarser_surface_follows_the_finer_one_through_any_deformation(model):
    fine = TriangleSurface(points=model.mean, triangles=model.triangles)
    coarse = resample(fine, edge_length=9.0)
    stretched = coarse.apply(fine.points * [1.0, 2.0, 0.5])
    np.testing.assert_allclose(stretched, coarse.apply(fine.points) * [1.0, 2.0, 0.5], atol=1e-9)
    surface = TriangleSurface(points=coarse.apply(fine.points), triangles=coarse.triangles)
    assert surface.is_closed
    assert surface.volume == pytest.approx(
        fine.volume, rel=0.06
    )  # chords of 9 mm on a shaft of 28 mm
