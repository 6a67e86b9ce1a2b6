"""Rigidity of sections against closed forms."""

import dataclasses

import numpy as np
import pytest

from femur_fea.domain import FemoralFrame, ImageGrid, LabelMask
from femur_fea.errors import OutOfRangeError, ShapeError
from femur_fea.strength import (
    compare_rigidity,
    neck_sections,
    section_rigidity,
    sections_along,
    shaft_sections,
)

OUTER, INNER, E, NU = 14.0, 7.0, 17000.0, 0.3
# areas and moments of the tube in closed form: 480.864 N m2 of bending, 369.895 N m2 of torsion
EA = E * np.pi * (OUTER**2 - INNER**2)
EI, GJ = 480.864e6, 369.895e6
VOXEL = 0.5
# the mask is a staircase of half-millimetre voxels
STAIRCASE = 0.01

UPRIGHT = np.eye(3)


def _turned():
    """Return a right-handed frame far from the axes of the image."""
    q, r = np.linalg.qr(np.array([[0.8, -0.5, 0.3], [0.4, 0.9, -0.2], [-0.35, 0.25, 0.9]]).T)
    axes = (q * np.sign(np.diag(r))).T
    return axes if np.linalg.det(axes) > 0 else axes * [[1], [-1], [1]]


def _tube(axes, *, voxel=(VOXEL, VOXEL, VOXEL), open_sector=False, length=16.0):
    """Return the mask of a tube along axes[2]; the open sector is centred on axes[0]."""
    half = 24.0
    shape = tuple(int(2 * half / h) for h in voxel)
    affine = np.diag([*voxel, 1.0])
    # no voxel's centre lies on a plane of symmetry, which would count it to one side
    affine[:3, 3] = -half + np.array(voxel) * [0.6, 0.7, 0.35]
    grid = ImageGrid(shape=shape, affine=affine)
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), axis=-1)
    local = grid.to_world(index.reshape(-1, 3)) @ axes.T
    radius = np.hypot(local[:, 0], local[:, 1])
    inside = (radius <= OUTER) & (radius >= INNER) & (np.abs(local[:, 2]) <= length)
    if open_sector:
        inside &= ~(np.abs(local[:, 1]) < local[:, 0])
    return LabelMask(grid=grid, inside=inside.reshape(shape))


def _rigidity(bone, axes, *, modulus=E, reach=20.0, sampling=0.25, length=8.0):
    line = np.array([[-length], [length]]) * axes[2]
    planes = sections_along(line, axes[:2], step=4.0)
    field = np.broadcast_to(modulus, bone.grid.shape)
    return section_rigidity(field, bone, planes, nu=NU, reach=reach, sampling=sampling)


@pytest.fixture(scope="module", params=["upright", "turned"])
def axes(request):
    return UPRIGHT if request.param == "upright" else _turned()


@pytest.fixture(scope="module")
def tube(axes):
    return _rigidity(_tube(axes), axes)


@pytest.fixture(scope="module")
def open_tube(axes):
    return _rigidity(_tube(axes, open_sector=True), axes)


def test_a_tube_has_the_rigidity_of_the_closed_form(tube):
    np.testing.assert_allclose(tube.axial, EA, rtol=STAIRCASE)
    np.testing.assert_allclose(tube.principal_bending, EI, rtol=STAIRCASE)
    np.testing.assert_allclose(tube.torsion, GJ, rtol=STAIRCASE)
    np.testing.assert_allclose(tube.area, EA / E, rtol=STAIRCASE)
    np.testing.assert_allclose(tube.centroid, tube.planes.centre, atol=0.05)
    assert tube.complete.all()


def test_a_tube_without_a_quarter_has_the_rigidity_of_the_closed_form(tube, open_tube, axes):
    np.testing.assert_allclose(open_tube.area / tube.area, 0.75, rtol=STAIRCASE)
    np.testing.assert_allclose(open_tube.axial / tube.axial, 0.75, rtol=STAIRCASE)
    bending = open_tube.bending / EI
    np.testing.assert_allclose(bending[:, 0, 0], 0.9092, rtol=STAIRCASE)  # 1 - (pi/4 - 1/2) / pi
    np.testing.assert_allclose(bending[:, 1, 1], 0.4603, rtol=STAIRCASE)
    np.testing.assert_allclose(bending[:, 0, 1], 0.0, atol=STAIRCASE)
    np.testing.assert_allclose(open_tube.torsion / GJ, 0.6848, rtol=STAIRCASE)
    shift = (open_tube.centroid - open_tube.planes.centre) @ axes.T
    expected = np.broadcast_to([-3.266, 0.0, 0.0], shift.shape)
    np.testing.assert_allclose(shift, expected, atol=0.1 * VOXEL)


