"""A lesion that grows, and a region that is denser: how much, and where."""

import numpy as np
import pytest

from femur_fea.domain import DensityField, FemoralFrame, ImageGrid, LabelMask
from femur_fea.strength import regions_of
from femur_risk.pipeline.counterfactual import DENSER, denser_region, grown_lesion

GRID = ImageGrid(shape=(30, 30, 30), affine=np.diag([1.0, 1.0, 2.0, 1.0]))
WORLD = GRID.to_world(np.moveaxis(np.indices(GRID.shape), 0, -1))
CENTRE = np.array([15.0, 15.0, 30.0])


def ball(radius: float) -> np.ndarray:
    return np.linalg.norm(WORLD - CENTRE, axis=-1) <= radius


@pytest.fixture(scope="module")
def bone() -> LabelMask:
    return LabelMask(grid=GRID, inside=ball(12.0) & (WORLD[..., 0] < 18.0))


def test_it_takes_a_tenth_more_of_volume_from_the_nearest_bone(bone: LabelMask) -> None:
    lesion = LabelMask(grid=GRID, inside=bone.inside & ball(7.0))
    grown = grown_lesion(bone, lesion)
    added = grown.inside & ~lesion.inside
    assert not np.any(lesion.inside & ~grown.inside)
    assert not np.any(added & ~bone.inside)
    # half a voxel of rounding
    assert added.sum() == pytest.approx(0.1 * lesion.inside.sum(), abs=0.5)
    places = WORLD[lesion.inside]
    apart = [np.linalg.norm(places - place, axis=1).min() for place in WORLD[added]]
    left = WORLD[bone.inside & ~grown.inside]
    nearest_left = min(np.linalg.norm(places - place, axis=1).min() for place in left)
    assert max(apart) <= nearest_left


def test_it_cannot_take_more_than_the_bone(bone: LabelMask) -> None:
    inside = bone.inside.copy()
    inside.ravel()[np.flatnonzero(inside)[:5]] = False
    grown = grown_lesion(bone, LabelMask(grid=GRID, inside=inside))
    assert np.array_equal(grown.inside, bone.inside)


def test_the_bone_of_a_region_alone_is_denser_and_the_lesion_is_not(bone: LabelMask) -> None:
    frame = FemoralFrame(
        origin=CENTRE,
        axes=np.diag([1.0, -1.0, 1.0]),
        neck_axis=np.array([0.0, 0.0, 1.0]),
        head_radius=6.0,
        shaft_point=CENTRE - np.array([0.0, 0.0, 12.0]),
        neck_shaft_angle=2.2,
        shaft_length=26.0,
        shaft_reference="shaft",
        side="left",
    )
    lesion = LabelMask(grid=GRID, inside=bone.inside & ball(3.0))
    density = DensityField(grid=GRID, rho=np.full(GRID.shape, 0.5, dtype=np.float32), kind="CaHA")
    found = denser_region(density, bone, lesion, frame, "head").rho / density.rho
    where = (regions_of(frame, WORLD.reshape(-1, 3)) == "head").reshape(GRID.shape)
    expected = np.where(bone.inside & ~lesion.inside & where, DENSER, 1.0)
    assert 0 < np.count_nonzero(expected > 1.0) < np.count_nonzero(bone.inside)
    assert found == pytest.approx(expected, rel=1e-6)
