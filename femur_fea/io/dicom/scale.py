"""From stored samples to CT numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray
from femur_fea.errors import HounsfieldRangeError, ImageError
from femur_fea.io.dicom.header import PixelLayout, Rescale, SliceHeader
from femur_fea.io.dicom.samples import WordArray, stored_samples
from femur_fea.io.dicom.tags import damaged

__all__ = ["AIR", "Samples", "hounsfield"]

AIR = -1024.0  # HU, what scanners give where they measure nothing
_RANGE = (-32768.0, 32767.0)  # of 16 bits, within which all CT scales lie
_UNSCALED = Rescale(slope=1.0, intercept=0.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """CT numbers of a stack of slices.

    Attributes
    ----------
    hu : (n, rows, columns), HU
        Whole numbers where every rescale keeps them whole, else of single precision.
    outside : (n, rows, columns) or None
        True where nothing was measured; None where that is everywhere False.
    """

    hu: FloatArray | IntArray
    outside: BoolArray | None


def hounsfield(slices: Sequence[SliceHeader]) -> Samples:
    """Return the CT numbers of slices, each with the rescale of its own.

    Samples that the header marks as padding become air and are marked.

    Raises
    ------
    ImageError
        If a slice is damaged, or some slices have a rescale and others have none.
    HounsfieldRangeError
        If CT numbers need more than 16 bits.
    """
    first = slices[0]
    rescales = [_rescale_of(item, first) for item in slices]
    is_whole = all(rescale.is_whole for rescale in rescales)
    shape = len(slices), first.pixels.rows, first.pixels.columns
    hu = np.empty(shape, dtype=np.int16 if is_whole else np.float32)
    outside: BoolArray | None = None
    for n, words in enumerate(stored_samples(slices)):
        item, rescale = slices[n], rescales[n]
        values = _values(words, item)
        scaled = values * np.float32(rescale.slope) + np.float32(rescale.intercept)
        padded = _padded(values, item.pixels)
        if padded is not None and padded.any():
            outside = np.zeros(shape, dtype=bool) if outside is None else outside
            outside[n] = padded
            scaled[padded] = AIR
        _check_range(item, scaled)
        hu[n] = scaled
    return Samples(hu=hu, outside=outside)


def _rescale_of(item: SliceHeader, first: SliceHeader) -> Rescale:
    if not item.is_hounsfield:
        raise damaged(item.name, "whose values are not in Hounsfield units")
    if (item.rescale is None) != (first.rescale is None):
        lacking, having = (item, first) if item.rescale is None else (first, item)
        raise damaged(lacking.name, f"without the rescale that {having.name} has")
    return item.rescale or _UNSCALED


def _values(words: WordArray, item: SliceHeader) -> IntArray:
    """Return words as numbers, checked to use no more bits than the header says."""
    pixels = item.pixels
    values: IntArray = words.view(np.int16) if pixels.is_signed else words
    low, high = _stored_range(pixels)
    if values.min() >= low and values.max() <= high:
        return values
    padded = _padded(values, pixels)
    beyond = (values < low) | (values > high)
    count = np.count_nonzero(beyond if padded is None else beyond & ~padded)
    if count:
        raise ImageError(
            found=f"{item.name} with {count} samples beyond the {pixels.bits_stored} bits that"
            " its header states",
            expected=f"stored values from {low} to {high}",
            remedy="correct BitsStored, or export the series again",
        )
    return values


def _stored_range(pixels: PixelLayout) -> tuple[int, int]:
    if pixels.is_signed:
        return -(1 << (pixels.bits_stored - 1)), (1 << (pixels.bits_stored - 1)) - 1
    return 0, (1 << pixels.bits_stored) - 1


def _padded(values: IntArray, pixels: PixelLayout) -> BoolArray | None:
    """Return where nothing was measured, None where the header does not mark it."""
    if pixels.padding is None:
        return None
    low, high = pixels.padding
    return np.asarray((values >= low) & (values <= high))


def _check_range(item: SliceHeader, hu: FloatArray) -> None:
    low, high = float(hu.min()), float(hu.max())
    if low < _RANGE[0] or high > _RANGE[1]:
        raise HounsfieldRangeError(
            found=f"{item.name} with CT numbers from {low:.6g} to {high:.6g}",
            expected=f"Hounsfield units within {_RANGE[0]:.0f} to {_RANGE[1]:.0f}",
            remedy="check rescale and padding value in the header",
        )
