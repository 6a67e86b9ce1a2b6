"""The tags that are looked at, none of which names a patient, and the reading of their values."""

import logging
import struct
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from femur_fea.errors import ImageError

__all__ = ["TAGS", "Tags", "damaged", "intact", "quiet_pydicom"]

TAGS = (
    "ImageType",
    "SOPClassUID",
    "Modality",
    "Manufacturer",
    "ManufacturerModelName",
    "ContrastBolusAgent",
    "ContrastBolusAgentSequence",
    "ContrastBolusVolume",
    "SliceThickness",
    "KVP",
    "FilterType",
    "FilterMaterial",
    "MultienergyCTAcquisition",
    "ReconstructionDiameter",
    "Exposure",
    "ExposureInuAs",
    "ConvolutionKernel",
    "SeriesInstanceUID",
    "ImagePositionPatient",
    "ImageOrientationPatient",
    "SamplesPerPixel",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "PixelSpacing",
    "BitsAllocated",
    "BitsStored",
    "HighBit",
    "PixelRepresentation",
    "PixelPaddingValue",
    "PixelPaddingRangeLimit",
    "RescaleIntercept",
    "RescaleSlope",
    "RescaleType",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
)

# Whatever pydicom raises where bytes are not what the standard says they are.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    RuntimeError,  # holds NotImplementedError, and RecursionError of sequences within sequences
    struct.error,
    TypeError,
    ValueError,
)
_LONGEST_WORD = 64  # of a text in one line, PS3.5 table 6.2-1


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Tags:
    """The values of a header, or of an item within it.

    Attributes
    ----------
    name : str
        What messages call the slice.
    data : pydicom.Dataset
        The values as read.
    """

    name: str
    data: Any

    def has(self, keyword: str) -> bool:
        """Whether a tag is there and holds a value."""
        return self._value(keyword) not in (None, "", b"")

    def number(self, keyword: str) -> float | None:
        """Return a number, None where it is absent or empty.

        Raises
        ------
        ImageError
            If the value is not one finite number, here and in the methods below.
        """
        found = self.numbers(keyword, 1)
        return None if found is None else found[0]

    def numbers(self, keyword: str, count: int) -> tuple[float, ...] | None:
        """Return `count` numbers, None where they are absent or empty."""
        value = self._value(keyword)
        if value is None or value == "":
            return None
        self._check_type(keyword)
        with intact(self.name, _unusable(keyword)):
            found = tuple(float(x) for x in np.atleast_1d(np.asarray(value, dtype=float)))
        if len(found) != count or not np.all(np.isfinite(found)):
            raise self._unreadable(keyword)
        return found

    def whole(self, keyword: str) -> int | None:
        """Return a whole number, None where it is absent or empty."""
        value = self.number(keyword)
        if value is not None and not value.is_integer():
            raise self._unreadable(keyword)
        return None if value is None else int(value)

    def word(self, keyword: str) -> str | None:
        """Return a text, several ones joined by blanks; None where it is absent or empty."""
        return " ".join(self.words(keyword)) or None

    def words(self, keyword: str) -> tuple[str, ...]:
        """Return the texts of a tag; none where it is absent or empty."""
        value = self._value(keyword)
        listed = [value] if isinstance(value, str) or not isinstance(value, Sequence) else value
        return tuple(filter(None, (_cleaned(item) for item in listed if isinstance(item, str))))

    def items(self, keyword: str) -> tuple["Tags", ...]:
        """Return the items of a sequence; none where it is absent."""
        value = self._value(keyword)
        if value is None:
            return ()
        with intact(self.name, _unusable(keyword)):
            found = tuple(Tags(self.name, item) for item in value)
        if not all(hasattr(item.data, "get_item") for item in found):
            raise self._unreadable(keyword)
        return found

    def _value(self, keyword: str) -> Any:
        value: Any = None
        with intact(self.name, _unusable(keyword)):
            if keyword in self.data:
                value = self.data[keyword].value
        return value

    def _check_type(self, keyword: str) -> None:
        """Raise if the file says that a number is of another type than the standard does."""
        from pydicom.datadict import dictionary_VR

        stated = self.data[keyword].VR
        if stated not in dictionary_VR(keyword).split(" or "):
            raise self._unreadable(keyword)

    def _unreadable(self, keyword: str) -> ImageError:
        return damaged(self.name, _unusable(keyword))


@contextmanager
def intact(name: str, otherwise: str) -> Iterator[None]:
    """Turn what pydicom raises inside the block into an error about a slice or file.

    Parameters
    ----------
    name : str
        What messages call it.
    otherwise : str
        What is wrong with it if something is raised.

    Raises
    ------
    ImageError
        With both.
    """
    from pydicom.errors import BytesLengthException, InvalidDicomError

    try:
        yield
    except ImageError:
        raise
    except (*_BROKEN, BytesLengthException, InvalidDicomError):
        raise damaged(name, otherwise) from None


def damaged(name: str, what: str) -> ImageError:
    """Return the error for a slice or file whose header is not what the standard asks for."""
    return ImageError(
        found=f"{name} {what}",
        expected="CT slices as a scanner writes them",
        remedy="copy or export the series again",
    )


@contextmanager
def quiet_pydicom() -> Iterator[None]:
    """Silence pydicom: its warnings and its log quote values, and names of files."""
    log = logging.getLogger("pydicom")
    was_disabled = log.disabled
    log.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.disabled = was_disabled


def _unusable(keyword: str) -> str:
    return f"with a value of {keyword} that cannot be used"


def _cleaned(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()[:_LONGEST_WORD]
