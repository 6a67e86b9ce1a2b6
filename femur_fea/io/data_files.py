"""Which files an image consists of: a header of MetaIO or NRRD can name a data file."""

import re
from collections.abc import Iterator
from pathlib import Path

from femur_fea.errors import ImageError, MissingInputError

__all__ = ["image_files"]

_META_SUFFIXES = (".mha", ".mhd")
_MOST_LINES, _LONGEST_LINE = 10_000, 65_536  # a header is shorter than either
_META_FIELD = re.compile(r"ElementDataFile\s*=\s*(.*)")
_NRRD_FIELD = re.compile(r"data ?file:\s*(.*)", re.IGNORECASE)


def image_files(path: Path, *, role: str) -> tuple[Path, ...]:
    """Return the file itself, and the data file beside it where its header names one.

    Parameters
    ----------
    path : Path
        An image file.
    role : str
        What messages call it.

    Raises
    ------
    ImageError
        If the header names several data files or a pattern.
    MissingInputError
        If the data file does not exist.
    """
    name = _data_file(path)
    if name is None:
        return (path,)
    if name.upper().startswith("LIST") or "%" in name or len(name.split()) > 1:
        raise ImageError(
            found=f"{role} has a header that lists several data files, or names one with blanks",
            expected="one file, or a header with one data file",
            remedy="convert it to one file such as .nii.gz",
        )
    data = path.parent / name
    if not data.is_file():
        raise MissingInputError(
            found=f"{role} has a header whose data file is not there",
            expected="the data file beside its header",
            remedy="copy both files, under the names that they were written with",
        )
    return path, data


def _data_file(path: Path) -> str | None:
    """Return what a header names as its data, None where the data follow in the same file."""
    suffix = path.suffix.lower()
    if suffix in _META_SUFFIXES:
        name = _first_match(_META_FIELD, path)
        return None if name is None or name.upper() == "LOCAL" else name
    return _first_match(_NRRD_FIELD, path) if suffix == ".nrrd" else None


def _first_match(field: re.Pattern[str], path: Path) -> str | None:
    matches = (field.fullmatch(line) for line in _header_lines(path))
    return next((found[1].strip() for found in matches if found), None)


def _header_lines(path: Path) -> Iterator[str]:
    """Yield the lines up to the empty one that ends the header of NRRD."""
    with path.open("rb") as stream:
        for _ in range(_MOST_LINES):
            line = stream.readline(_LONGEST_LINE).decode("latin-1").rstrip("\r\n")
            if not line:
                return
            yield line
