"""Folders of DICOM slices."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from femur_fea.errors import HounsfieldRangeError, ImageError
from femur_fea.io import read_ct

NAME = "Doe^Jane"
N_SLICES = 6
STEP = 1.5


def stored() -> np.ndarray:
    """Return raw values of all slices, [slice, row, column], 1000 above HU."""
    return np.random.default_rng(0).integers(0, 2500, (N_SLICES, 8, 10)).astype(np.uint16)


def make_slice(k: int, series: str) -> Dataset:
    """Return slice number k, feet first, with unequal pixel sides."""
    data = Dataset()
    data.SOPClassUID = CTImageStorage
    data.SOPInstanceUID = generate_uid()
    data.SeriesInstanceUID = series
    data.Modality = "CT"
    data.PatientName = NAME
    data.PatientID = "4711-secret"
    data.Rows, data.Columns = 8, 10
    data.PixelSpacing = [0.8, 0.6]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.ImagePositionPatient = [-20.0, 7.5, -300.0 - STEP * k]
    data.RescaleSlope, data.RescaleIntercept = 1, -1000
    data.KVP = 120
    data.ConvolutionKernel = "B60f"
    data.SliceThickness = 2
    data.SamplesPerPixel = 1
    data.PhotometricInterpretation = "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 0
    data.PixelData = stored()[k].tobytes()
    return data


def write_series(folder: Path, slices: list[Dataset], first: int = 0) -> None:
    for n, data in enumerate(slices, start=first):
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
        data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        data.save_as(folder / f"{NAME}-{n:02}.dcm", enforce_file_format=True)


def series() -> list[Dataset]:
    uid = generate_uid()
    return [make_slice(k, uid) for k in range(N_SLICES)]


def message_of(folder: Path) -> str:
    """Return the message with which a folder is refused, which never names the patient."""
    with pytest.raises(ImageError) as caught:
        read_ct(folder)
    message = str(caught.value)
    assert "Doe" not in message
    assert "4711" not in message
    assert folder.name not in message
    return message


def test_slices_in_any_order_become_hounsfield_units_at_their_places(tmp_path: Path) -> None:
    slices = series()
    write_series(tmp_path, [slices[n] for n in (3, 0, 5, 1, 4, 2)])
    (tmp_path / "notes.txt").write_text("no DICOM")
    ct = read_ct(tmp_path)
    assert ct.hu.shape == (10, 8, N_SLICES)
    for k in range(N_SLICES):
        row, column = 2, 7
        world = np.array([[-20.0 + 0.6 * column, 7.5 + 0.8 * row, -300.0 - STEP * k]])
        index = ct.grid.to_index(world)[0]
        # positions are exact decimals of at most seven digits
        np.testing.assert_allclose(index, np.round(index), atol=1e-9)
        i, j, n = np.round(index).astype(int)
        assert ct.hu[i, j, n] == int(stored()[k, row, column]) - 1000


def test_the_facts_of_the_scan_are_read(tmp_path: Path) -> None:
    slices = series()
    for data in slices:
        data.ContrastBolusAgent = "iodine"
    write_series(tmp_path, slices)
    acquisition = read_ct(tmp_path).acquisition
    assert acquisition.tube_voltage_kV == 120.0
    assert acquisition.kernel == "B60f"
    assert acquisition.slice_thickness_mm == 2.0
    assert acquisition.contrast_agent is True


def test_facts_that_the_header_lacks_are_unknown(tmp_path: Path) -> None:
    slices = series()
    for data in slices:
        del data.KVP, data.ConvolutionKernel
        data.SliceThickness = None
    write_series(tmp_path, slices)
    acquisition = read_ct(tmp_path).acquisition
    assert acquisition.tube_voltage_kV is None
    assert acquisition.kernel is None
    assert acquisition.slice_thickness_mm is None
    assert acquisition.contrast_agent is False


def test_two_series_are_refused_with_their_sizes(tmp_path: Path) -> None:
    write_series(tmp_path, series())
    write_series(tmp_path, series()[:4], first=N_SLICES)
    message = message_of(tmp_path)
    assert "2 CT series" in message
    assert "6 slices of 10 x 8, 4 slices of 10 x 8" in message


def test_a_folder_without_ct_is_refused(tmp_path: Path) -> None:
    slices = series()
    for data in slices:
        data.Modality = "MR"
    write_series(tmp_path, slices)
    assert "0 CT series" in message_of(tmp_path)


def test_another_modality_beside_the_ct_does_not_matter(tmp_path: Path) -> None:
    other = series()[:1]
    other[0].Modality = "PT"
    write_series(tmp_path, series() + other)
    assert read_ct(tmp_path).hu.shape == (10, 8, N_SLICES)


def test_a_missing_slice_is_found(tmp_path: Path) -> None:
    slices = series()
    write_series(tmp_path, slices[:2] + slices[3:])
    assert "1 uneven steps" in message_of(tmp_path)


def test_a_doubled_slice_is_found(tmp_path: Path) -> None:
    slices = series()
    write_series(tmp_path, [*slices, make_slice(2, slices[0].SeriesInstanceUID)])
    assert "uneven steps" in message_of(tmp_path)


def test_a_tilted_gantry_is_found(tmp_path: Path) -> None:
    slices = series()
    for k, data in enumerate(slices):
        data.ImagePositionPatient[1] += 0.2 * k
    write_series(tmp_path, slices)
    assert "tilted gantry" in message_of(tmp_path)


def test_a_scout_view_among_the_slices_is_found(tmp_path: Path) -> None:
    slices = series()
    slices[4].ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    write_series(tmp_path, slices)
    assert "number 5 differs from the first in ImageOrientationPatient" in message_of(tmp_path)


def test_a_slice_without_a_place_is_found(tmp_path: Path) -> None:
    slices = series()
    del slices[2].ImagePositionPatient
    write_series(tmp_path, slices)
    assert "number 3 without ImagePositionPatient" in message_of(tmp_path)


@pytest.mark.parametrize("kept", [0, 100, 700, 950])
def test_a_damaged_slice_is_named_by_its_number(
    kept: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_series(tmp_path, series())
    path = sorted(tmp_path.iterdir())[3]
    path.write_bytes(path.read_bytes()[:kept])
    assert "number 4" in message_of(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert "0 CT series" in message_of(tmp_path)


def test_slices_without_rescale_are_not_taken_for_hounsfield_units(tmp_path: Path) -> None:
    slices = series()
    for data in slices:
        del data.RescaleSlope, data.RescaleIntercept
    write_series(tmp_path, slices)
    with pytest.raises(HounsfieldRangeError, match="rescale intercept"):
        read_ct(tmp_path)


@pytest.mark.realdata
def test_real_slices_agree_with_the_crop_made_from_them(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "ct-right-shoulder"
    with zipfile.ZipFile(folder / "dicom_slices_16.zip") as archive:
        archive.extractall(tmp_path)
    slices, crop = read_ct(tmp_path), read_ct(folder / "right_shoulder_ct.nii.gz")
    assert slices.acquisition.tube_voltage_kV == 120.0
    assert slices.acquisition.kernel == "D"
    first = crop.grid.to_index(slices.grid.to_world(np.array([[0.0, 75.0, 0.0]])))[0]
    # the NIfTI stores its origin in single precision; the crop begins at column 0, row 75
    np.testing.assert_allclose(first, [0.0, 0.0, 55.0], atol=1e-3)
    np.testing.assert_array_equal(slices.hu[:140, 75:340], crop.hu[:, :, 55:71])
