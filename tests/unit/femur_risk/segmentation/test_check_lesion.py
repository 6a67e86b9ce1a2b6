"""Which lesion masks are let in."""

import numpy as np
import pytest

from femur_fea.domain import ImageGrid, LabelMask
from femur_fea.errors import EmptyMaskError, FemurFEAWarning, GridMismatchError, SegmentationError
from femur_risk.segmentation import check_lesion

GRID = ImageGrid(shape=(20, 20, 20), affine=np.diag([2.0, 2.0, 2.0, 1.0]))


def box(*sides: slice) -> LabelMask:
    """Return a mask of one block."""
    inside = np.zeros(GRID.shape, dtype=bool)
    inside[sides] = True
    return LabelMask(grid=GRID, inside=inside)


FEMUR = box(slice(5, 15), slice(5, 15), slice(0, 15))


def test_a_lesion_inside_the_femur_passes_with_its_facts() -> None:
    report = check_lesion(FEMUR, box(slice(6, 10), slice(6, 10), slice(6, 10)))
    assert report.volume_mm3 == pytest.approx(64 * 8.0)
    assert report.fraction_outside == 0.0
    assert report.fraction_of_femur == pytest.approx(64 / 1500)
    assert report.n_components == 1


def test_separate_lesions_are_counted() -> None:
    two = box(slice(6, 8), slice(6, 8), slice(6, 8)).inside | box(10, 10, 10).inside
    assert check_lesion(FEMUR, LabelMask(grid=GRID, inside=two)).n_components == 2


def test_the_part_of_a_lesion_outside_the_femur_is_left_out_and_told() -> None:
    lesion = box(slice(2, 10), slice(6, 10), slice(6, 10))
    with pytest.warns(FemurFEAWarning, match=r"37\.5%"):
        report = check_lesion(FEMUR, lesion)
    assert report.fraction_outside == 3 / 8
    np.testing.assert_array_equal(report.lesion.inside, lesion.inside & FEMUR.inside)


def test_a_lesion_mostly_outside_the_femur_is_refused_with_the_fraction() -> None:
    with pytest.raises(SegmentationError, match="75% of the lesion"):
        check_lesion(FEMUR, box(slice(2, 6), slice(6, 10), slice(6, 10)))


def test_a_lesion_wholly_outside_is_refused() -> None:
    with pytest.raises(SegmentationError, match="100% of the lesion"):
        check_lesion(FEMUR, box(slice(0, 3), slice(0, 3), slice(0, 3)))


def test_an_empty_lesion_is_refused() -> None:
    with pytest.raises(EmptyMaskError, match="lesion mask without a voxel"):
        check_lesion(FEMUR, box(slice(0, 0), slice(0, 0), slice(0, 0)))


@pytest.mark.parametrize("lesion", [FEMUR, box(slice(None), slice(None), slice(None))])
def test_a_lesion_as_large_as_the_femur_is_refused(lesion: LabelMask) -> None:
    with pytest.raises(SegmentationError, match="mixed up"):
        check_lesion(FEMUR, lesion)


def test_a_lesion_on_another_grid_is_refused() -> None:
    other = ImageGrid(shape=GRID.shape, affine=np.eye(4))
    with pytest.raises(GridMismatchError):
        check_lesion(FEMUR, LabelMask(grid=other, inside=FEMUR.inside))
