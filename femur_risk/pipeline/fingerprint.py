"""Content hashes: what an input or an artefact holds, never where it lies or what it is called."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from femur_fea.errors import MissingInputError

__all__ = ["hash_file", "hash_input", "hash_values"]


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hash_input(path: Path, *, name: str) -> str:
    """Return a hash of an input file, or of all files of a folder whatever their names.

    Parameters
    ----------
    path
        A file, or a folder of DICOM files.
    name
        What the input is, for the message: a path can hold a patient's name.

    Raises
    ------
    MissingInputError
        If there is nothing at `path`.
    """
    if path.is_file():
        return hash_file(path)
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else []
    if not files:
        raise MissingInputError(
            found=f"no file for the {name} at the given path",
            expected="a DICOM folder, .nii, .nii.gz, .nrrd, .mha or .mhd",
            remedy="check the path",
        )
    return hash_values({"files": sorted(hash_file(file) for file in files)})


def hash_values(values: Mapping[str, object]) -> str:
    """Return a hash of plain values, whatever the order of their keys."""
    text = json.dumps(values, sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
