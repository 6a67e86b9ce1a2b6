"""Hashes depend on content alone."""

from pathlib import Path

from femur_risk.pipeline.fingerprint import hash_file, hash_values


def test_a_file_has_the_published_hash_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    # FIPS 180-2, appendix B.1
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_file(tmp_path / "a") == expected


def test_the_order_of_keys_does_not_matter() -> None:
    assert hash_values({"a": 1, "b": 2.0}) == hash_values({"b": 2.0, "a": 1})
