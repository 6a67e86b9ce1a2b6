"""Images on disk and back."""

import struct
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from femur_fea.domain import ImageGrid
from femur_fea.errors import ImageError, MissingInputError, OutOfRangeError
from femur_fea.io import read_ct, read_image, write_image

FORMATS = ["scan.nii", "scan.nii.gz", "scan.nrrd", "scan.mha", "scan.mhd"]


def oblique_image() -> sitk.Image:
    """Return CT-like noise of unequal sides on turned axes."""
    values = np.random.default_rng(0).integers(-1000, 1500, (6, 5, 4)).astype(np.int16)
    image = sitk.GetImageFromArray(values)
    turn = sitk.Euler3DTransform()
    turn.SetRotation(0.2, -0.4, 0.7)
    image.SetDirection(turn.GetMatrix())
    image.SetSpacing((0.7, 0.9, 2.5))
    image.SetOrigin((-101.5, 33.0, -712.25))
    return image


@pytest.mark.parametrize("name", FORMATS)
def test_every_voxel_has_the_value_and_place_that_itk_gives_it(name: str, tmp_path: Path) -> None:
    image = oblique_image()
    sitk.WriteImage(image, str(tmp_path / name))
    ct = read_ct(tmp_path / name)
    for index in [(0, 0, 0), (3, 0, 0), (0, 4, 0), (0, 0, 5), (1, 2, 3)]:
        assert ct.hu[index] == image.GetPixel(index)
        place = ct.grid.to_world(np.array([index], dtype=float))[0]
        # formats store directions in single precision: 1e-7 of 700 mm
        np.testing.assert_allclose(
            place, image.TransformIndexToPhysicalPoint(index), rtol=0, atol=1e-4
        )


def test_a_nifti_with_unit_sform_has_its_axes_turned_from_ras_to_lps(tmp_path: Path) -> None:
    path = tmp_path / "scan.nii"
    sitk.WriteImage(oblique_image(), str(path))
    raw = bytearray(path.read_bytes())
    raw[252:256] = struct.pack("<2h", 0, 1)  # qform_code, sform_code
    raw[280:328] = struct.pack("<12f", 1, 0, 0, 10, 0, 1, 0, 20, 0, 0, 1, 30)
    raw[76:92] = struct.pack("<4f", 1, 1, 1, 1)
    path.write_bytes(raw)
    grid, _ = read_image(path)
    np.testing.assert_allclose(grid.affine, np.diag([-1, -1, 1, 1]) @ translation(10, 20, 30))


def test_an_nrrd_in_ras_has_its_axes_turned_to_lps(tmp_path: Path) -> None:
    path = tmp_path / "scan.nrrd"
    path.write_bytes(nrrd_header("space: right-anterior-superior\n") + bytes(128))
    grid, _ = read_image(path)
    np.testing.assert_allclose(grid.affine, np.diag([-1, -1, 1, 1]) @ translation(1, 2, 3))


def translation(x: float, y: float, z: float) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def nrrd_header(space: str) -> bytes:
    placed = "space directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (1,2,3)\n" if space else ""
    return (
        f"NRRD0004\ntype: short\ndimension: 3\n{space}sizes: 4 4 4\n{placed}"
        "encoding: raw\nendian: little\n\n"
    ).encode()


@pytest.mark.parametrize("name", ["field.nii", "field.nii.gz"])
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int16, np.int32, np.float32, np.float64])
def test_what_is_written_is_read_back(name: str, dtype: type, tmp_path: Path) -> None:
    image = oblique_image()
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * image.GetSpacing()
    affine[:3, 3] = image.GetOrigin()
    grid = ImageGrid(shape=(4, 5, 6), affine=affine)
    array = np.random.default_rng(1).integers(0, 2, grid.shape).astype(dtype)
    write_image(tmp_path / "new folder" / name, grid, array)
    grid_back, back = read_image(tmp_path / "new folder" / name)
    assert grid.matches(grid_back)
    np.testing.assert_array_equal(back, array)


def test_a_grid_with_slanted_axes_is_not_written(tmp_path: Path) -> None:
    affine = np.eye(4)
    affine[0, 2] = 0.1
    grid = ImageGrid(shape=(2, 2, 2), affine=affine)
    with pytest.raises(OutOfRangeError, match="not perpendicular"):
        write_image(tmp_path / "a.nii", grid, np.zeros(grid.shape))


def test_an_image_is_written_as_nifti_only(tmp_path: Path) -> None:
    grid = ImageGrid(shape=(2, 2, 2), affine=np.eye(4))
    with pytest.raises(OutOfRangeError, match=r"\.nii"):
        write_image(tmp_path / "a.png", grid, np.zeros(grid.shape))


