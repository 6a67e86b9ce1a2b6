"""Where lesions are put."""

import numpy as np
import pytest

from femur_fea.errors import SiteError, UnknownNameError
from meshing.bone import BoneGeometry
from meshing.lesions import LESION_SITES, place_at_site


def test_there_are_eight_sites_at_each_of_four_levels() -> None:
    levels = [name.split("_")[0] for name in LESION_SITES]
    assert len(LESION_SITES) == 32
    assert {level: levels.count(level) for level in levels} == dict.fromkeys(
        ("neck", "intertrochanteric", "subtrochanteric", "diaphyseal"), 8
    )


@pytest.mark.parametrize("name", list(LESION_SITES))
def test_a_lesion_lies_as_deep_below_the_surface_as_it_should(
    femur: BoneGeometry, name: str
) -> None:
    for depth in (3.0, 7.0):
        centre = place_at_site(femur, LESION_SITES[name], diameter=15.0, depth=depth)
        found = -femur.distance_at(femur.frame.to_world(np.array([centre])))[0]
        # the ray need not meet the surface at right angles: trochanters are oblique to it
        assert 0.35 * depth < found < depth + 0.8


@pytest.mark.parametrize("name", list(LESION_SITES))
def test_sites_of_a_left_femur_mirror_those_of_a_right_one(
    femur: BoneGeometry, left_femur: BoneGeometry, name: str
) -> None:
    right, left = (
        place_at_site(geometry, LESION_SITES[name], diameter=20.0)
        for geometry in (femur, left_femur)
    )
    assert left == pytest.approx(right, abs=0.3)  # the two frames are found on two meshes
    world = [
        geometry.frame.to_world(np.array([centre]))[0]
        for geometry, centre in ((femur, right), (left_femur, left))
    ]
    assert world[0] * [-1.0, 1.0, 1.0] == pytest.approx(world[1], abs=0.6)


def test_directions_are_where_their_names_say(femur: BoneGeometry) -> None:
    def at(name: str) -> tuple[float, float, float]:
        return place_at_site(femur, LESION_SITES[name], diameter=15.0)

    for level in ("intertrochanteric", "subtrochanteric", "diaphyseal"):
        assert at(f"{level}_lateral")[0] > at(f"{level}_medial")[0] + 10.0
    for level in ("neck", "intertrochanteric", "subtrochanteric", "diaphyseal"):
        assert at(f"{level}_anterior")[1] > at(f"{level}_posterior")[1] + 8.0
    assert at("neck_lateral")[2] > at("neck_medial")[2] + 8.0  # superior and inferior
    heights = [at(f"{level}_lateral")[2] for level in ("intertrochanteric", "subtrochanteric")]
    assert heights[0] > at("subtrochanteric_lateral")[2] > at("diaphyseal_lateral")[2]


def test_sites_lie_at_their_distance_from_the_landmarks(femur: BoneGeometry) -> None:
    frame = femur.frame
    crossing = frame.to_frame(frame.shaft_point[None, :])[0]
    for level, below in (("intertrochanteric", 0.8), ("subtrochanteric", 2.6), ("diaphyseal", 4.6)):
        centre = place_at_site(femur, LESION_SITES[f"{level}_anterior"], diameter=15.0)
        assert crossing[2] - centre[2] == pytest.approx(below * frame.head_radius, abs=1e-6)


def test_a_site_that_the_scan_does_not_show_is_refused(femur: BoneGeometry) -> None:
    from femur_fea.domain import ImageGrid

    lowest = 75  # voxels of shaft left out
    grid = femur.grid
    affine = grid.affine.copy()
    affine[:3, 3] = grid.to_world(np.array([[0.0, 0.0, lowest]]))[0]
    short = BoneGeometry(
        grid=ImageGrid(shape=(*grid.shape[:2], grid.shape[2] - lowest), affine=affine),
        distance=femur.distance[:, :, lowest:],
        frame=femur.frame,
    )
    with pytest.raises(SiteError):
        place_at_site(short, LESION_SITES["diaphyseal_medial"], diameter=15.0)
    place_at_site(short, LESION_SITES["neck_medial"], diameter=15.0)


def test_an_unknown_site_is_named_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="neck_medial"):
        LESION_SITES["neck_medal"]
