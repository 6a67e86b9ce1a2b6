"""What the result of a case rests on, as a hash that costs no reading of images."""

import os
from collections.abc import Iterator
from pathlib import Path

from femur_fea.errors import FemurFEAError
from femur_fea.io import image_files

__all__ = ["look_of"]


def look_of(path: Path) -> list[list[object]]:
    """Return name, size and time of change of all files of an input; none where it is not there.

    A finished case is worked on again where these differ. A run compares contents then, so
    that a file which was only touched costs no more than reading it.
    """
    return sorted([name, *_size_and_time(file)] for name, file in _files(path))


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_dir():
        for folder, _, names in os.walk(path):
            for name in names:
                file = Path(folder) / name
                yield str(file.relative_to(path)), file
    elif path.is_file():
        try:
            files = image_files(path, role="an image")
        except (FemurFEAError, OSError):  # the run says what is wrong with it
            files = (path,)
        yield from ((file.suffix, file) for file in files)


def _size_and_time(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except OSError:
        return -1, -1
    return found.st_size, found.st_mtime_ns
