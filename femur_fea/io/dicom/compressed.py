"""Slices in JPEG, JPEG-LS and JPEG 2000, unpacked by GDCM in processes of their own.

The codecs in GDCM end the process on some damaged streams, and allocate what these announce. Here
they see nothing but a frame and its size, written to a file of ours, and have limits. As many work
side by side as there are cores.
"""

import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt

from femur_fea.cores import count_cores
from femur_fea.io.dicom import decoder
from femur_fea.io.dicom.header import SliceHeader
from femur_fea.io.dicom.pieces import read_pieces
from femur_fea.io.dicom.tags import damaged

__all__ = ["decompress"]

_CT_IMAGE = "1.2.840.10008.5.1.4.1.1.2"
_ANY_INSTANCE = "2.25.1"
_UNDEFINED = 0xFFFFFFFF
_SECONDS_PER_FRAME = 20  # one of 4096 x 4096 samples takes about 3


def decompress(slices: Sequence[SliceHeader], folder: Path) -> Iterator[npt.NDArray[np.uint16]]:
    """Yield the samples of compressed slices, shape (rows, columns).

    Parameters
    ----------
    slices : sequence of SliceHeader
        Compressed slices.
    folder : Path
        An empty folder, which takes copies of their pixels and nothing else of them.

    Raises
    ------
    ImageError
        With the first slice that cannot be unpacked.
    """
    if not slices:
        return
    largest = max(item.pixels.n_bytes for item in slices)
    for n, item in enumerate(slices):
        decoder.packed_file(folder, n).write_bytes(_single_frame(item))
    _unpack(folder, len(slices), largest)
    for n, item in enumerate(slices):
        unpacked = decoder.unpacked_file(folder, n)
        if not unpacked.exists() or unpacked.stat().st_size != item.pixels.n_bytes:
            raise damaged(item.name, "whose compressed pixels are damaged")
        words = np.fromfile(unpacked, dtype=np.uint16)
        yield words.reshape(item.pixels.rows, item.pixels.columns)


def _unpack(folder: Path, count: int, frame_bytes: int) -> None:
    """Unpack frames into files; the first that is not there tells of any failure."""
    step = min(count, count_cores())
    limits = str(step), str(count), str(frame_bytes), str(_SECONDS_PER_FRAME)
    with ExitStack() as running:
        processes = [
            running.enter_context(_decoder(folder, str(first), *limits)) for first in range(step)
        ]
        for process in processes:
            process.wait()


@contextmanager
def _decoder(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process that unpacks frames; it ends with this block."""
    process = subprocess.Popen(
        [sys.executable, "-P", decoder.__file__, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()  # which an ended one does not feel
        process.wait()


def _single_frame(item: SliceHeader) -> bytes:
    """Return a DICOM file that holds the compressed samples of one slice and their size."""
    frame = read_pieces(item.path, item.pixels.pieces)
    pixels = item.pixels
    meta = (
        _text(0x0002, 0x0002, _CT_IMAGE)
        + _text(0x0002, 0x0003, _ANY_INSTANCE)
        + _text(0x0002, 0x0010, pixels.syntax.uid)
    )
    return b"".join(
        [
            bytes(128) + b"DICM",
            struct.pack("<HH2sHI", 0x0002, 0x0000, b"UL", 4, len(meta)),
            meta,
            _text(0x0008, 0x0016, _CT_IMAGE),
            _number(0x0002, 1),
            struct.pack("<HH2sH12s", 0x0028, 0x0004, b"CS", 12, b"MONOCHROME2 "),
            _number(0x0010, pixels.rows),
            _number(0x0011, pixels.columns),
            _number(0x0100, 16),
            _number(0x0101, pixels.bits_stored),
            _number(0x0102, pixels.bits_stored - 1),
            _number(0x0103, int(pixels.is_signed)),
            struct.pack("<HH2sHI", 0x7FE0, 0x0010, b"OB", 0, _UNDEFINED),
            struct.pack("<HHI", 0xFFFE, 0xE000, 0),
            struct.pack("<HHI", 0xFFFE, 0xE000, len(frame) + len(frame) % 2),
            frame + bytes(len(frame) % 2),
            struct.pack("<HHI", 0xFFFE, 0xE0DD, 0),
        ]
    )


def _text(group: int, element: int, uid: str) -> bytes:
    value = uid.encode() + bytes(len(uid) % 2)
    return struct.pack("<HH2sH", group, element, b"UI", len(value)) + value


def _number(element: int, value: int) -> bytes:
    return struct.pack("<HH2sHH", 0x0028, element, b"US", 2, value)
