"""Which values can be Hounsfield units."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from femur_fea.domain import ImageGrid
from femur_fea.errors import FemurFEAWarning, HounsfieldRangeError, NonFiniteVoxelsError
from femur_fea.io import read_ct, write_image
from femur_fea.io.hounsfield import check_hounsfield

GRID = ImageGrid(shape=(20, 20, 20), affine=np.eye(4))


def hip() -> np.ndarray:
    """Return values from air to cortical bone."""
    return np.random.default_rng(0).uniform(-1000.0, 1500.0, GRID.shape)


def test_a_ct_in_hounsfield_units_is_read_as_it_is(tmp_path: Path) -> None:
    write_image(tmp_path / "ct.nii", GRID, hip())
    np.testing.assert_array_equal(read_ct(tmp_path / "ct.nii").hu, hip())


@pytest.mark.parametrize("bad", [np.nan, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["ct.nii", "ct.nii.gz", "ct.nrrd", "ct.mha"])
def test_the_first_voxel_that_is_not_finite_is_named_with_their_number(
    name: str, dtype: type, bad: float, tmp_path: Path
) -> None:
    hu = hip().astype(dtype)
    # the NIfTI reader of ITK turns these into zeros
    hu[3, 4, 5] = hu[3, 4, 6] = bad
    image = sitk.GetImageFromArray(hu.transpose(2, 1, 0).copy())
    sitk.WriteImage(image, str(tmp_path / name))
    with pytest.raises(NonFiniteVoxelsError, match=r"2 of 8000 .*\(3, 4, 5\)"):
        read_ct(tmp_path / name)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (np.full(GRID.shape, -1000.0), "one value everywhere"),
        (np.rint(hip() + 1024.0), "rescale intercept"),
        ((hip() > 300.0).astype(float), "as a mask has them.*mixed up"),
        (np.clip((hip() + 1000.0) / 2500.0, 0.0, 1.0), "rescale intercept"),
        ((hip() - 100.0) / 400.0, "no dense bone"),
        (np.clip(hip(), -160.0, 240.0), "no dense bone"),
        (np.where(hip() < -900.0, -32768.0, hip()), "beyond any CT scale"),
        (hip() * 1000.0, "beyond any CT scale"),
    ],
    ids=[
        "constant",
        "no intercept",
        "mask",
        "unit range",
        "normalised",
        "window",
        "padding",
        "scaled",
    ],
)
def test_values_that_are_no_hounsfield_units_are_refused(
    values: np.ndarray, reason: str, tmp_path: Path
) -> None:
    write_image(tmp_path / "ct.nii", GRID, values)
    with pytest.raises(HounsfieldRangeError, match=reason):
        read_ct(tmp_path / "ct.nii")


def test_a_scale_that_ends_at_minus_1024_and_at_3071_is_usual() -> None:
    with_metal = np.clip(hip() * 3.0, -1024.0, 3071.0)
    check_hounsfield("ct", with_metal)


def test_a_scale_cut_off_within_bone_is_told() -> None:
    with pytest.warns(FemurFEAWarning, match="exactly 800 HU"):
        check_hounsfield("ct", np.clip(hip(), -1024.0, 800.0))


@pytest.mark.realdata
def test_real_scans_of_hip_shoulder_and_spine_pass(shared_data: Path) -> None:
    files = [
        "ct-pelvis-3mm/ct.nii.gz",
        "ct-pelvis-3mm/right_hip_crop_ct.nii.gz",
        "ct-right-shoulder/right_shoulder_ct.nii.gz",
        *(f"ct-bone-metastasis-patches/{n}.nii.gz" for n in (1, 2, 4, 6, 8)),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for file in files:
            assert read_ct(shared_data / file).hu.max() > 1000
