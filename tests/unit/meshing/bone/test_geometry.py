"""The signed distance of masks and surfaces."""

from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import FemoralFrame, ImageGrid, LabelMask, TriangleSurface
from femur_fea.errors import EmptyMaskError, NotWatertightError
from meshing.bone import BoneGeometry, geometry_of_mask, geometry_of_surface

RADIUS, LENGTH = 14.0, 60.0  # mm


@pytest.fixture(scope="module")
def frame(femur: BoneGeometry) -> FemoralFrame:
    return femur.frame


def grid(spacing: float) -> ImageGrid:
    n = round(50.0 / spacing), round(50.0 / spacing), round(90.0 / spacing)
    affine = np.diag([spacing, spacing, spacing, 1.0])
    affine[:3, 3] = -25.0, -25.0, -45.0
    return ImageGrid(shape=n, affine=affine)


def rod() -> TriangleSurface:
    """A rod along z with flat ends, as a cut shaft has."""
    import pyvista

    solid = pyvista.Cylinder(
        center=(0, 0, 0), direction=(0, 0, 1), radius=RADIUS, height=LENGTH, resolution=90
    )
    mesh = solid.triangulate().clean().subdivide(3)
    return TriangleSurface(
        points=np.array(mesh.points, dtype=float), triangles=mesh.faces.reshape(-1, 4)[:, 1:]
    )


def test_the_distance_to_a_rods_wall_is_right_to_a_tenth_of_a_voxel(frame: FemoralFrame) -> None:
    spacing = 1.0
    geometry = geometry_of_surface(rod(), grid(spacing), _upright(frame))
    at = geometry.grid.to_world(np.argwhere(geometry.inside).astype(float))
    high = at[:, 2] > -LENGTH / 2 + 15.0  # the rod's upper end is a surface, the lower a cut
    wall = RADIUS - np.hypot(at[:, 0], at[:, 1])
    end = LENGTH / 2 - at[:, 2]
    expected = np.minimum(wall, end)[high]
    found = -geometry.distance[geometry.inside][high]
    polygon = RADIUS * (1.0 - np.cos(np.pi / 90))  # the rod is a prism
    assert np.abs(found - expected).max() < 0.35 * spacing + polygon
    assert np.sqrt(np.mean((found - expected) ** 2)) < 0.1 * spacing


def test_the_plane_in_which_a_shaft_is_cut_is_no_surface_of_the_bone(frame: FemoralFrame) -> None:
    geometry = geometry_of_surface(rod(), grid(1.0), _upright(frame))
    on_axis = geometry.distance_at(np.array([[0.0, 0.0, -LENGTH / 2 + 1.0], [0.0, 0.0, 0.0]]))
    assert on_axis == pytest.approx(-RADIUS, abs=0.5)


def test_the_volume_of_a_surface_is_kept(frame: FemoralFrame) -> None:
    geometry = geometry_of_surface(rod(), grid(0.8), _upright(frame))
    # voxel centres on a grid count a convex body to the order of a layer's rounding
    assert geometry.mask.volume == pytest.approx(rod().volume, rel=0.01)


def test_an_open_surface_is_refused(frame: FemoralFrame) -> None:
    closed = rod()
    with pytest.raises(NotWatertightError):
        geometry_of_surface(
            TriangleSurface(points=closed.points, triangles=closed.triangles[1:]), grid(2.0), frame
        )


def test_a_mask_that_reaches_the_border_goes_on_beyond_it(frame: FemoralFrame) -> None:
    image = grid(1.0)
    i, j = np.indices(image.shape[:2])
    round_ = np.hypot(i - 25.0, j - 25.0) < RADIUS
    mask = LabelMask(grid=image, inside=np.repeat(round_[:, :, None], image.shape[2], axis=2))
    geometry = geometry_of_mask(mask, frame)
    assert geometry.distance[25, 25] == pytest.approx(-RADIUS, abs=1.0)


def test_an_empty_mask_is_refused(frame: FemoralFrame) -> None:
    image = grid(2.0)
    with pytest.raises(EmptyMaskError):
        geometry_of_mask(LabelMask(grid=image, inside=np.zeros(image.shape, dtype=bool)), frame)


@pytest.mark.realdata
def test_in_a_real_femur_the_distance_is_that_to_the_nearest_point_of_the_surface(
    shared_data: Path,
) -> None:
    import pyvista
    from scipy.spatial import cKDTree

    from meshing.anatomy import find_frame

    mesh = pyvista.read(shared_data / "proximal-femurs-libhip" / "m3_rfemur.ply")
    surface = TriangleSurface(
        points=np.array(mesh.points), triangles=mesh.faces.reshape(-1, 4)[:, 1:]
    )
    low, high = surface.points.min(axis=0) - 4.0, surface.points.max(axis=0) + 4.0
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = low
    n = np.ceil((high - low) / 2.0).astype(int)
    geometry = geometry_of_surface(
        surface,
        ImageGrid(shape=(int(n[0]), int(n[1]), int(n[2])), affine=affine),
        find_frame(surface, "right"),
    )
    assert geometry.mask.volume == pytest.approx(surface.volume, rel=0.01)
    index = np.argwhere(geometry.distance < -3.0)
    index = index[index[:, 2] * 2.0 > 25.0]  # above the cut, which is no surface
    expected, _ = cKDTree(surface.points).query(geometry.grid.to_world(index.astype(float)))
    error = -geometry.distance[tuple(index.T)] - expected
    # corners of triangles of 1.5 mm are farther than the surface by up to 0.1 mm at 3 mm depth
    assert error.min() > -0.25
    assert np.sqrt(np.mean(error**2)) < 0.15 * 2.0  # of a voxel
    assert np.quantile(error, 0.99) < 0.5 * 2.0


def _upright(frame: FemoralFrame) -> FemoralFrame:
    from dataclasses import replace

    return replace(frame, axes=np.diag([-1.0, -1.0, 1.0]), side="right")
