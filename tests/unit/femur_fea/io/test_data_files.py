"""Images whose header names another file as its data."""

from pathlib import Path

import pytest
import SimpleITK as sitk

from femur_fea.errors import ImageError, MissingInputError
from femur_fea.io import image_files


def files(path: Path) -> set[str]:
    return {file.name for file in image_files(path, role="the CT")}


@pytest.mark.parametrize(("compressed", "data"), [(False, "ct.raw"), (True, "ct.zraw")])
def test_the_header_of_metaio_brings_its_data_file_along(
    compressed: bool, data: str, tmp_path: Path
) -> None:
    sitk.WriteImage(sitk.Image([4, 4, 4], sitk.sitkInt16), str(tmp_path / "ct.mhd"), compressed)
    assert files(tmp_path / "ct.mhd") == {"ct.mhd", data}


@pytest.mark.parametrize("field", ["data file: ./ct.raw", "datafile: ct.raw", "Data File:ct.raw"])
def test_the_header_of_nrrd_brings_its_data_file_along(field: str, tmp_path: Path) -> None:
    (tmp_path / "ct.nrrd").write_text(f"NRRD0004\ntype: short\n{field}\n\n")
    (tmp_path / "ct.raw").write_bytes(bytes(8))
    assert files(tmp_path / "ct.nrrd") == {"ct.nrrd", "ct.raw"}


@pytest.mark.parametrize("name", ["ct.mha", "ct.nrrd", "ct.nii", "ct.nii.gz"])
def test_an_image_that_holds_its_own_data_is_one_file(name: str, tmp_path: Path) -> None:
    sitk.WriteImage(sitk.Image([4, 4, 4], sitk.sitkInt16), str(tmp_path / name))
    assert files(tmp_path / name) == {name}


def test_data_that_only_look_like_a_header_name_no_file(tmp_path: Path) -> None:
    (tmp_path / "ct.nrrd").write_bytes(b"NRRD0004\ntype: short\n\ndata file: other.raw\n")
    assert files(tmp_path / "ct.nrrd") == {"ct.nrrd"}


@pytest.mark.parametrize("named", ["LIST", "slice%03d.raw 1 9 1"])
def test_several_data_files_are_refused(named: str, tmp_path: Path) -> None:
    (tmp_path / "ct.mhd").write_text(f"ObjectType = Image\nElementDataFile = {named}\n")
    with pytest.raises(ImageError, match="the CT has a header that lists several data files"):
        files(tmp_path / "ct.mhd")


def test_a_data_file_that_is_not_there_is_told_without_its_name(tmp_path: Path) -> None:
    (tmp_path / "ct.mhd").write_text("ObjectType = Image\nElementDataFile = Doe.raw\n")
    with pytest.raises(MissingInputError) as caught:
        files(tmp_path / "ct.mhd")
    assert "Doe" not in str(caught.value)
