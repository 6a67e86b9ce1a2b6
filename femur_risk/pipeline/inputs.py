"""The inputs of a run: what they are called, and the hash of what they hold."""

from collections.abc import Mapping
from pathlib import Path

from femur_fea.errors import InputError, MissingInputError
from femur_fea.io import image_files, readable
from femur_risk.pipeline.fingerprint import hash_file, hash_values

__all__ = ["ROLES", "check_unchanged", "hash_input"]

# what messages call an input: the name of its file can be a patient's
ROLES = {
    "ct": "the CT",
    "femur": "the femur mask",
    "lesion": "the lesion mask",
    "rods": "the regions of the rods",
    "recalibration": "the recalibration",
}
_IMAGE = "an image file (.nii, .nii.gz, .nrrd, .mha or .mhd) or, for a CT, a folder of DICOM files"
_WRITTEN = "the recalibration.json that 'femur-fea validate --recalibrate' has written"


def hash_input(path: Path, *, name: str) -> str:
    """Return a hash of an input's content: all files of it, whatever their names.

    Parameters
    ----------
    path
        An image file, with the data file that its header may name, or a folder of DICOM files.
    name
        Which input it is: a key of `ROLES`.

    Raises
    ------
    MissingInputError
        If there is nothing at `path`.
    ImageError
        If a file cannot be read, or a header names its data in a way that cannot be followed.
    """
    with readable(ROLES[name]):
        if path.is_file():
            files = image_files(path, role=ROLES[name])
            hashes = [hash_file(file) for file in files]
            return hashes[0] if len(hashes) == 1 else hash_values({"files": hashes})
        slices = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else []
        if slices:
            return hash_values({"files": sorted(hash_file(file) for file in slices)})
    is_empty = path.is_dir()
    at = "an empty folder" if is_empty else "nothing"
    raise MissingInputError(
        found=f"{at} at the path that is given for {ROLES[name]} (--{name})",
        expected=_WRITTEN if name == "recalibration" else _IMAGE,
        remedy="copy the series into it, or give the folder that holds it"
        if is_empty
        else "check the path",
    )


def check_unchanged(inputs: Mapping[str, Path], hashes: Mapping[str, str]) -> None:
    """Raise if an input no longer holds what its hash was made from.

    Raises
    ------
    InputError
        With the input that changed.
    """
    for name, path in inputs.items():
        if hash_input(path, name=name) != hashes[name]:
            raise InputError(
                found=f"{ROLES[name]} (--{name}) changed while it was read",
                expected="files that stay as they are during a run",
                remedy="wait until it is written in full, and run again",
            )
