"""Facts about the surface that is extracted from a mask."""

from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import FloatArray, LabelMask
from femur_fea.errors import (
    EmptyMaskError,
    OutOfRangeError,
    SegmentationError,
    SeveralBonesError,
)
from meshing import extract_surface

Draw = Callable[..., LabelMask]
CENTRE = np.array([30.2, 29.7, 30.1])


def ball(radius: float, centre: FloatArray = CENTRE) -> Callable[[FloatArray], FloatArray]:
    return lambda x: np.linalg.norm(x - centre, axis=1) < radius


def rod(x: FloatArray) -> FloatArray:
    """A rod along z through the whole image, radius 14 mm."""
    return np.hypot(x[:, 0] - 30.0, x[:, 1] - 30.0) < 14.0


@pytest.mark.parametrize("spacing", [(1.0, 1.0, 1.0), (3.0, 3.0, 3.0), (0.8, 0.8, 1.5)])
def test_a_ball_keeps_its_volume_and_radius(
    draw: Draw, spacing: tuple[float, float, float]
) -> None:
    mask = draw(ball(20.0), spacing=spacing)
    surface = extract_surface(mask, edge_length=3.0)
    # flat triangles of edge h in a ball of radius r lose about h^2 / (4 r^2) * 3/2 = 0.8 %
    assert surface.volume == pytest.approx(mask.volume, rel=0.015)
    radii = np.linalg.norm(surface.points - CENTRE, axis=1)
    assert np.abs(radii - radii.mean()).max() < max(spacing) / 2.0  # half a voxel


def test_triangles_are_of_the_asked_size_and_nearly_equilateral(draw: Draw) -> None:
    surface = extract_surface(draw(ball(20.0)), edge_length=3.0)
    corner = surface.points[surface.triangles]
    edges = np.linalg.norm(corner - np.roll(corner, 1, axis=1), axis=2)
    assert edges.mean() == pytest.approx(3.0, rel=0.05)  # the density of thrown disks varies
    area = np.linalg.norm(surface.area_vectors, axis=1)
    shape = 4.0 * np.sqrt(3.0) * area / (edges**2).sum(axis=1)  # 1 if equilateral
    assert shape.min() > 0.4


def test_a_rod_cut_by_the_scan_is_closed_by_planes_half_a_voxel_out(draw: Draw) -> None:
    mask = draw(rod, size=(60.0, 60.0, 45.0), spacing=(1.0, 1.0, 1.5))
    surface = extract_surface(mask, edge_length=3.0)
    assert surface.is_closed
    assert surface.volume == pytest.approx(mask.volume, rel=0.015)
    assert surface.points[:, 2].min() == pytest.approx(-0.75, abs=0.01)
    assert surface.points[:, 2].max() == pytest.approx(44.25, abs=0.01)
    at_cut = surface.points[:, 2] < -0.74
    # a cap of radius 14 mm holds 616 mm2 / 7.8 mm2 = 79 corners less those that round its rim
    assert 45 < at_cut.sum() < 85


def test_a_mirrored_image_axis_still_gives_a_surface_that_faces_outwards(draw: Draw) -> None:
    mask = draw(ball(20.0), mirrored=True)
    assert extract_surface(mask, edge_length=3.0).volume == pytest.approx(mask.volume, rel=0.015)


def test_two_bones_are_refused(draw: Draw) -> None:
    def two_balls(x: FloatArray) -> FloatArray:
        return ball(10.0, np.array([15.0, 30.0, 30.0]))(x) | ball(
            12.0, np.array([45.0, 30.0, 30.0])
        )(x)

    with pytest.raises(SeveralBonesError, match="2 separate pieces"):
        extract_surface(draw(two_balls), edge_length=3.0)


def test_a_hollow_mask_is_refused(draw: Draw) -> None:
    def shell(x: FloatArray) -> FloatArray:
        return ball(20.0)(x) & ~ball(15.0)(x)

    with pytest.raises(SegmentationError, match="1 cavities"):
        extract_surface(draw(shell), edge_length=3.0)


def test_an_empty_mask_is_refused(draw: Draw) -> None:
    with pytest.raises(EmptyMaskError, match="0 voxels"):
        extract_surface(draw(ball(-1.0)), edge_length=3.0)


def test_an_edge_length_in_metres_is_refused(draw: Draw) -> None:
    with pytest.raises(OutOfRangeError, match=r"0\.003 mm"):
        extract_surface(draw(ball(20.0)), edge_length=0.003)
