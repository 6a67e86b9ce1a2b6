"""The demonstration's scan as DICOM: read, calibrated, and nothing of the patient left behind."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from femur_fea.domain import ImageGrid
from femur_fea.io import read_image

SECRET = "Zacharias"
PADDING = 63000


def write_series(
    folder: Path, grid: ImageGrid, hu: np.ndarray, *, kernel: str, **tags: Any
) -> None:
    """Write a scan on upright axes as slices that name the patient wherever they can."""
    uid = generate_uid()
    for k in range(hu.shape[2]):
        data = Dataset()
        data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, generate_uid()
        data.SeriesInstanceUID, data.Modality = uid, "CT"
        data.PatientName = data.PatientID = data.InstitutionName = SECRET
        data.PatientBirthDate, data.StudyDescription = "19340517", SECRET
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        data.KVP, data.Exposure, data.ConvolutionKernel = 120, 90, kernel
        data.Manufacturer, data.ManufacturerModelName = "Virtual", "Scanner 1"
        data.ReconstructionDiameter = 400
        data.Columns, data.Rows = hu.shape[:2]
        data.PixelSpacing = [str(round(s, 6)) for s in grid.spacing[[1, 0]]]
        data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        place = grid.to_world(np.array([[0.0, 0.0, float(k)]]))[0]
        data.ImagePositionPatient = [str(round(x, 6)) for x in place]
        data.RescaleSlope, data.RescaleIntercept, data.RescaleType = 1, -1024, "HU"
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 0
        for keyword, value in tags.items():
            setattr(data, keyword, value)
        data.PixelData = np.ascontiguousarray(hu[:, :, k].T + 1024).astype(np.uint16).tobytes()
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
        data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
        data.save_as(folder / f"{SECRET} {kernel} {k:04}.dcm", enforce_file_format=True)


@pytest.fixture(scope="module")
def scan(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with two series of the demonstration that differ in kernel alone, and the mask."""
    source = demo / "virtual-4547" / "segmentation"
    grid, hu = read_image(source / "ct.nii.gz")
    folder = tmp_path_factory.mktemp(SECRET)
    (folder / "dicom").mkdir()
    seen = np.rint(hu).astype(int)
    seen[:3] = PADDING - 1024
    write_series(folder / "dicom", grid, seen, kernel="A", PixelPaddingValue=PADDING)
    write_series(folder / "dicom", grid, seen, kernel="B", PixelPaddingValue=PADDING)
    shutil.copy(source / "femur.nii.gz", folder / f"{SECRET}.nii.gz")
    return folder


def leaks(place: Path) -> list[str]:
    """Return the files below a folder that name the patient, by their content or their name."""
    words = [SECRET.encode(), b"19340517", b"1934-05-17"]
    return [
        file.name
        for file in place.rglob("*")
        if any(word in file.read_bytes() if file.is_file() else False for word in words)
        or any(word in str(file.relative_to(place)).encode() for word in words)
    ]


def test_series_that_cannot_be_told_apart_are_listed(femur_fea: Any, scan: Path) -> None:
    done = femur_fea(
        "calibrate", "--ct", scan / "dicom", "--femur", scan / f"{SECRET}.nii.gz",
        "--out", scan / "refused",
    )  # fmt: skip
    assert done.returncode == 2
    assert "SeriesError" in done.stderr
    assert "kernel A" in done.stderr
    assert "kernel B" in done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert not (scan / "refused").exists()


def test_the_series_asked_for_is_read_and_no_identifier_is_left(
    femur_fea: Any, scan: Path, demo: Path, tmp_path: Path
) -> None:
    done = femur_fea(
        "calibrate", "--ct", scan / "dicom", "--femur", scan / f"{SECRET}.nii.gz",
        "--series", 2, "--case-id", "c", "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    quality = json.loads((tmp_path / "out/c/segmentation/quality.json").read_text())
    facts = quality["acquisition"]
    assert (facts["kernel"], facts["exposure_mAs"]) == ("B", 90.0)
    assert (facts["manufacturer"], facts["scanner_model"]) == ("Virtual", "Scanner 1")
    assert facts["contrast_agent"] is None
    assert quality["voxels_outside"] > 0
    warned = json.loads((tmp_path / "out/c/manifest.json").read_text())["warnings"]
    assert any("read one of 2 series, as asked for: number 2" in text for text in warned)
    assert SECRET not in done.stdout + done.stderr
    assert leaks(tmp_path / "out") == []
    grid, hu = read_image(tmp_path / "out/c/segmentation/ct.nii.gz")
    whole_grid, whole = read_image(demo / "virtual-4547/segmentation/ct.nii.gz")
    first = np.round(whole_grid.to_index(grid.to_world(np.zeros((1, 3))))[0]).astype(int)
    box = tuple(slice(a, a + n) for a, n in zip(first, grid.shape, strict=True))
    i = np.arange(grid.shape[0]) + first[0]
    np.testing.assert_array_equal(hu[i >= 3], np.rint(whole[box])[i >= 3])


def test_voltage_and_contrast_agent_are_each_reported_once(
    femur_fea: Any, demo: Path, tmp_path: Path
) -> None:
    source = demo / "virtual-4547" / "segmentation"
    grid, hu = read_image(source / "ct.nii.gz")
    (tmp_path / "dicom").mkdir()
    facts = {"KVP": 100, "ContrastBolusAgent": "a name"}
    write_series(tmp_path / "dicom", grid, np.rint(hu).astype(int), kernel="A", **facts)
    settings = tmp_path / "fixed.toml"
    settings.write_text(
        "[calibration]\nmethod = 'fixed'\nslope_g_per_cm3_per_HU = 0.0008\n"
        "intercept_g_per_cm3 = 0.0\nphantom_density = 'CaHA'\n"
    )
    done = femur_fea(
        "calibrate", "--ct", tmp_path / "dicom", "--femur", source / "femur.nii.gz",
        "--config", settings, "--case-id", "c", "--out", tmp_path / "out",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    warned = json.loads((tmp_path / "out/c/manifest.json").read_text())["warnings"]
    for finding in ("tube voltage", "contrast agent"):
        assert len([line for line in done.stdout.splitlines() if finding in line]) == 1
        assert len([text for text in warned if finding in text]) == 1
