"""Facts about closed surfaces."""

import numpy as np
import pytest

from femur_fea.domain import TriangleSurface
from femur_fea.errors import OutOfRangeError

CORNERS = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
FACES = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])


def test_the_unit_tetrahedron_encloses_a_sixth_wherever_it_lies() -> None:
    surface = TriangleSurface(points=CORNERS + np.array([1000.0, -2000.0, 500.0]), triangles=FACES)
    assert surface.volume == pytest.approx(1.0 / 6.0, rel=1e-9)  # round-off at 2 m from the origin
    assert surface.is_closed


def test_a_surface_that_faces_inwards_has_negative_volume() -> None:
    surface = TriangleSurface(points=CORNERS, triangles=FACES[:, ::-1])
    assert surface.volume == pytest.approx(-1.0 / 6.0)


def test_a_missing_triangle_opens_three_edges() -> None:
    surface = TriangleSurface(points=CORNERS, triangles=FACES[1:])
    assert not surface.is_closed
    assert surface.n_faulty_edges == 3


def test_one_triangle_turned_over_is_noticed() -> None:
    faces = FACES.copy()
    faces[0] = faces[0, ::-1]
    assert not TriangleSurface(points=CORNERS, triangles=faces).is_closed


def test_a_triangle_used_twice_is_noticed() -> None:
    faces = np.concatenate([FACES, FACES[:1]])
    assert not TriangleSurface(points=CORNERS, triangles=faces).is_closed


def test_triangles_must_refer_to_points() -> None:
    with pytest.raises(OutOfRangeError, match="outside 0 to 3"):
        TriangleSurface(points=CORNERS, triangles=FACES + 1)
