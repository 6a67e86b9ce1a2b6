"""What the NIfTI reader of ITK does not check: completeness, orientation, NaN.

ITK returns zeros for the missing part of a truncated file and for NaN and infinity, and unit axes
for a file without orientation; all would pass as a CT.
"""

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from femur_fea.errors import ImageError
from femur_fea.io.hounsfield import non_finite

__all__ = ["check_nifti", "is_nifti", "is_nifti_complete"]

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_BYTES = 1 << 22  # a multiple of every voxel's size
# NIfTI-1 and NIfTI-2 by the length of their header, the first number of the file:
# number type and offset of dim, datatype, bitpix, vox_offset, and qform_code before sform_code
_LAYOUTS = {
    348: {"dim": ("8h", 40), "type": ("h", 70), "bits": ("h", 72), "start": ("f", 108),
          "codes": ("2h", 252)},
    540: {"dim": ("8q", 16), "type": ("h", 12), "bits": ("h", 14), "start": ("q", 168),
          "codes": ("2i", 344)},
}  # fmt: skip
_FLOAT_TYPES = {16: "f4", 64: "f8"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    """The part of a NIfTI header that the checks need.

    Attributes
    ----------
    shape : tuple of int
        Lengths of the axes, the fastest first.
    start : int
        Where the voxels begin in the uncompressed file.
    voxel_bytes : int
        Length of one voxel.
    float_type : str or None
        NumPy's name of the voxel type if it can hold NaN.
    is_oriented : bool
        Whether the header relates the axes of the image to those of the patient.
    """

    shape: tuple[int, ...]
    start: int
    voxel_bytes: int
    float_type: str | None
    is_oriented: bool

    @property
    def n_voxels(self) -> int:
        """Number of voxels."""
        return math.prod(self.shape)

    @property
    def n_bytes(self) -> int:
        """Length of all voxels."""
        return self.n_voxels * self.voxel_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    """What one pass over the voxels found."""

    is_complete: bool
    n_bad: int
    first_bad: int


def is_nifti(path: Path) -> bool:
    """Whether the name is that of a NIfTI file."""
    return path.name.lower().endswith((".nii", ".nii.gz"))


def check_nifti(path: Path, role: str) -> None:
    """Raise unless a NIfTI file is whole, states its orientation and holds numbers only.

    Parameters
    ----------
    path : Path
        The file.
    role : str
        What messages call it.

    Raises
    ------
    ImageError
        If the header is not NIfTI, the file is truncated or damaged, or no orientation is stored.
    NonFiniteVoxelsError
        If a voxel is NaN or infinite.
    """
    header = _read_header(path)
    scan = None if header is None else _scan(path, header)
    if header is None or scan is None or not scan.is_complete:
        raise ImageError(
            found=f"{role} is truncated, damaged or not NIfTI",
            expected="a complete NIfTI image",
            remedy="copy or export the file again",
        )
    if not header.is_oriented:
        raise ImageError(
            found=f"{role} with neither qform nor sform, so left and right are unknown",
            expected="an orientation in the header",
            remedy="export it again with its orientation",
        )
    if scan.n_bad:
        first = np.unravel_index(scan.first_bad, header.shape, order="F")
        raise non_finite(role, scan.n_bad, header.n_voxels, tuple(int(n) for n in first))


def is_nifti_complete(path: Path) -> bool:
    """Whether a NIfTI file holds every voxel, and an intact checksum where it is compressed."""
    header = _read_header(path)
    return header is not None and _scan(path, header).is_complete


def _open(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP_MAGIC
    # GzipFile reads bytes but is not declared as a BinaryIO
    return gzip.open(path, "rb") if compressed else path.open("rb")  # type: ignore[return-value]


def _scan(path: Path, header: _Header) -> _Scan:
    """Read all voxels and the checksum behind them."""
    n_read = n_bad = 0
    first_bad = -1
    try:
        with _open(path) as file:
            file.seek(header.start)
            while chunk := file.read(_CHUNK_BYTES):
                bad = _bad_in(chunk[: header.n_bytes - n_read], header)
                if bad.size and first_bad < 0:
                    first_bad = n_read // header.voxel_bytes + int(bad[0])
                n_bad += bad.size
                n_read = min(n_read + len(chunk), header.n_bytes)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        n_read = -1
    return _Scan(is_complete=n_read == header.n_bytes, n_bad=n_bad, first_bad=first_bad)


def _bad_in(chunk: bytes, header: _Header) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    """Return which voxels of a chunk are NaN or infinite."""
    if header.float_type is None:
        return np.empty(0, dtype=np.intp)
    dtype = np.dtype(header.float_type)
    values = np.frombuffer(chunk, dtype=dtype, count=len(chunk) // dtype.itemsize)
    return np.flatnonzero(~np.isfinite(values))


def _read_header(path: Path) -> _Header | None:
    try:
        with _open(path) as file:
            raw = file.read(max(_LAYOUTS))
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return None
    for order in "<>":
        length = struct.unpack_from(f"{order}i", raw)[0] if len(raw) >= 4 else 0
        if length in _LAYOUTS and len(raw) >= length:
            return _decode(raw, order, length)
    return None


def _decode(raw: bytes, order: str, length: int) -> _Header:
    fields = {
        name: struct.unpack_from(order + form, raw, at)
        for name, (form, at) in _LAYOUTS[length].items()
    }
    n_axes = int(np.clip(fields["dim"][0], 1, 7))
    shape = tuple(max(int(n), 1) for n in fields["dim"][1 : 1 + n_axes])
    float_type = _FLOAT_TYPES.get(fields["type"][0])
    return _Header(
        shape=shape,
        start=int(fields["start"][0]),
        voxel_bytes=int(fields["bits"][0]) // 8,
        float_type=None if float_type is None else order + float_type,
        is_oriented=any(fields["codes"]),
    )
