"""Masks on disk."""

from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import ImageGrid
from femur_fea.errors import NonFiniteVoxelsError, SegmentationError
from femur_fea.io import read_labels, read_mask, write_image

GRID = ImageGrid(shape=(4, 5, 6), affine=np.eye(4))


def labels(*present: float) -> np.ndarray:
    """Return zeros with one voxel of each given label, from the first voxel on."""
    values = np.zeros(GRID.shape)
    values.flat[: len(present)] = present
    return values


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.float32, np.float64])
def test_a_binary_mask_of_any_storage_type_is_read(dtype: type, tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii.gz", GRID, labels(1, 1, 0, 1).astype(dtype))
    mask = read_mask(tmp_path / "m.nii.gz")
    np.testing.assert_array_equal(np.flatnonzero(mask.inside), [0, 1, 3])


def test_several_labels_are_listed_where_none_was_chosen(tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii", GRID, labels(1, 2, 25))
    with pytest.raises(SegmentationError, match="the mask with the labels 0, 1, 2, 25") as caught:
        read_mask(tmp_path / "m.nii")
    assert "--femur-label" in caught.value.remedy


def test_the_label_that_is_asked_for_is_read(tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii", GRID, labels(1, 2, 25, 2))
    mask = read_mask(tmp_path / "m.nii", label=2)
    np.testing.assert_array_equal(np.flatnonzero(mask.inside), [1, 3])


@pytest.mark.parametrize("present", [(1, 2), (1,)])
def test_an_absent_label_is_refused(present: tuple[int, ...], tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii", GRID, labels(*present))
    with pytest.raises(SegmentationError, match="expected label 7"):
        read_mask(tmp_path / "m.nii", label=7)


def test_probabilities_are_no_mask(tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii", GRID, labels(0.2, 0.9, 1))
    with pytest.raises(SegmentationError, match="threshold the probabilities"):
        read_mask(tmp_path / "m.nii")


def test_a_label_image_is_read_as_a_whole(tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii.gz", GRID, labels(3, 0, 25).astype(np.float32))
    image = read_labels(tmp_path / "m.nii.gz")
    np.testing.assert_array_equal(image.labels, labels(3, 0, 25))
    np.testing.assert_array_equal(np.flatnonzero(image.mask_of([3, 25]).inside), [0, 2])


def test_probabilities_are_no_label_image(tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii", GRID, labels(0.5, 1.0))
    with pytest.raises(SegmentationError, match="not all whole"):
        read_labels(tmp_path / "m.nii")


def test_nan_is_refused_in_a_mask(tmp_path: Path) -> None:
    write_image(tmp_path / "m.nii", GRID, labels(1, np.nan))
    with pytest.raises(NonFiniteVoxelsError):
        read_mask(tmp_path / "m.nii")


@pytest.mark.realdata
def test_the_masks_of_the_pelvis_hold_the_documented_numbers_of_voxels(shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    assert read_mask(folder / "femur_left.nii.gz").inside.sum() == 2267
    assert read_mask(folder / "femur_right.nii.gz").inside.sum() == 3782
