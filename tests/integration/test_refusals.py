"""Inputs that cannot be used: exit code 2, one message in three parts, nothing written."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from femur_fea.domain import ImageGrid
from femur_fea.io import read_image, write_image
from femur_risk.cli import main

type Refuse = Callable[..., str]


@dataclass(frozen=True)
class Scan:
    """The demonstration's scan around the bone, in memory."""

    grid: ImageGrid
    hu: np.ndarray
    femur: np.ndarray
    lesion: np.ndarray

    def write(self, folder: Path, **changed: np.ndarray) -> list[object]:
        """Write the images, some of them changed, and return the options that name them."""
        options: list[object] = []
        for option, name in (("--ct", "hu"), ("--femur", "femur"), ("--lesion", "lesion")):
            path = folder / f"{name}.nii.gz"
            write_image(path, self.grid, changed.get(name, getattr(self, name)))
            options += [option, path]
        return options


@pytest.fixture(scope="module")
def scan(demo: Path) -> Scan:
    folder = demo / "virtual-4547" / "segmentation"
    grid, hu = read_image(folder / "ct.nii.gz")
    _, femur = read_image(folder / "femur.nii.gz")
    _, lesion = read_image(folder / "lesion.nii.gz")
    return Scan(grid=grid, hu=hu, femur=femur, lesion=lesion)


@pytest.fixture
def refuse(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> Refuse:
    """Run, expect a refusal, and return the name of the error."""

    def run(*options: object, command: str = "run") -> str:
        out = tmp_path / "out"
        arguments = ["femur-fea", command, *map(str, options), "--out", str(out)]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capfd.readouterr().err
        assert stopped.value.code == 2, said
        assert "Traceback" not in said
        assert [line.split()[0] for line in said.splitlines()] == [
            "error",
            "found",
            "expected",
            "do",
        ]
        assert not out.exists()
        return said.split()[1]

    return run


def test_ct_numbers_without_their_intercept_are_refused(
    scan: Scan, refuse: Refuse, tmp_path: Path
) -> None:
    shifted = (scan.hu + 1024).clip(0)
    assert refuse(*scan.write(tmp_path, hu=shifted)) == "HounsfieldRangeError"


def test_a_nan_in_the_ct_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    hu = scan.hu.astype(np.float32)
    hu[3, 3, 3] = np.nan
    assert refuse(*scan.write(tmp_path, hu=hu)) == "NonFiniteVoxelsError"


def test_a_truncated_ct_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    options = scan.write(tmp_path)
    path = tmp_path / "hu.nii.gz"
    path.write_bytes(path.read_bytes()[:5000])
    assert refuse(*options) == "ImageError"


def test_a_folder_without_a_ct_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    folder = tmp_path / "dicom"
    folder.mkdir()
    (folder / "notes.txt").write_text("no image")
    assert refuse("--ct", folder, *scan.write(tmp_path)[2:]) == "SeriesError"


def test_an_empty_mask_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    empty = np.zeros_like(scan.femur)
    assert refuse(*scan.write(tmp_path, femur=empty)) == "EmptyMaskError"


def test_a_mask_of_several_labels_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    labels = scan.femur.copy()
    labels[labels > 0] += 1
    options = scan.write(tmp_path, femur=labels)
    assert refuse(*options) == "SegmentationError"
    # with its label the mask is read, and the next thing that is wrong is the side
    assert refuse(*options, "--femur-label", "2", "--side", "left") == "SideError"


def test_a_mask_of_two_bones_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    two = scan.femur.copy()
    middle = two.shape[2] // 2
    two[:, :, middle : middle + 3] = 0
    assert refuse(*scan.write(tmp_path, femur=two)) == "SeveralBonesError"


def test_a_mask_on_another_grid_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    options = scan.write(tmp_path)
    affine = scan.grid.affine.copy()
    affine[0, 3] += 5.0
    moved = ImageGrid(shape=scan.grid.shape, affine=affine)
    write_image(tmp_path / "femur.nii.gz", moved, scan.femur)
    assert refuse(*options) == "GridMismatchError"


def test_a_femur_cut_through_its_head_is_refused(
    scan: Scan, refuse: Refuse, tmp_path: Path
) -> None:
    top = int(np.flatnonzero(scan.femur.any(axis=(0, 1)))[-1]) - 5
    grid = ImageGrid(shape=(*scan.grid.shape[:2], top), affine=scan.grid.affine)
    cut = Scan(
        grid=grid, hu=scan.hu[..., :top], femur=scan.femur[..., :top], lesion=scan.lesion[..., :top]
    )
    assert refuse(*cut.write(tmp_path)) == "MaskBorderError"


def test_metal_in_the_bone_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    hu = scan.hu.copy()
    i, j, k = np.argwhere(scan.lesion > 0).mean(axis=0).astype(int)
    hu[i - 3 : i + 4, j - 3 : j + 4, k - 3 : k + 4] = 3000
    assert refuse(*scan.write(tmp_path, hu=hu)) == "MetalError"


def test_a_lesion_outside_the_bone_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    outside = np.zeros_like(scan.lesion)
    outside[:4, :4, :4] = 1
    assert refuse(*scan.write(tmp_path, lesion=outside)) == "SegmentationError"


def test_a_lesion_mask_without_a_voxel_is_refused(
    scan: Scan, refuse: Refuse, tmp_path: Path
) -> None:
    assert refuse(*scan.write(tmp_path, lesion=np.zeros_like(scan.lesion))) == "EmptyMaskError"


def test_the_wrong_side_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    assert refuse(*scan.write(tmp_path), "--side", "left") == "SideError"


def test_a_file_of_another_kind_is_refused(scan: Scan, refuse: Refuse, tmp_path: Path) -> None:
    options = scan.write(tmp_path)
    (tmp_path / "ct.txt").write_text("no image")
    assert refuse("--ct", tmp_path / "ct.txt", *options[2:]) == "ImageError"


@pytest.mark.realdata
def test_a_real_femur_with_a_screw_is_refused(refuse: Refuse, shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    options = ("--ct", folder / "ct.nii.gz", "--femur", folder / "femur_left.nii.gz")
    assert refuse(*options) == "MetalError"


@pytest.mark.realdata
def test_a_real_right_femur_stated_as_left_is_refused(refuse: Refuse, shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    options = ("--ct", folder / "ct.nii.gz", "--femur", folder / "femur_right.nii.gz")
    assert refuse(*options, "--side", "left") == "SideError"


def test_a_file_is_never_called_by_its_name_which_can_be_a_patients(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    options = scan.write(tmp_path)
    named = tmp_path / "Doe_Jane_1950.nii.gz"
    named.write_bytes(b"not an image")
    arguments = ["femur-fea", "run", *map(str, options), "--ct", str(named)]
    monkeypatch.setattr(sys, "argv", [*arguments, "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit):
        main()
    said = capfd.readouterr().err
    assert "found     the CT is truncated" in said
    assert "Jane" not in said


def test_a_full_disk_is_told_and_leaves_nothing(scan: Scan, tmp_path: Path) -> None:
    # no file may grow beyond 300 blocks of 1 KiB, which the cropped CT does
    out = tmp_path / "out"
    command = [sys.executable, "-m", "femur_risk.cli", "run", *scan.write(tmp_path)]
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 300; exec "$@"', "bash", *map(str, command), "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "DiskSpaceError" in done.stderr
    assert "Traceback" not in done.stderr
    assert not out.exists()
