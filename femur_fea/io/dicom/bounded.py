"""A file that never gives, nor allocates, more than it holds."""

import io
import os
from pathlib import Path
from typing import BinaryIO

__all__ = ["BoundedFile", "is_dicom"]

_PREAMBLE_BYTES = 128
_MAGIC = b"DICM"


class BoundedFile:
    """An open file as pydicom reads it, which has no name that a message could repeat.

    A damaged header can state values of gigabytes; Python would allocate them before it reads.

    Parameters
    ----------
    stream : BinaryIO
        The open file.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.size = os.fstat(stream.fileno()).st_size

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, all that are left where it is negative."""
        left = max(self.size - self._stream.tell(), 0)
        return self._stream.read(left if size < 0 else min(size, left))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the file."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """Return the place in the file."""
        return self._stream.tell()


def is_dicom(path: Path) -> bool:
    """Whether a file has the mark of DICOM."""
    with path.open("rb") as stream:
        return has_mark(stream)


def has_mark(stream: BinaryIO) -> bool:
    """Whether an open file has the mark of DICOM; it is read up to the end of that mark."""
    return stream.read(_PREAMBLE_BYTES + len(_MAGIC))[_PREAMBLE_BYTES:] == _MAGIC
