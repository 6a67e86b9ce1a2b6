"""The stored samples of slices, as words of 16 bits."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from femur_fea.errors import ImageError
from femur_fea.io.dicom.compressed import decompress
from femur_fea.io.dicom.header import SliceHeader
from femur_fea.io.dicom.pieces import read_pieces
from femur_fea.io.dicom.rle import unpack_runs
from femur_fea.io.dicom.tags import damaged

__all__ = ["WordArray", "stored_samples"]

type WordArray = npt.NDArray[np.uint16]

# Compressed slices of noisy tissue shrink to a third; one that grows a thousandfold is damaged.
_MOST_GROWTH = 1000


def stored_samples(slices: Sequence[SliceHeader]) -> Iterator[WordArray]:
    """Yield the samples of each slice, shape (rows, columns), before any rescale.

    Raises
    ------
    ImageError
        With the first slice that cannot be read.
    """
    packed = [item for item in slices if item.pixels.syntax.is_compressed]
    _check_growth(packed)
    foreign = [item for item in packed if not item.pixels.syntax.is_run_length]
    with tempfile.TemporaryDirectory() as folder:
        unpacked = decompress(foreign, Path(folder))
        for item in slices:
            if not item.pixels.syntax.is_compressed:
                yield _plain(item)
            elif item.pixels.syntax.is_run_length:
                yield unpack_runs(item)
            else:
                yield next(unpacked)


def _plain(item: SliceHeader) -> WordArray:
    raw = read_pieces(item.path, item.pixels.pieces)
    if len(raw) < item.pixels.n_bytes:
        raise damaged(item.name, "that became shorter while it was read")
    words = np.frombuffer(raw, dtype="<u2" if item.pixels.syntax.is_little_endian else ">u2")
    return words.astype(np.uint16, copy=False).reshape(item.pixels.rows, item.pixels.columns)


def _check_growth(packed: Sequence[SliceHeader]) -> None:
    """Raise if the header announces more samples than the compressed bytes can hold."""
    n_packed = sum(length for item in packed for _, length in item.pixels.pieces)
    n_unpacked = sum(item.pixels.n_bytes for item in packed)
    if n_unpacked > _MOST_GROWTH * n_packed:
        raise ImageError(
            found=f"{packed[0].name} and {len(packed) - 1} more, with {n_packed} compressed bytes"
            f" for {n_unpacked} bytes of samples",
            expected=f"at most {_MOST_GROWTH} times as many",
            remedy="copy or export the series again",
        )