def test_the_weak_axis_of_a_tilted_bar_is_its_long_side():
    # a bar of 24 mm by 8 mm, its long side 30 degrees from the first axis towards the second
    turn = np.radians(30.0)
    along = np.array([np.cos(turn), np.sin(turn), 0.0])
    across = np.array([-np.sin(turn), np.cos(turn), 0.0])
    grid = _tube(UPRIGHT).grid
    index = np.stack(np.meshgrid(*(np.arange(n) for n in grid.shape), indexing="ij"), axis=-1)
    place = grid.to_world(index.reshape(-1, 3)) - [5.0, 3.0, 0.0]
    inside = (np.abs(place @ along) <= 12.0) & (np.abs(place @ across) <= 4.0)
    bar = LabelMask(grid=grid, inside=inside.reshape(grid.shape))
    bending = _rigidity(bar, UPRIGHT).bending
    weak, strong = E * 24.0 * 8.0**3 / 12.0, E * 8.0 * 24.0**3 / 12.0
    d = along[:2], across[:2]
    expected = weak * np.outer(d[0], d[0]) + strong * np.outer(d[1], d[1])
    np.testing.assert_allclose(
        bending, np.broadcast_to(expected, bending.shape), atol=3 * STAIRCASE * strong
    )


def test_torsion_takes_the_shear_modulus_of_the_bone_s_poisson_s_ratio(tube, axes):
    planes = tube.planes
    field = np.full(_tube(axes).grid.shape, E)
    softer = section_rigidity(field, _tube(axes), planes, nu=0.45, reach=20.0, sampling=0.25)
    np.testing.assert_allclose(softer.torsion / tube.torsion, 1.3 / 1.45, rtol=1e-12)


def test_the_ratio_to_the_whole_tube_is_that_of_the_weakest_axis(tube, open_tube):
    axial, bending, torsion = compare_rigidity(open_tube, tube).smallest
    assert axial == pytest.approx(0.75, rel=STAIRCASE)
    assert bending == pytest.approx(0.4603, rel=2 * STAIRCASE)  # a ratio of two staircases
    assert torsion == pytest.approx(0.6848, rel=2 * STAIRCASE)


def test_a_bone_compared_with_itself_has_ratio_one(open_tube):
    ratio = compare_rigidity(open_tube, open_tube)
    np.testing.assert_allclose([ratio.axial, ratio.bending, ratio.torsion], 1.0, rtol=1e-12)


def test_clinical_voxels_give_a_tube_s_bending_rigidity_to_three_per_cent():
    # voxels of 0.7 mm, and 3 mm along a shaft tilted by 10 degrees
    c, s = np.cos(np.radians(10.0)), np.sin(np.radians(10.0))
    axes = np.array([[c, 0, -s], [0, 1.0, 0], [s, 0, c]])
    found = _rigidity(_tube(axes, voxel=(0.7, 0.7, 3.0)), axes)
    np.testing.assert_allclose(found.principal_bending.mean(axis=0), EI, rtol=0.03)


def test_a_half_of_twice_the_modulus_pulls_the_centroid_towards_it():
    bone = _tube(UPRIGHT)
    x = bone.grid.affine[0, 3] + VOXEL * np.arange(bone.grid.shape[0])
    modulus = np.where(x > 0.0, 2.0 * E, E)[:, None, None]
    found = _rigidity(bone, UPRIGHT, modulus=modulus)
    # each half tube has its centroid at 4 (ro^3 - ri^3) / (3 pi (ro^2 - ri^2)); weights 2 and 1
    half = 4.0 * (OUTER**3 - INNER**3) / (3.0 * np.pi * (OUTER**2 - INNER**2))
    np.testing.assert_allclose(found.centroid[:, 0], half / 3.0, rtol=STAIRCASE)
    np.testing.assert_allclose(found.axial, 1.5 * EA, rtol=STAIRCASE)
    about_centre = 1.5 * EI
    np.testing.assert_allclose(
        found.bending[:, 1, 1], about_centre - 1.5 * EA * (half / 3.0) ** 2, rtol=STAIRCASE
    )


