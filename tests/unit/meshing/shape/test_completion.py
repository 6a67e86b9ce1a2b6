"""A short shaft is completed on request, and what is invented is marked."""

import numpy as np
import pytest

from femur_fea.domain import ImageGrid, LabelMask
from femur_fea.errors import OutOfRangeError
from meshing.shape import REGIONS, complete_mask, register_mask, registered_frame

SPACING = np.array([1.0, 1.0, 2.0])  # mm


@pytest.fixture(scope="module")
def whole(model, known_shape):
    """The mask of a whole right femur, axes tilted against the grid by the model's own pose."""
    import pyvista as pv

    surface = model.surface(known_shape, side="right")
    low = surface.points.min(axis=0) - 6.0
    shape = tuple(int(n) for n in np.ceil((np.ptp(surface.points, axis=0) + 12.0) / SPACING))
    affine = np.diag([*SPACING, 1.0])
    affine[:3, 3] = low
    grid = ImageGrid(shape=shape, affine=affine)
    image = pv.ImageData(dimensions=shape, spacing=SPACING, origin=low)
    three = np.full((surface.n_triangles, 1), 3)
    mesh = pv.PolyData(surface.points, np.hstack([three, surface.triangles]))
    inside = mesh.voxelize_binary_mask(reference_volume=image)["mask"]
    return LabelMask(grid=grid, inside=inside.reshape(shape, order="F") > 0)


@pytest.fixture(scope="module")
def cut(whole):
    """The femur as a scan that ends 110 mm below the head shows it."""
    first = int(np.ceil(whole.grid.to_index(np.array([[0.0, 0.0, -110.0]]))[0, 2]))
    affine = whole.grid.affine.copy()
    affine[:3, 3] += first * affine[:3, 2]
    ni, nj, nk = whole.grid.shape
    return LabelMask(
        grid=ImageGrid(shape=(ni, nj, nk - first), affine=affine), inside=whole.inside[:, :, first:]
    )


@pytest.fixture(scope="module")
def registered(model, cut):
    return register_mask(model, cut, side="right")


@pytest.fixture(scope="module")
def completed(cut, registered):
    return complete_mask(cut, registered, shaft_length=180.0)


def test_the_given_part_is_kept_and_the_rest_is_marked(cut, completed):
    index = completed.mask.grid.to_index(cut.grid.to_world(np.argwhere(cut.inside).astype(float)))
    i, j, k = index.round().astype(int).T
    assert completed.mask.inside[i, j, k].all()
    assert not completed.invented.inside[i, j, k].any()
    total = completed.mask.inside.sum()
    assert total == cut.inside.sum() + completed.invented.inside.sum()


def test_the_completed_shaft_ends_where_it_was_asked_to(registered, completed):
    frame = registered_frame(registered)
    added = completed.invented
    points = added.grid.to_world(np.argwhere(added.inside).astype(float))
    depth = (frame.shaft_point - points) @ frame.axes[2]
    assert depth.max() == pytest.approx(180.0, abs=2.0)  # a voxel


def test_an_invented_shaft_is_near_the_true_one(whole, completed):
    added = completed.invented
    points = added.grid.to_world(np.argwhere(added.inside).astype(float))
    index = whole.grid.to_index(points).round().astype(int)
    hit = whole.inside[tuple(index.T)].mean()
    # 90 mm of shaft predicted from 110 mm of femur: off by a few of its 28 mm at most
    assert hit > 0.85


def test_a_mask_without_gap_results(completed):
    from scipy import ndimage

    assert ndimage.label(completed.mask.inside)[1] == 1


def test_a_mask_gives_the_regions_of_its_voxels(cut, registered):
    inside = cut.grid.to_world(np.argwhere(cut.inside).astype(float))
    assert registered.quality.mean < 0.6  # mm; voxels of 1 x 1 x 2 mm
    centre = registered_frame(registered).origin
    labels = registered.regions_at(inside[np.linalg.norm(inside - centre, axis=1) < 10.0])
    assert (labels == REGIONS.index("head")).mean() > 0.95


@pytest.mark.parametrize("length", [20.0, 500.0])
def test_a_length_that_is_there_already_or_reaches_the_knee_is_refused(cut, registered, length):
    with pytest.raises(OutOfRangeError, match="wanted shaft"):
        complete_mask(cut, registered, shaft_length=length)
