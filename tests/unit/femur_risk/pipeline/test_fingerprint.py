"""Hashes depend on content alone."""

from pathlib import Path

import pytest

from femur_fea.errors import MissingInputError
from femur_risk.pipeline.fingerprint import hash_file, hash_input, hash_values


def test_a_file_has_the_published_hash_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_file(tmp_path / "a") == expected


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


@pytest.mark.parametrize("place", ["absent", "empty"])
def test_nothing_there_is_a_missing_input_whose_path_is_not_repeated(
    tmp_path: Path, place: str
) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(MissingInputError) as caught:
        hash_input(tmp_path / place, name="ct")
    assert str(tmp_path) not in str(caught.value)


def test_the_order_of_keys_does_not_matter() -> None:
    assert hash_values({"a": 1, "b": 2.0}) == hash_values({"b": 2.0, "a": 1})
