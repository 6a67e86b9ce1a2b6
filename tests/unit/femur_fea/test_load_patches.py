"""Where a load presses on the bone, and how its pressure is distributed."""

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, FemoralFrame
from femur_fea.loads import load_head
from femur_fea.loads.definition import EXCLUSION_MARGIN
from femur_fea.loads.patch import head_cap, plate_contact

DOWN = np.array([0.0, 0.0, -1.0])


@pytest.fixture(scope="module")
def ball():
    """A ball of 20 mm radius around the origin, and a tetrahedron 100 mm below it as its shaft."""
    radius, rings = 20.0, 24
    polar, around = np.meshgrid(
        np.linspace(0.0, 2.4, rings + 1)[1:], np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    )
    sphere = radius * np.stack(
        [np.sin(polar) * np.cos(around), np.sin(polar) * np.sin(around), np.cos(polar)], axis=-1
    )
    tip = [[0.0, 0.0, 6.0], [0.0, 0.0, radius]]
    shaft = np.vstack([np.zeros(3), np.eye(3)]) - [45.0, 0.0, 100.0]
    points = np.concatenate([tip, sphere.reshape(-1, 3), shaft])
    number = 2 + np.arange(sphere[..., 0].size).reshape(sphere.shape[:2])
    after = np.roll(number, -1, axis=0)
    caps = np.stack([np.full(48, 1), number[:, 0], after[:, 0]], axis=1)
    quads = [number[:, :-1], number[:, 1:], after[:, 1:], after[:, :-1]]
    a, b, c, d = (part.ravel() for part in quads)
    triangles = np.concatenate([caps, np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    cells = np.column_stack([np.zeros(len(triangles), dtype=int), triangles])
    cells = np.vstack([cells, len(points) - 4 + np.arange(4)])
    mesh = BoneMesh(points=points, cells=cells, kind="tet10", side="right")
    return mesh, _frame(radius)


def _frame(radius):
    return FemoralFrame(
        origin=np.zeros(3),
        axes=np.array([[-1.0, 0, 0], [0, -1.0, 0], [0, 0, 1.0]]),
        side="right",
        head_radius=radius,
        neck_axis=np.array([1.0, 0.0, 1.0]) / np.sqrt(2.0),
        shaft_point=np.array([-40.0, 0.0, -40.0]),
        neck_shaft_angle=np.radians(135.0),
        shaft_length=100.0,
        shaft_reference="shaft",
    )


def _polar_angle(mesh):
    return np.degrees(np.arccos(mesh.points[:, 2] / np.linalg.norm(mesh.points, axis=1).clip(1e-9)))


def test_the_pressure_of_a_cup_falls_as_a_cosine_to_zero_at_forty_degrees(ball):
    mesh, frame = ball
    weight = head_cap(mesh, frame, DOWN)[1:]
    angle = _polar_angle(mesh)[1:]
    expected = np.where(angle < 40.0, np.cos(np.radians(90.0 * angle / 40.0)), 0.0)
    np.testing.assert_allclose(weight, expected, atol=1e-12)


def test_no_pressure_acts_inside_the_head(ball):
    mesh, frame = ball
    # the point 6 mm above the centre is the tip of the ball's open cone, and so of its surface
    assert (mesh.facets == 0).any()
    assert head_cap(mesh, frame, DOWN)[0] == 0.0


def test_the_pressure_of_a_plate_falls_linearly_over_five_millimetres(ball):
    mesh, _ = ball
    weight = plate_contact(mesh, -DOWN, np.ones(mesh.n_points, dtype=bool))
    depth = 20.0 - mesh.points[1:, 2]
    np.testing.assert_allclose(weight[1:], np.maximum(1.0 - depth / 5.0, 0.0), atol=1e-12)


def test_failure_is_not_looked_for_within_five_millimetres_of_the_load(ball):
    mesh, frame = ball
    load = load_head(mesh, frame, DOWN, contact="pressure cap", name="press", fixed_length=1.0)
    angle = _polar_angle(mesh)
    # on a sphere of 20 mm radius 5 mm are 14.4 degrees; points lie every 5.7 degrees
    margin = np.degrees(2.0 * np.arcsin(0.5 * EXCLUSION_MARGIN / 20.0))
    assert pytest.approx(5.0) == EXCLUSION_MARGIN
    near = (angle[1:] < 40.0 + margin - 6.0) & (mesh.points[1:, 2] > 0.0)
    far = (angle[1:] > 40.0 + margin) & (mesh.points[1:, 2] > -5.0)
    assert load.excluded[1:][near].all()
    assert not load.excluded[1:][far].any()
