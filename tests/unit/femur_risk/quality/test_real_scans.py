"""Flags of two clinical scans whose faults are known from looking at them."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from femur_fea.domain import LabelMask
from femur_fea.io import read_ct, read_mask
from femur_risk.quality import assess_scan

pytestmark = pytest.mark.realdata


def test_a_pelvis_with_a_screw_in_the_other_hip(shared_data: Path) -> None:
    """3 mm, resampled, and so smooth that neither streaks nor noise are left in its muscles."""
    folder = shared_data / "ct-pelvis-3mm"
    scan, femur = read_ct(folder / "ct.nii.gz"), read_mask(folder / "femur_right.nii.gz")
    flags = {flag.name: flag for flag in assess_scan(scan, femur)}
    assert set(flags) == {"voxel size", "metal", "truncation"}
    assert flags["metal"].severity == "caution"
    assert "in slices that show the bone" in flags["metal"].found
    # the arms or the sides of the belly are cut, far from the hip
    assert flags["truncation"].severity == "note"


def test_a_shoulder_cut_from_a_chest(shared_data: Path) -> None:
    """Rays along both shoulders are starved of photons; the crop ends beside the bone."""
    scan = read_ct(shared_data / "ct-right-shoulder" / "right_shoulder_ct.nii.gz")
    dense = np.zeros(scan.grid.shape, dtype=bool)
    dense[1:-1, 1:-1, 1:-1] = scan.hu[1:-1, 1:-1, 1:-1] > 200
    labels, _ = ndimage.label(dense)
    bone = labels == np.argmax(np.bincount(labels.ravel())[1:]) + 1
    flags = {flag.name: flag for flag in assess_scan(scan, LabelMask(grid=scan.grid, inside=bone))}
    assert set(flags) == {"streaks", "truncation"}
    assert flags["streaks"].severity == "severe"
    assert flags["truncation"].severity == "caution"
