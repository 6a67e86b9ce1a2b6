"""Single slices: their order, their places, what is wrong with them."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from femur_fea.io import read_ct

ORIGIN = np.array([-20.0, 7.5, -300.0])


def test_slices_in_any_order_become_hounsfield_units_at_their_places(scanner: Any) -> None:
    slices = scanner.series()
    scanner.write([slices[n] for n in (3, 0, 5, 1, 4, 2)])
    (scanner.folder / "notes.txt").write_text("no DICOM")
    ct = scanner.read()
    assert ct.hu.shape == (10, 8, 6)
    assert ct.hu.dtype == np.int16
    for k in range(6):
        # feet first: the last slice in space is the first of the grid
        np.testing.assert_array_equal(ct.hu[:, :, 5 - k], scanner.hu(k))
        world = ORIGIN + np.array([0.6 * 7, 0.8 * 2, -1.5 * k])
        # positions are exact decimals of at most seven digits
        np.testing.assert_allclose(ct.grid.to_index(world[None])[0], [7, 2, 5 - k], atol=1e-9)


def test_oblique_slices_keep_their_directions(scanner: Any) -> None:
    turn, nod = np.deg2rad([20.0, 35.0])
    row = np.array([np.cos(turn), np.sin(turn), 0.0])
    column = np.array([-np.sin(turn) * np.cos(nod), np.cos(turn) * np.cos(nod), np.sin(nod)])
    normal = np.cross(row, column)
    slices = scanner.series(ImageOrientationPatient=[*np.round(row, 6), *np.round(column, 6)])
    for k, data in enumerate(slices):
        data.ImagePositionPatient = list(np.round(ORIGIN + 1.5 * k * normal, 6))
    scanner.write(slices)
    ct = scanner.read()
    expected = np.column_stack([0.6 * row, 0.8 * column, 1.5 * normal])
    # directions and positions are written with six decimals
    np.testing.assert_allclose(ct.grid.affine[:3, :3], expected, atol=2e-6)
    axes = ct.grid.affine[:3, :3] / ct.grid.spacing
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-12)
    for k in range(6):
        np.testing.assert_array_equal(ct.hu[:, :, k], scanner.hu(k))


def test_a_sagittal_series_is_read_where_it_is_the_only_one(scanner: Any) -> None:
    slices = scanner.series(ImageOrientationPatient=[0, 1, 0, 0, 0, -1])
    for k, data in enumerate(slices):
        data.ImagePositionPatient = [1.5 * k, 0.0, 0.0]
    scanner.write(slices)
    grid = scanner.read().grid
    np.testing.assert_allclose(grid.affine[:3, :3], [[0, 0, -1.5], [0.6, 0, 0], [0, -0.8, 0]])


def test_a_slice_of_another_direction_is_found(scanner: Any) -> None:
    slices = scanner.series()
    slices[4].ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    scanner.write(slices)
    message = scanner.refusal()
    assert "number 5 differs from the first of its series in ImageOrientationPatient" in message


@pytest.mark.parametrize("orientation", [[1, 0, 0, 1, 0, 0], [2, 0, 0, 0, 2, 0], [0] * 6])
def test_impossible_directions_are_refused(scanner: Any, orientation: list[float]) -> None:
    scanner.write(scanner.series(ImageOrientationPatient=orientation))
    assert "number 1 whose ImageOrientationPatient" in scanner.refusal()


@pytest.mark.parametrize("tag", ["ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"])
def test_a_slice_without_a_place_is_found(scanner: Any, tag: str) -> None:
    slices = scanner.series()
    delattr(slices[2], tag)
    scanner.write(slices)
    assert "number 3 without ImagePositionPatient" in scanner.refusal()


def test_a_slice_displaced_sideways_is_found(scanner: Any) -> None:
    slices = scanner.series()
    slices[3].ImagePositionPatient[0] += 2.0
    scanner.write(slices)
    assert "number 4 is displaced sideways by 2 mm" in scanner.refusal()


@pytest.mark.parametrize("kept", [0, 100, 200, 700, 900, -1])
def test_a_damaged_slice_is_named_by_its_number(
    kept: int, scanner: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    path = scanner.write(scanner.series())[3]
    path.write_bytes(path.read_bytes()[:kept])
    assert "number 4" in scanner.refusal()
    assert capfd.readouterr() == ("", "")


def test_a_damaged_slice_without_a_suffix_is_not_taken_for_another_file(scanner: Any) -> None:
    path = scanner.write(scanner.series())[5]
    path.with_name("Doe-99").write_bytes(path.read_bytes()[:350])
    path.unlink()
    assert "number 1 whose header ends early, or lacks" in scanner.refusal()


def test_one_slice_is_no_volume(scanner: Any) -> None:
    scanner.write(scanner.series(1))
    assert "1 slice in the CT series" in scanner.refusal()


def test_a_folder_of_one_file_reads_as_that_file(scanner: Any) -> None:
    (path,) = scanner.write([scanner.enhanced()])
    np.testing.assert_array_equal(read_ct(path).hu, scanner.read().hu)


@pytest.mark.realdata
def test_real_slices_agree_with_the_crop_made_from_them(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "ct-right-shoulder"
    with zipfile.ZipFile(folder / "dicom_slices_16.zip") as archive:
        archive.extractall(tmp_path)
    slices, crop = read_ct(tmp_path), read_ct(folder / "right_shoulder_ct.nii.gz")
    first = crop.grid.to_index(slices.grid.to_world(np.array([[0.0, 75.0, 0.0]])))[0]
    # the NIfTI stores its origin in single precision; the crop begins at column 0, row 75
    np.testing.assert_allclose(first, [0.0, 0.0, 55.0], atol=1e-3)
    np.testing.assert_array_equal(slices.hu[:140, 75:340], crop.hu[:, :, 55:71])
    facts = slices.acquisition
    assert (facts.tube_voltage_kV, facts.exposure_mAs, facts.kernel) == (120.0, 300.0, "D")
    assert facts.reconstruction_diameter_mm == 400.0
    assert facts.gantry_tilt_deg == 0.0
    assert facts.contrast_agent is None
    assert facts.manufacturer == "Philips"
