"""Facts about the anatomical frame of the virtual femur, whose anatomy is known."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from femur_fea.domain import FemoralFrame, TriangleSurface
from femur_fea.errors import NotConvergedError, NotWatertightError, SegmentationError, SideError
from meshing.anatomy import detect_side, find_frame
from meshing.anatomy.head import find_head
from meshing.anatomy.neck import find_neck

HEAD_CENTRE = np.array([-88.0, -6.0, 0.0])  # of the virtual femur, meshing.handmade.patient
MESH_ERROR = 0.3  # mm; a tenth of the triangles' edge


@pytest.fixture(scope="module")
def frame(femur_surface: TriangleSurface) -> FemoralFrame:
    return find_frame(femur_surface, "right")


def test_the_head_is_found_where_it_was_put(frame: FemoralFrame) -> None:
    assert np.linalg.norm(frame.origin - HEAD_CENTRE) < MESH_ERROR
    assert frame.head_radius == pytest.approx(24.0, abs=MESH_ERROR)


def test_the_shaft_axis_is_the_rod_that_was_drawn(frame: FemoralFrame) -> None:
    assert frame.shaft_reference == "shaft"
    # waist (38.5, -11, -84) to bottom (28, -9, -260): lateral is -x, anterior is -y
    drawn = np.array([-10.5, 2.0, 176.0])
    drawn /= np.linalg.norm(drawn)
    assert np.degrees(np.arccos(frame.axes[2] @ drawn)) < 0.5


def test_the_axes_of_a_right_femur_point_lateral_anterior_and_proximal(
    frame: FemoralFrame,
) -> None:
    lateral, anterior, proximal = frame.axes
    assert lateral[0] < -0.9
    assert anterior[1] < -0.9
    assert proximal[2] > 0.9


def test_the_neck_lies_in_the_frontal_plane_of_the_frame(frame: FemoralFrame) -> None:
    assert frame.axes[1] @ frame.neck_axis == pytest.approx(0.0, abs=1e-12)
    assert frame.axes[0] @ frame.neck_axis < 0.0
    assert np.degrees(frame.neck_shaft_angle) == pytest.approx(124.0, abs=5.0)


@pytest.mark.parametrize(
    "degrees", [(20, 0, 0), (-20, 0, 0), (0, 20, 0), (0, -20, 0), (0, 0, 20), (12, -10, -15)]
)
def test_the_frame_turns_with_the_bone(
    femur_surface: TriangleSurface, frame: FemoralFrame, degrees: tuple[float, float, float]
) -> None:
    turn = Rotation.from_euler("xyz", degrees, degrees=True).as_matrix()
    turned = TriangleSurface(
        points=femur_surface.points @ turn.T, triangles=femur_surface.triangles
    )
    found = find_frame(turned, "right")
    # the iterations stop at 1e-5 rad, which is 2e-3 mm at the end of the bone
    assert found.axes == pytest.approx(frame.axes @ turn.T, abs=1e-4)
    assert found.origin == pytest.approx(turn @ frame.origin, abs=1e-4)
    assert found.shaft_point == pytest.approx(turn @ frame.shaft_point, abs=1e-2)
    assert found.neck_shaft_angle == pytest.approx(frame.neck_shaft_angle, abs=1e-4)


def test_a_mirrored_femur_of_the_other_side_has_the_same_local_coordinates(
    femur_surface: TriangleSurface, frame: FemoralFrame
) -> None:
    mirrored = TriangleSurface(
        points=femur_surface.points * [-1.0, 1.0, 1.0],
        triangles=femur_surface.triangles[:, ::-1],
    )
    found = find_frame(mirrored, "left")
    here = frame.to_frame(femur_surface.points)
    assert found.to_frame(mirrored.points) == pytest.approx(here, abs=1e-2)


def test_the_head_tells_the_side(femur_surface: TriangleSurface) -> None:
    mirrored = TriangleSurface(
        points=femur_surface.points * [-1.0, 1.0, 1.0],
        triangles=femur_surface.triangles[:, ::-1],
    )
    assert detect_side(femur_surface) == "right"
    assert detect_side(mirrored) == "left"


def test_the_wrong_side_is_refused(femur_surface: TriangleSurface) -> None:
    with pytest.raises(SideError, match="medial side of a right femur"):
        find_frame(femur_surface, "left")


def test_a_bone_without_a_head_is_refused_with_its_residual(
    femur_surface: TriangleSurface,
) -> None:
    squeezed = TriangleSurface(
        points=femur_surface.points * [1.0, 0.4, 1.0], triangles=femur_surface.triangles
    )
    with pytest.raises(SegmentationError, match=r"no femoral head: .* to \d+\.\d+ mm"):
        find_frame(squeezed, "right")


@pytest.mark.parametrize(("along", "factor"), [((1.0, 0.0, 1.0), 0.85), ((-1.0, 0.0, 1.0), 1.12)])
def test_a_head_that_is_no_ball_has_its_sphere_in_the_middle(
    femur_surface: TriangleSurface, along: tuple[float, float, float], factor: float
) -> None:
    arm = femur_surface.points - HEAD_CENTRE
    axis = np.array(along) / np.linalg.norm(along)
    near = np.clip((36.0 - np.linalg.norm(arm, axis=1)) / 8.0, 0.0, 1.0)  # fades beyond the head
    stretched = TriangleSurface(
        points=femur_surface.points + np.outer(near * (arm @ axis) * (factor - 1.0), axis),
        triangles=femur_surface.triangles,
    )
    found = find_frame(stretched, "right")
    # between the half axes, and off by no more than these differ
    assert found.head_radius == pytest.approx(24.0, abs=24.0 * abs(factor - 1.0))
    assert np.linalg.norm(found.origin - HEAD_CENTRE) < 24.0 * abs(factor - 1.0)


def test_the_neck_is_found_where_the_heads_bare_side_misleads(
    femur_surface: TriangleSurface,
) -> None:
    head = find_head(femur_surface)
    away = replace(head, towards_neck=-head.towards_neck)
    right, misled = (find_neck(femur_surface, at) for at in (head, away))
    assert misled.axis == pytest.approx(right.axis, abs=1e-4)  # the search stops at 1e-5 rad


def test_an_open_surface_is_refused(femur_surface: TriangleSurface) -> None:
    opened = TriangleSurface(points=femur_surface.points, triangles=femur_surface.triangles[1:])
    with pytest.raises(NotWatertightError, match="3 open"):
        find_frame(opened, "right")


@pytest.mark.parametrize("part", ["neck", "shaft"])
def test_an_axis_that_has_not_settled_is_not_returned(
    femur_surface: TriangleSurface, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"meshing.anatomy.{part}._STEPS", 1)
    with pytest.raises(NotConvergedError, match=f"{part} axis that still turns"):
        find_frame(femur_surface, "right")
