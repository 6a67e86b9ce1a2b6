"""Which real pairs of CT and mask are let in."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import LabelMask
from femur_fea.errors import MetalError, SegmentationError, SeveralBonesError
from femur_fea.io import read_ct, read_mask
from femur_risk.segmentation import check_femur


@pytest.mark.realdata
def test_the_intact_real_femur_passes_without_a_warning(shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    scan, femur = read_ct(folder / "ct.nii.gz"), read_mask(folder / "femur_right.nii.gz")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = check_femur(scan, femur)
    assert report.volume_mm3 == pytest.approx(3782 * 27.0)
    assert report.highest_hu == 1183
    assert report.touches_distal_border


@pytest.mark.realdata
def test_the_real_femur_with_a_screw_is_refused(shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    scan, femur = read_ct(folder / "ct.nii.gz"), read_mask(folder / "femur_left.nii.gz")
    with pytest.raises(MetalError, match="up to 3382 HU"):
        check_femur(scan, femur)


@pytest.mark.realdata
def test_the_dense_cortex_of_a_real_humerus_is_not_metal(shared_data: Path) -> None:
    scan = read_ct(shared_data / "ct-right-shoulder" / "right_shoulder_ct.nii.gz")
    whole = np.zeros(scan.grid.shape, dtype=bool)
    whole[1:-1, 1:-1, 1:-1] = scan.hu[1:-1, 1:-1, 1:-1] > 200
    from scipy import ndimage

    labels, _ = ndimage.label(whole)
    largest = labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1
    report = check_femur(scan, LabelMask(grid=scan.grid, inside=largest))
    assert report.highest_hu > 1500


@pytest.mark.realdata
def test_two_real_femora_in_one_mask_are_refused(shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    scan = read_ct(folder / "ct.nii.gz")
    left, right = (read_mask(folder / f"femur_{s}.nii.gz").inside for s in ("left", "right"))
    with pytest.raises(SeveralBonesError, match=r"102\.1, 61\.2 cm3"):
        check_femur(scan, LabelMask(grid=scan.grid, inside=left | right))


@pytest.mark.realdata
def test_a_real_mask_mirrored_onto_soft_tissue_is_refused(shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    scan, femur = read_ct(folder / "ct.nii.gz"), read_mask(folder / "femur_right.nii.gz")
    swapped = LabelMask(grid=femur.grid, inside=femur.inside[:, ::-1])
    with pytest.raises(SegmentationError, match="mean of"):
        check_femur(scan, swapped)
