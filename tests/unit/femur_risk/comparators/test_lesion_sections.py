"""Widths and involved cortex of lesions whose shape is known."""

import numpy as np
import pytest

from femur_fea.domain import ImageGrid, LabelMask
from femur_fea.errors import OutOfRangeError
from femur_fea.strength import SectionPlanes, sections_along
from femur_risk.comparators import LesionSections, cut_lesion

OUTER, INNER = 14.0, 8.0  # mm
SPACING = 0.5
GRID = ImageGrid(shape=(72, 72, 161), affine=np.diag([SPACING, SPACING, SPACING, 1.0]))
MIDDLE = np.array([17.75, 17.75])


def world() -> np.ndarray:
    index = np.stack(np.meshgrid(*map(np.arange, GRID.shape), indexing="ij"), axis=-1)
    return index * SPACING


def mask(inside: np.ndarray) -> LabelMask:
    return LabelMask(grid=GRID, inside=inside)


def planes() -> SectionPlanes:
    line = np.array([[*MIDDLE, 5.0], [*MIDDLE, 75.0]])
    return sections_along(line, np.eye(3)[:2], step=1.0)


def cut(lesion: np.ndarray) -> LesionSections:
    points = world()
    radius = np.hypot(*(points[..., :2] - MIDDLE).transpose(3, 0, 1, 2))
    return cut_lesion(mask(radius <= OUTER), mask(lesion & (radius <= OUTER)), planes(), reach=17.0)


def tube_sector(half_angle_deg: float, low: float, high: float) -> np.ndarray:
    """Return the wall of the shaft within an angle of +x, between two heights."""
    points = world()
    x, y = (points[..., k] - MIDDLE[k] for k in (0, 1))
    angle = np.degrees(np.abs(np.arctan2(y, x)))
    height = (points[..., 2] >= low) & (points[..., 2] <= high)
    return (np.hypot(x, y) >= INNER) & (angle <= half_angle_deg) & height


def test_a_quarter_of_the_wall_is_a_quarter_of_the_circumference() -> None:
    found = cut(tube_sector(45.0, 20.0, 50.0))
    # a sector of ten degrees at each edge may count or not
    assert found.circumferential == pytest.approx(0.25, abs=2.0 / 36.0)


def test_thirty_millimetres_of_wall_are_thirty_millimetres_of_axial_involvement() -> None:
    found = cut(tube_sector(45.0, 20.0, 50.0))
    assert found.axial == pytest.approx(30.0, abs=1.5)  # a section, and half a voxel at each end


def test_a_lesion_within_the_canal_leaves_the_cortex_alone() -> None:
    points = world()
    radius = np.hypot(*(points[..., :2] - MIDDLE).transpose(3, 0, 1, 2))
    found = cut((radius <= 7.0) & (points[..., 2] > 20.0) & (points[..., 2] < 50.0))
    assert found.circumferential == 0.0
    assert found.axial == 0.0
    assert found.widest_share == pytest.approx(7.0 / 14.0, abs=0.04)  # one voxel of 28 mm


def test_a_ball_in_the_middle_is_as_wide_as_its_diameter() -> None:
    points = world()
    apart = np.linalg.norm(points - np.array([*MIDDLE, 40.0]), axis=-1)
    found = cut(apart <= 10.0)
    assert found.widest_share == pytest.approx(10.0 / 14.0, abs=0.04)
    width = found.lesion_width[:, 0]
    assert found.position[width == width.max()].mean() == pytest.approx(35.0, abs=1.0)


def test_without_a_lesion_nothing_is_involved() -> None:
    found = cut(np.zeros(GRID.shape, dtype=bool))
    assert (found.widest_share, found.circumferential, found.axial) == (0.0, 0.0, 0.0)


def test_a_section_beside_the_bone_is_refused() -> None:
    line = np.array([[100.0, 100.0, 5.0], [100.0, 100.0, 75.0]])
    bone = mask(np.ones(GRID.shape, dtype=bool))
    with pytest.raises(OutOfRangeError, match="without bone"):
        cut_lesion(bone, bone, sections_along(line, np.eye(3)[:2], step=1.0), reach=10.0)
