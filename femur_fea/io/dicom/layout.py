"""How the samples of a file are stored, checked against what the file holds."""

import numpy as np

from femur_fea.errors import ImageError
from femur_fea.io.dicom.bounded import BoundedFile
from femur_fea.io.dicom.header import PixelLayout
from femur_fea.io.dicom.pieces import compressed_pieces, pixel_element, plain_pieces
from femur_fea.io.dicom.syntax import TransferSyntax
from femur_fea.io.dicom.tags import Tags, damaged

__all__ = ["pixel_layouts"]

_LARGEST_SIDE = 4096  # clinical scanners have 512 to 2048 samples on a side
_WORD_BITS = 16


def pixel_layouts(
    tags: Tags, file: BoundedFile, syntax: TransferSyntax, n_frames: int
) -> tuple[PixelLayout, ...]:
    """Return how the samples of each frame are stored; the file is positioned at its pixels.

    Raises
    ------
    ImageError
        If the header's numbers are impossible or announce other samples than the file holds.
    """
    rows, columns = (_side(tags, keyword) for keyword in ("Rows", "Columns"))
    bits = _bits(tags)
    is_implicit, is_little_endian = tags.data.original_encoding
    length = pixel_element(
        file, tags.name, is_implicit=is_implicit, is_little_endian=is_little_endian
    )
    pieces = (
        compressed_pieces(file, tags.name, length=length, n_frames=n_frames)
        if syntax.is_compressed
        else plain_pieces(
            file, tags.name, length=length, n_frames=n_frames, frame_bytes=2 * rows * columns
        )
    )
    padding = _padding(tags)
    return tuple(
        PixelLayout(
            rows=rows,
            columns=columns,
            bits_stored=bits,
            is_signed=tags.whole("PixelRepresentation") == 1,
            syntax=syntax,
            pieces=piece,
            padding=padding,
        )
        for piece in pieces
    )


def _side(tags: Tags, keyword: str) -> int:
    value = tags.whole(keyword)
    if value is None or not 1 <= value <= _LARGEST_SIDE:
        stated = "no number" if value is None else str(value)
        raise ImageError(
            found=f"{tags.name} with {stated} of {keyword}",
            expected=f"between 1 and {_LARGEST_SIDE}",
            remedy="copy or export the series again",
        )
    return value


def _bits(tags: Tags) -> int:
    """Return how many bits of a word belong to a sample."""
    stored = tags.whole("BitsStored")
    high = tags.whole("HighBit")
    samples = tags.whole("SamplesPerPixel")
    signs = tags.whole("PixelRepresentation")
    if (
        tags.whole("BitsAllocated") != _WORD_BITS
        or stored is None
        or not 1 <= stored <= _WORD_BITS
        or high not in (None, stored - 1)
        or samples not in (None, 1)
        or signs not in (0, 1)
    ):
        raise damaged(tags.name, "whose samples are not single whole numbers of 16 bits")
    return stored


def _padding(tags: Tags) -> tuple[int, int] | None:
    """Return first and last stored value of samples that were not measured."""
    found = [tags.whole(keyword) for keyword in ("PixelPaddingValue", "PixelPaddingRangeLimit")]
    if found[0] is None:
        return None
    # scanners write the word of a negative number as a positive one, and the reverse
    dtype = np.int16 if tags.whole("PixelRepresentation") == 1 else np.uint16
    words = [np.uint16(value % (1 << _WORD_BITS)) for value in found if value is not None]
    values = [int(word.view(dtype)) for word in words]
    return min(values), max(values)
