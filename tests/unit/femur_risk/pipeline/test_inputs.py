"""Inputs are told apart by what they hold."""

from pathlib import Path

import pytest
import SimpleITK as sitk

from femur_fea.errors import ImageError, InputError, MissingInputError
from femur_risk.pipeline.inputs import check_unchanged, hash_input


def test_names_and_order_of_slices_do_not_matter(tmp_path: Path) -> None:
    for folder, names in (("one", "ab"), ("two", "zy")):
        (tmp_path / folder).mkdir()
        for name, content in zip(names, ("slice 1", "slice 2"), strict=True):
            (tmp_path / folder / name).write_text(content)
    assert hash_input(tmp_path / "one", name="ct") == hash_input(tmp_path / "two", name="ct")


def test_another_slice_changes_the_hash(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("slice 1")
    before = hash_input(tmp_path, name="ct")
    (tmp_path / "b").write_text("slice 1")
    assert hash_input(tmp_path, name="ct") != before


def test_the_data_beside_a_header_count_as_much_as_the_header(tmp_path: Path) -> None:
    path = tmp_path / "ct.mhd"
    sitk.WriteImage(sitk.Image([4, 4, 4], sitk.sitkInt16), str(path))
    before = hash_input(path, name="ct")
    data = tmp_path / "ct.raw"
    data.write_bytes(data.read_bytes()[:-1] + b"\x01")
    assert hash_input(path, name="ct") != before


def test_an_input_that_changes_under_its_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "Doe.nii"
    path.write_text("one scan")
    hashes = {"ct": hash_input(path, name="ct")}
    check_unchanged({"ct": path}, hashes)
    path.write_text("two scan")
    with pytest.raises(InputError, match=r"the CT \(--ct\) changed while it was read"):
        check_unchanged({"ct": path}, hashes)


@pytest.mark.parametrize("place", ["absent", "empty"])
def test_nothing_there_is_a_missing_input_whose_path_is_not_repeated(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingInputError, match=r"the femur mask \(--femur\)") as caught:
        hash_input(tmp_path / place, name="femur")
    assert str(tmp_path) not in str(caught.value)


def test_an_input_that_the_system_does_not_let_be_read_is_told(tmp_path: Path) -> None:
    # reading it at 0 fails with an error of the system whatever the user's rights are
    (tmp_path / "Doe.nii").symlink_to("/proc/self/mem")
    with pytest.raises(ImageError, match="the lesion mask cannot be read") as caught:
        hash_input(tmp_path / "Doe.nii", name="lesion")
    assert "Doe" not in str(caught.value)


def test_an_empty_folder_is_told_as_that(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match=r"an empty folder at the path.*holds it"):
        hash_input(tmp_path, name="ct")
