"""Run-length encoded slices (PS3.5 annex G)."""

import struct

import numpy as np
import numpy.typing as npt

from femur_fea.io.dicom.header import SliceHeader
from femur_fea.io.dicom.pieces import read_pieces
from femur_fea.io.dicom.tags import damaged

__all__ = ["unpack_runs"]

_HEADER = "<16I"  # number of segments, and where each begins
_N_SEGMENTS = 2  # high bytes of all samples, then low ones
_NOTHING = 128


def unpack_runs(item: SliceHeader) -> npt.NDArray[np.uint16]:
    """Return the samples of a slice, shape (rows, columns).

    Raises
    ------
    ImageError
        If the runs are not those of as many samples as the header announces.
    """
    frame = read_pieces(item.path, item.pixels.pieces)
    n_samples = item.pixels.rows * item.pixels.columns
    header = frame[: struct.calcsize(_HEADER)]
    count, *begins = struct.unpack(_HEADER, header.ljust(struct.calcsize(_HEADER), b"\0"))
    high, low = (_runs(frame[begin:], n_samples) for begin in begins[:_N_SEGMENTS])
    if count != _N_SEGMENTS or not len(high) == len(low) == n_samples:
        raise damaged(item.name, "whose compressed pixels are damaged")
    pairs = np.stack([np.frombuffer(low, np.uint8), np.frombuffer(high, np.uint8)], axis=1)
    words = pairs.view("<u2").astype(np.uint16, copy=False)
    return words.reshape(item.pixels.rows, item.pixels.columns)


def _runs(packed: bytes, n_bytes: int) -> bytes:
    """Return up to `n_bytes` bytes; fewer where the packed ones end early."""
    parts = []
    left, at = n_bytes, 0
    while left > 0 and at + 1 < len(packed):
        head = packed[at]
        if head < _NOTHING:
            part = packed[at + 1 : at + 2 + head]
            at += 2 + head
        elif head > _NOTHING:
            part = packed[at + 1 : at + 2] * (257 - head)
            at += 2
        else:
            part = b""
            at += 1
        parts.append(part[:left])
        left -= len(parts[-1])
    return b"".join(parts)