def test_a_missing_file_is_called_by_its_role(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match="no file or folder for the CT at the given path"):
        read_ct(tmp_path / "nowhere.nii")


def test_a_file_that_the_system_does_not_let_be_read_is_told(tmp_path: Path) -> None:
    # reading it at 0 fails with an error of the system whatever the user's rights are
    (tmp_path / "Doe.nii").symlink_to("/proc/self/mem")
    with pytest.raises(ImageError, match=r"^the CT cannot be read \(Input/output error\)"):
        read_ct(tmp_path / "Doe.nii")


@pytest.mark.parametrize("name", [*FORMATS, "scan.txt"])
def test_a_text_file_is_no_image(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("hello")
    with pytest.raises(ImageError, match=r"^the scan of Monday ") as caught:
        read_ct(tmp_path / name, role="the scan of Monday")
    assert name not in str(caught.value), "the name of a file can be a patient's"


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kept", [0.0, 0.3, 0.97])
def test_a_truncated_file_is_refused(
    name: str, compressed: bool, kept: float, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    sitk.WriteImage(oblique_image(), str(path), compressed)
    data = next((p for p in tmp_path.iterdir() if p.suffix in {".raw", ".zraw"}), path)
    raw = data.read_bytes()
    data.write_bytes(raw[: int(kept * len(raw))])
    with pytest.raises(ImageError) as caught:
        read_ct(path)
    assert str(tmp_path) not in str(caught.value)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["scan.nii.gz", "scan.nrrd", "scan.mha"])
def test_a_damaged_compressed_file_is_refused(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    sitk.WriteImage(oblique_image(), str(path), True)
    raw = bytearray(path.read_bytes())
    raw[-40] ^= 0xFF
    path.write_bytes(raw)
    with pytest.raises(ImageError):
        read_ct(path)


def test_a_nifti_without_orientation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.nii"
    sitk.WriteImage(oblique_image(), str(path))
    raw = bytearray(path.read_bytes())
    raw[252:256] = bytes(4)
    path.write_bytes(raw)
    with pytest.raises(ImageError, match="left and right are unknown"):
        read_ct(path)


def test_an_nrrd_without_orientation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.nrrd"
    path.write_bytes(nrrd_header("") + bytes(128))
    with pytest.raises(ImageError, match="left and right are unknown"):
        read_ct(path)


@pytest.mark.parametrize(
    "image",
    [
        sitk.Image([8, 8], sitk.sitkInt16),
        sitk.Image([8, 8, 1], sitk.sitkInt16),
        sitk.Image([4, 4, 4, 3], sitk.sitkInt16),
        sitk.Image([4, 4, 4], sitk.sitkVectorFloat32, 3),
    ],
    ids=["slice", "one slice", "time series", "vectors"],
)
def test_only_one_scalar_volume_is_admitted(image: sitk.Image, tmp_path: Path) -> None:
    sitk.WriteImage(image, str(tmp_path / "scan.nii"))
    with pytest.raises(ImageError, match="one volume"):
        read_ct(tmp_path / "scan.nii")


def test_a_fourth_axis_of_length_one_is_dropped(tmp_path: Path) -> None:
    image = sitk.JoinSeries([oblique_image()])
    sitk.WriteImage(image, str(tmp_path / "scan.mha"))
    assert read_ct(tmp_path / "scan.mha").hu.shape == (4, 5, 6)


def test_voxels_of_an_impossible_size_are_refused(tmp_path: Path) -> None:
    image = oblique_image()
    image.SetSpacing((0.0007, 0.0009, 0.0025))  # metres
    sitk.WriteImage(image, str(tmp_path / "scan.mha"))
    with pytest.raises(ImageError, match="unit"):
        read_ct(tmp_path / "scan.mha")


@pytest.mark.realdata
def test_the_crop_of_the_pelvis_lies_where_it_was_cut(shared_data: Path) -> None:
    folder = shared_data / "ct-pelvis-3mm"
    whole, part = read_ct(folder / "ct.nii.gz"), read_ct(folder / "right_hip_crop_ct.nii.gz")
    np.testing.assert_array_equal(whole.hu[74:117, 25:59, 0:22], part.hu)
    corner = whole.grid.to_world(np.array([[74.0, 25.0, 0.0]]))
    # origins are stored in single precision
    np.testing.assert_allclose(corner[0], part.grid.affine[:3, 3], atol=1e-3)
