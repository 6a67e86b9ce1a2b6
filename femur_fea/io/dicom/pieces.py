"""Where in a file the samples of its slices lie."""

import itertools
import struct
from pathlib import Path

from femur_fea.errors import ImageError
from femur_fea.io.dicom.bounded import BoundedFile
from femur_fea.io.dicom.tags import damaged

__all__ = ["Pieces", "compressed_pieces", "pixel_element", "plain_pieces", "read_pieces"]

type Pieces = tuple[tuple[int, int], ...]

_PIXEL_DATA = (0x7FE0, 0x0010)
_ITEM = (0xFFFE, 0xE000)
_END_OF_ITEMS = (0xFFFE, 0xE0DD)
_UNDEFINED = 0xFFFFFFFF


def pixel_element(
    file: BoundedFile, name: str, *, is_implicit: bool, is_little_endian: bool
) -> int | None:
    """Return the length of the pixel data that a file is positioned at, None where undefined.

    The file is then at the first byte of the value.

    Raises
    ------
    ImageError
        If there are no pixel data, or not those of whole numbers.
    """
    order = "<" if is_little_endian else ">"
    form = f"{order}HHI" if is_implicit else f"{order}HH2sHI"
    raw = file.read(struct.calcsize(form))
    if len(raw) < struct.calcsize(form):
        raise damaged(name, "that ends before its pixels")
    group, element, *_, length = struct.unpack(form, raw)
    if (group, element) != _PIXEL_DATA:
        raise damaged(name, "without pixels of whole numbers")
    return None if length == _UNDEFINED else int(length)


def plain_pieces(
    file: BoundedFile, name: str, *, length: int | None, n_frames: int, frame_bytes: int
) -> tuple[Pieces, ...]:
    """Return where each frame of uncompressed pixels lies.

    Raises
    ------
    ImageError
        If the header announces more or fewer pixels than there are.
    """
    start = file.tell()
    expected = n_frames * frame_bytes
    left = file.size - start
    if length != expected or left < expected:
        raise ImageError(
            found=f"{name} with {min(left, length or left)} bytes of pixels",
            expected=f"the {expected} bytes that rows, columns and frames of its header make",
            remedy="copy or export the series again",
        )
    return tuple(((start + n * frame_bytes, frame_bytes),) for n in range(n_frames))


def compressed_pieces(
    file: BoundedFile, name: str, *, length: int | None, n_frames: int
) -> tuple[Pieces, ...]:
    """Return where the fragments of each frame of compressed pixels lie.

    Raises
    ------
    ImageError
        If the pixels end early or cannot be told apart.
    """
    if length is not None:
        raise damaged(name, "that is said to be compressed and is not")
    table, *fragments = _items(file, name)
    if len(fragments) == n_frames:
        return tuple((fragment,) for fragment in fragments)
    if n_frames == 1 and fragments:
        return (tuple(fragments),)
    return _by_table(file, name, table, fragments, n_frames)


def read_pieces(path: Path, pieces: Pieces) -> bytes:
    """Return the bytes of pieces of a file, one behind the other."""
    parts = []
    with path.open("rb") as stream:
        for start, length in pieces:
            stream.seek(start)
            parts.append(stream.read(length))
    return b"".join(parts)


def _items(file: BoundedFile, name: str) -> list[tuple[int, int]]:
    """Return begin and length of the offset table and of all fragments."""
    items: list[tuple[int, int]] = []
    while True:
        raw = file.read(8)
        group, element, length = struct.unpack("<HHI", raw) if len(raw) == 8 else (0, 0, 0)
        if (group, element) == _END_OF_ITEMS and items:
            return items
        start = file.tell()
        if (group, element) != _ITEM or start + length > file.size:
            raise damaged(name, "whose compressed pixels are damaged or end early")
        items.append((start, length))
        file.seek(start + length)


def _by_table(
    file: BoundedFile,
    name: str,
    table: tuple[int, int],
    fragments: list[tuple[int, int]],
    n_frames: int,
) -> tuple[Pieces, ...]:
    """Return the fragments of each frame where the offset table says which one it begins with."""
    start, length = table
    file.seek(start)
    offsets = [offset for (offset,) in struct.iter_unpack("<I", file.read(length - length % 4))]
    # offsets count from the first fragment's item tag, 8 bytes before its value
    begins = {begin - fragments[0][0]: n for n, (begin, _) in enumerate(fragments)}
    if len(offsets) != n_frames or not set(offsets) <= begins.keys():
        raise damaged(name, f"with {len(fragments)} compressed pieces for {n_frames} frames")
    firsts = [*(begins[offset] for offset in offsets), len(fragments)]
    if firsts != sorted(set(firsts)) or firsts[0] != 0:
        raise damaged(name, "whose compressed frames are out of order")
    return tuple(tuple(fragments[a:b]) for a, b in itertools.pairwise(firsts))
