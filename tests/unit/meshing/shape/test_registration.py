"""Femora that are known in full are found again: whole, cut, turned, of either side."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from femur_fea.domain import TriangleSurface
from femur_fea.errors import OutOfRangeError, RegistrationError, SideError
from meshing.anatomy import find_frame
from meshing.shape import REGIONS, find_side, register_surface, registered_frame

POSE = Rotation.from_euler("xyz", [110.0, -35.0, 200.0], degrees=True).as_matrix()
PLACE = np.array([120.0, -340.0, 900.0])


def moved(surface, rotation, translation):
    return TriangleSurface(
        points=surface.points @ rotation.T + translation, triangles=surface.triangles
    )


@pytest.fixture(scope="module")
def local_femur(model, field, known_shape):
    """A left femur with differences that no mode has."""
    local = field.draw(np.random.default_rng(4))
    points = model.points(known_shape) + local
    return TriangleSurface(points=points * [-1, 1, 1], triangles=model.triangles[:, ::-1])


@pytest.fixture(scope="module")
def proximal(local_femur, cut_open):
    """Its proximal 130 mm, open at the cut."""
    return cut_open(local_femur, -110.0)


@pytest.fixture(scope="module")
def registered(model, proximal):
    return register_surface(model, proximal, side="left")


def test_a_femur_of_the_model_gets_its_points_back(model, known_shape):
    surface = moved(model.surface(known_shape, side="right"), POSE, PLACE)
    found = register_surface(model, surface, side="right")
    apart = np.linalg.norm(found.points - surface.points, axis=1)
    # points may slide along the surface where it is a cylinder or a sphere
    assert apart.mean() < 1.0
    assert found.quality.mean < 0.1
    assert found.seen.mean() > 0.99


def test_a_cut_femur_is_followed_where_it_is_seen(registered, local_femur):
    assert registered.quality.mean < 0.3
    assert registered.quality.p95 < 1.0
    apart = np.linalg.norm(registered.points - local_femur.points, axis=1)
    # where a local difference of 1.3 mm in each direction moves points along the surface, nobody
    # can find them again: that alone are 1.6 mm in the mean
    assert apart[registered.seen].mean() < 2.5


def test_what_lies_beyond_the_cut_is_not_seen(registered, local_femur):
    heights = local_femur.points[:, 2]
    assert not registered.seen[heights < -120.0].any()
    assert registered.seen[heights > -95.0].mean() > 0.97


def test_the_regions_of_a_cut_femur_are_its_own(model, registered, local_femur):
    labels = registered.regions_at(local_femur.points)
    there = local_femur.points[:, 2] > -110.0
    # only points next to a border between regions may change sides
    assert (labels == model.regions)[there].mean() > 0.93


def test_the_frame_of_a_cut_femur_is_that_of_the_whole(registered, local_femur):
    found, true = registered_frame(registered), find_frame(local_femur, "left")
    assert np.linalg.norm(found.origin - true.origin) < 0.5
    assert found.head_radius == pytest.approx(true.head_radius, abs=0.3)
    assert found.axes[2] @ true.axes[2] > np.cos(np.deg2rad(4.0))
    assert found.neck_axis @ true.neck_axis > np.cos(np.deg2rad(3.0))
    assert found.shaft_reference == "model"
    assert found.shaft_length < true.shaft_length


def test_a_registration_turns_with_the_femur(model, proximal, registered):
    turned = register_surface(model, moved(proximal, POSE, PLACE), side="left")
    apart = np.linalg.norm(turned.points - (registered.points @ POSE.T + PLACE), axis=1)
    # the steps end before the last digit; what is not seen follows the seen end like a lever
    assert apart[registered.seen].mean() < 0.1
    assert apart.mean() < 2.0


def test_a_mirrored_femur_is_registered_as_the_other_side(model, proximal, registered):
    mirrored = TriangleSurface(
        points=proximal.points * [-1, 1, 1], triangles=proximal.triangles[:, ::-1]
    )
    other = register_surface(model, mirrored, side="right")
    np.testing.assert_allclose(other.points, registered.points * [-1, 1, 1], atol=1e-6)


def test_a_flat_end_counts_as_a_cut_and_not_as_bone(model, local_femur, registered):
    import pyvista as pv

    three = np.full((local_femur.n_triangles, 1), 3)
    mesh = pv.PolyData(local_femur.points, np.hstack([three, local_femur.triangles]))
    closed = mesh.clip_closed_surface(normal=(0.0, 0.0, 1.0), origin=(0.0, 0.0, -110.0))
    closed = closed.triangulate().clean()
    capped = TriangleSurface(
        points=np.asarray(closed.points, dtype=float), triangles=closed.faces.reshape(-1, 4)[:, 1:]
    )
    assert capped.is_closed
    found = register_surface(model, capped, side="left")
    apart = np.linalg.norm(found.points - registered.points, axis=1)
    assert apart[registered.seen].mean() < 0.5
    assert found.quality.largest < 7.0  # an end taken for bone is 14 mm from the shaft's wall


def test_the_side_is_found_in_any_orientation(model, proximal):
    assert find_side(model, moved(proximal, POSE, PLACE)) == "left"


def test_the_wrong_side_is_refused(model, proximal):
    with pytest.raises((SideError, RegistrationError)):
        register_surface(model, proximal, side="right")


def test_a_ball_is_no_femur(model):
    import pyvista as pv

    ball = pv.Sphere(radius=40.0, theta_resolution=60, phi_resolution=60)
    surface = TriangleSurface(
        points=np.asarray(ball.points, dtype=float), triangles=ball.faces.reshape(-1, 4)[:, 1:]
    )
    with pytest.raises((RegistrationError, SideError)):
        register_surface(model, surface, side="right")


def test_a_femur_in_centimetres_is_refused(model, local_femur):
    small = TriangleSurface(points=local_femur.points / 10.0, triangles=local_femur.triangles)
    with pytest.raises(OutOfRangeError, match="mm2"):
        register_surface(model, small, side="left")


def test_a_femur_without_its_head_is_refused(model, local_femur):
    head = np.isin(model.regions, [REGIONS.index("head"), REGIONS.index("neck")])
    kept = ~head[local_femur.triangles].any(axis=1)
    kept &= (local_femur.points[local_femur.triangles][:, :, 2] > -200.0).all(axis=1)
    used, compact = np.unique(local_femur.triangles[kept], return_inverse=True)
    stump = TriangleSurface(points=local_femur.points[used], triangles=compact.reshape(-1, 3))
    with pytest.raises((RegistrationError, SideError)):
        register_surface(model, stump, side="left")
