"""A series that is written is read back as it was."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import Acquisition, CTVolume, ImageGrid
from femur_fea.errors import ConfigError, OutOfRangeError
from femur_fea.io import read_ct, write_dicom

FACTS = Acquisition(
    tube_voltage_kV=100.0,
    kernel="standard",
    slice_thickness_mm=2.0,
    contrast_agent=False,
    exposure_mAs=120.0,
    reconstruction_diameter_mm=320.0,
    gantry_tilt_deg=0.0,
    manufacturer="femur-fea",
    scanner_model="simulated scanner",
    image_type="ORIGINAL PRIMARY AXIAL",
    beam_filter="TIN ALUMINUM",
)


def volume(*, turned: bool = False, outside: bool = False) -> CTVolume:
    rng = np.random.default_rng(1)
    shape = (24, 20, 6)
    affine = np.diag([0.683, 0.71, 1.25, 1.0])
    if turned:
        angle = 0.3
        rotation = np.eye(4)
        rotation[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        affine = rotation @ affine
    affine[:3, 3] = (-150.337, 21.5, -812.125)
    hu = rng.integers(-1024, 3071, shape).astype(np.int16)
    hu[0, 0] = -100
    hu[0, 1] = 800
    where = None
    if outside:
        where = np.zeros(shape, dtype=bool)
        where[-3:, -3:] = True
        hu[where] = -1024
    return CTVolume(
        grid=ImageGrid(shape=shape, affine=affine), hu=hu, acquisition=FACTS, outside=where
    )


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("outside", [False, True])
def test_the_reader_gives_back_voxels_place_and_facts(
    tmp_path: Path, turned: bool, outside: bool
) -> None:
    written = volume(turned=turned, outside=outside)
    write_dicom(tmp_path / "series", written, pseudonym="virtual-7", seed=7)
    found = read_ct(tmp_path / "series")
    np.testing.assert_array_equal(found.hu, written.hu)
    np.testing.assert_allclose(found.grid.affine, written.grid.affine, atol=1e-5)
    tilt = found.acquisition.gantry_tilt_deg
    assert tilt == pytest.approx(0.0, abs=1e-5)  # round-off of positions
    assert replace(found.acquisition, gantry_tilt_deg=0.0) == FACTS
    if written.outside is None:
        assert found.outside is None
    else:
        np.testing.assert_array_equal(found.outside, written.outside)


def test_simpleitk_reads_the_same_image(tmp_path: Path) -> None:
    import SimpleITK as sitk

    written = volume()
    write_dicom(tmp_path / "series", written, pseudonym="virtual-7", seed=7)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(tmp_path / "series")))
    image = reader.Execute()
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image).transpose(2, 1, 0), written.hu)
    np.testing.assert_allclose(image.GetSpacing(), written.grid.spacing, atol=1e-5)
    np.testing.assert_allclose(image.GetOrigin(), written.grid.affine[:3, 3], atol=1e-5)


def test_the_same_seed_gives_the_same_files_and_another_seed_another_study(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("again", 7), ("other", 8)):
        write_dicom(tmp_path / name, volume(), pseudonym="virtual-7", seed=seed)
    one, again, other = (
        [path.read_bytes() for path in sorted((tmp_path / name).iterdir())]
        for name in ("one", "again", "other")
    )
    assert one == again
    assert all(a != b for a, b in zip(one, other, strict=True))


def test_the_patient_is_a_pseudonym_without_birth_or_date(tmp_path: Path) -> None:
    from pydicom import dcmread

    write_dicom(tmp_path / "series", volume(), pseudonym="virtual-7", seed=7)
    data = dcmread(tmp_path / "series" / "0001.dcm")
    assert str(data.PatientName) == data.PatientID == "virtual-7"
    assert data.PatientIdentityRemoved == "YES"
    assert not data.PatientBirthDate
    assert not data.StudyDate
    uids = [e.value for e in data if e.VR == "UI" and e.keyword != "SOPClassUID"]
    assert all(uid.startswith("2.25.") and len(uid) <= 64 for uid in uids)


def test_a_series_does_not_mix_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("here")
    with pytest.raises(ConfigError, match="does not exist or is empty"):
        write_dicom(tmp_path, volume(), pseudonym="virtual-7", seed=7)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_broken_and_too_low_numbers_and_left_handed_axes_are_refused(tmp_path: Path) -> None:
    good = volume()
    broken = CTVolume(grid=good.grid, hu=good.hu + np.float32(0.5))
    low = CTVolume(grid=good.grid, hu=good.hu - np.int16(1000))
    mirrored = CTVolume(
        grid=ImageGrid(shape=good.grid.shape, affine=good.grid.affine @ np.diag([1, 1, -1, 1])),
        hu=good.hu,
    )
    for ct, words in ((broken, "broken"), (low, "-2024"), (mirrored, "right-handed")):
        with pytest.raises(OutOfRangeError, match=words):
            write_dicom(tmp_path / "series", ct, pseudonym="virtual-7", seed=7)
    assert not list(tmp_path.iterdir())
