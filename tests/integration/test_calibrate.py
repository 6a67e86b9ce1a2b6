"""A phantom below the virtual patient calibrates it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from calibration import PHANTOMS
from femur_fea.domain import ImageGrid
from femur_fea.io import read_image, read_json, write_image
from femur_risk.segmentation import crop
from meshing.handmade import handmade_patient

_RADIUS, _PITCH, _BELOW = 9.0, 30.0, 60  # mm, mm, voxels
NAME = "qrm_bdc_3"


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of CT, femur and regions of the rods of a patient who lies on a phantom."""
    patient = handmade_patient()
    ct, folder = patient.ct, tmp_path_factory.mktemp("phantom")
    width = ((0, 0), (0, _BELOW), (0, 0))
    grid = ImageGrid(
        shape=(ct.grid.shape[0], ct.grid.shape[1] + _BELOW, ct.grid.shape[2]),
        affine=ct.grid.affine,
    )
    hu = np.pad(ct.hu.astype(np.float32), width, constant_values=-1000.0)
    x, y = ct.grid.spacing[0] * np.arange(grid.shape[0]), ct.grid.spacing[1] * np.arange(_BELOW)
    below, rods = _phantom(x[:, None], y[None, :], patient.hu_slope, patient.hu_intercept)
    rng = np.random.default_rng(2)
    noise = gaussian_filter(rng.standard_normal((*below.shape, grid.shape[2])), 1.0)
    hu[:, ct.grid.shape[1] :] = below[:, :, None] + 15.0 / noise.std() * noise
    labels = np.zeros(grid.shape, dtype=np.int16)
    labels[:, ct.grid.shape[1] :] = rods[:, :, None]
    write_image(folder / "ct.nii.gz", grid, np.rint(hu).astype(np.int16))
    write_image(folder / "femur.nii.gz", grid, np.pad(patient.femur.inside, width))
    write_image(folder / "rods.nii.gz", grid, labels)
    return folder


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of CT and femur of a patient without a phantom; below cropped/ round the bone."""
    patient, folder = handmade_patient(), tmp_path_factory.mktemp("bare")
    small = crop(patient.ct, patient.femur, margin=10.0)
    for ct, femur, place in (
        (patient.ct, patient.femur, folder),
        (small.ct, small.masks[0], folder / "cropped"),
    ):
        write_image(place / "ct.nii.gz", ct.grid, ct.hu)
        write_image(place / "femur.nii.gz", femur.grid, femur.inside)
    return folder


def _phantom(
    x: np.ndarray, y: np.ndarray, slope: float, intercept: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return CT numbers and regions of a section, on the scanner that made the patient."""
    down = y - y.mean()
    hu = np.where((np.abs(down) < _RADIUS + 4.0) & (np.abs(x - x.mean()) < 60.0), 20.0, -1000.0)
    labels = np.zeros(hu.shape, dtype=np.int16)
    for n, rod in enumerate(PHANTOMS[NAME].rods):
        inside = np.hypot(x - x.mean() - _PITCH * (n - 1), down) < _RADIUS
        hu[inside], labels[inside] = (rod.rho - intercept) / slope, n + 1
    return gaussian_filter(hu, 0.9, mode="nearest"), labels


def _calibrate(femur_fea: Any, scan: Path, out: Path, *options: object) -> Any:
    images = ("--ct", scan / "ct.nii.gz", "--femur", scan / "femur.nii.gz")
    chosen = ("--calibration", "phantom", "--phantom", NAME)
    return femur_fea("calibrate", *images, *chosen, "--case-id", "a", "--out", out, *options)


@pytest.mark.parametrize("given", [(), ("--rods", "rods.nii.gz")])
def test_the_line_of_the_virtual_scanner_is_recovered_and_gives_the_density_image(
    given: tuple[str, ...], femur_fea: Any, scan: Path, artefacts: Any, tmp_path: Path
) -> None:
    options = [scan / option if "." in option else option for option in given]
    done = _calibrate(femur_fea, scan, tmp_path, *options, "--json")
    assert done.returncode == 0, done.stderr
    curve = json.loads(done.stdout)
    assert curve == read_json(tmp_path / "a/calibration/curve.json")
    patient = handmade_patient()
    off = [
        curve["slope_g_per_cm3_per_HU"] - patient.hu_slope,
        curve["intercept_g_per_cm3"] - patient.hu_intercept,
    ]
    # chi2 of two parameters is above this in one of a thousand scans
    assert off @ np.linalg.solve(curve["covariance"], off) < 13.8
    _, hu = read_image(tmp_path / "a/segmentation/ct.nii.gz")
    _, rho = read_image(tmp_path / "a/calibration/density.nii.gz")
    line = curve["slope_g_per_cm3_per_HU"] * hu + curve["intercept_g_per_cm3"]
    np.testing.assert_allclose(rho, line, atol=1e-6)  # single precision of values near 1
    assert (tmp_path / "a/calibration/curve.png").read_bytes().startswith(b"\x89PNG")
    assert artefacts.unexplained(tmp_path / "a") == []


def test_people_see_the_line_its_references_and_what_to_mind(
    femur_fea: Any, scan: Path, tmp_path: Path
) -> None:
    done = _calibrate(femur_fea, scan, tmp_path)
    assert done.returncode == 0, done.stderr
    for text in ("density per HU", "mg/cm3", "R2 0.99", "not those of this phantom's own"):
        assert text in done.stdout
    assert done.stdout.count("+-") == 2 + 2 * 3  # slope and intercept, and three rods


def test_a_scan_without_the_phantom_ends_with_what_was_found_and_nothing_half_written(
    femur_fea: Any, bare: Path, tmp_path: Path
) -> None:
    options = ("--calibration", "phantom", "--phantom", NAME, "--out", tmp_path, "--case-id", "a")
    done = femur_fea(
        *("calibrate", "--ct", bare / "ct.nii.gz", "--femur", bare / "femur.nii.gz"), *options
    )
    assert done.returncode == 2
    assert "no phantom" in done.stderr or "which are no QRM-BDC" in done.stderr
    assert not (tmp_path / "a/calibration/curve.json").exists()


@pytest.mark.parametrize("method", ["air_fat_muscle", "multi_tissue"])
def test_a_scan_that_is_cropped_to_the_bone_ends_with_the_tissue_that_is_missing(
    method: str, femur_fea: Any, bare: Path, tmp_path: Path
) -> None:
    cropped = bare / "cropped"
    done = femur_fea(
        *("calibrate", "--ct", cropped / "ct.nii.gz", "--femur", cropped / "femur.nii.gz"),
        *("--calibration", method, "--out", tmp_path, "--case-id", "a"),
    )
    assert done.returncode == 2
    assert "where air was looked for" in done.stderr
    assert not (tmp_path / "a/calibration/curve.json").exists()


def test_regions_of_rods_are_refused_by_another_calibration(
    femur_fea: Any, scan: Path, tmp_path: Path
) -> None:
    done = femur_fea(
        *("calibrate", "--ct", scan / "ct.nii.gz", "--femur", scan / "femur.nii.gz"),
        *("--rods", scan / "rods.nii.gz", "--out", tmp_path),
    )
    assert done.returncode == 2
    assert "regions of rods" in done.stderr