def test_the_weakest_section_lies_at_the_notch():
    bone = _tube(UPRIGHT)
    z = bone.grid.affine[2, 3] + VOXEL * np.arange(bone.grid.shape[2])
    notched = bone.inside.copy()
    notched[: bone.grid.shape[0] // 2, :, np.abs(z - 4.0) < 1.5] = False
    found = _rigidity(LabelMask(grid=bone.grid, inside=notched), UPRIGHT)
    at = found.planes.centre[list(found.weakest), 2]
    np.testing.assert_allclose(at, 4.0)


def test_a_section_cut_by_the_disc_or_by_the_image_is_marked_and_never_the_weakest():
    bone = _tube(UPRIGHT)
    assert not _rigidity(bone, UPRIGHT, reach=12.0).complete.any()
    cut = ImageGrid(shape=(60, *bone.grid.shape[1:]), affine=bone.grid.affine)
    part = _rigidity(LabelMask(grid=cut, inside=bone.inside[:60]), UPRIGHT)
    assert not part.complete.any()
    with pytest.raises(OutOfRangeError, match="all cut"):
        _ = part.weakest
    some = dataclasses.replace(part, complete=np.arange(len(part.axial)) == 2)
    assert some.weakest == (2, 2, 2)


def test_a_section_without_bone_is_refused():
    with pytest.raises(OutOfRangeError, match="without bone"):
        _rigidity(_tube(UPRIGHT), UPRIGHT, length=22.0)


def test_a_modulus_of_zero_inside_the_bone_is_refused():
    with pytest.raises(OutOfRangeError, match="not positive"):
        _rigidity(_tube(UPRIGHT), UPRIGHT, modulus=0.0)


def test_twins_with_other_sections_are_refused(tube, axes):
    longer = _rigidity(_tube(axes), axes, length=12.0)
    with pytest.raises(ShapeError, match="sections"):
        compare_rigidity(tube, longer)


@pytest.fixture(params=["right", "left"])
def frame(request):
    mirror = -1.0 if request.param == "right" else 1.0
    return FemoralFrame(
        origin=np.array([5.0, 6.0, 7.0]),
        axes=np.array([[mirror, 0, 0], [0, -1.0, 0], [0, 0, 1.0]]),
        side=request.param,
        head_radius=20.0,
        neck_axis=np.array([-mirror, 0.0, 1.0]) / np.sqrt(2.0),
        shaft_point=np.array([5.0 + 40.0 * mirror, 6.0, -33.0]),
        neck_shaft_angle=np.radians(135.0),
        shaft_length=100.0,
        shaft_reference="shaft",
    )


def test_sections_of_the_shaft_run_from_the_neck_to_the_end_of_the_bone(frame):
    planes = shaft_sections(frame, step=2.0)
    np.testing.assert_allclose(planes.centre[0], frame.shaft_point)
    end = frame.shaft_point - [0.0, 0.0, 100.0]
    np.testing.assert_allclose(planes.centre[-1], end, atol=1e-9)
    np.testing.assert_allclose(planes.axes[7], frame.axes[:2], atol=1e-12)


def test_sections_of_the_neck_run_from_the_head_to_the_shaft_on_either_side(frame):
    planes = neck_sections(frame, step=1.0)
    along = (planes.centre - frame.origin) @ -frame.neck_axis
    assert along[0] == pytest.approx(20.0)
    assert along[-1] == pytest.approx(40.0 * np.sqrt(2.0), abs=1.0)
    np.testing.assert_allclose(planes.axes @ frame.neck_axis, 0.0, atol=1e-12)
    local = planes.axes @ frame.axes.T  # the same numbers for a left and a right femur
    np.testing.assert_allclose(local[0], [[0, 1.0, 0], [0.5**0.5, 0, 0.5**0.5]], atol=1e-12)


def test_sections_along_a_quarter_of_a_circle_are_normal_to_it():
    angle = np.linspace(0.0, np.pi / 2.0, 91)
    line = 50.0 * np.stack([np.cos(angle), np.zeros(91), np.sin(angle)], axis=1)
    planes = sections_along(line, np.array([[0, 1.0, 0], [1.0, 0, 1.0]]), step=5.0)
    radial = planes.centre / np.linalg.norm(planes.centre, axis=1, keepdims=True)
    # the polyline turns by 1 degree at each corner: chords of 5 mm err by at most half of that
    assert np.einsum("ij,ij->i", planes.axes[:, 1], radial)[1:-1].min() > np.cos(np.radians(0.5))
    # one-sided at the two ends: half a step of 5 mm on a radius of 50 mm
    assert np.einsum("ij,ij->i", planes.axes[:, 1], radial)[[0, -1]].min() > np.cos(0.051)


@pytest.mark.parametrize("step", [0.0, -1.0, 200.0])
def test_a_step_longer_than_the_line_or_not_positive_is_refused(step):
    line = np.array([[0.0, 0, 0], [0, 0, 100.0]])
    with pytest.raises(OutOfRangeError, match="sections every"):
        sections_along(line, np.eye(3)[:2], step=step)


def test_a_direction_along_the_line_is_refused():
    line = np.array([[0.0, 0, 0], [0, 0, 100.0]])
    with pytest.raises(OutOfRangeError, match="direction"):
        sections_along(line, np.eye(3)[1:], step=1.0)
