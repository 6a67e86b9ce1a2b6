"""What is kept of the header of one slice."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from femur_fea.domain import Acquisition, FloatArray
from femur_fea.io.dicom.syntax import TransferSyntax

__all__ = ["PixelLayout", "Place", "Rescale", "SliceHeader"]

_HOUNSFIELD = (None, "HU", "US")  # US: not specified; others are maps of something else


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a slice lies, LPS.

    Attributes
    ----------
    position : (3,), mm
        Centre of the first sample.
    orientation : (6,), dimensionless
        Directions in which the column number and the row number grow.
    pixel_spacing : (2,), mm
        Distance between rows and between columns.
    """

    position: tuple[float, ...]
    orientation: tuple[float, ...]
    pixel_spacing: tuple[float, ...]

    @property
    def normal(self) -> FloatArray:
        """Direction of the slice's normal, shape (3,)."""
        return np.cross(self.orientation[:3], self.orientation[3:])


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelLayout:
    """How the samples of a slice are stored, in words of 16 bits.

    Attributes
    ----------
    rows, columns : int
        Size of the slice.
    bits_stored : int
        Bits of a word that belong to the sample.
    is_signed : bool
        Whether samples are two's complements.
    syntax : TransferSyntax
        How they are encoded.
    pieces : tuple of (int, int), byte
        Begin and length of the pieces of the file that hold them.
    padding : (2,) or None
        First and last stored value of samples that were not measured.
    """

    rows: int
    columns: int
    bits_stored: int
    is_signed: bool
    syntax: TransferSyntax
    pieces: tuple[tuple[int, int], ...]
    padding: tuple[int, int] | None

    @property
    def n_bytes(self) -> int:
        """Length of the samples once they are unpacked."""
        return 2 * self.rows * self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescale:
    """The line from a stored value to a CT number.

    Attributes
    ----------
    slope, intercept : float, HU
        CT number = slope * stored + intercept.
    """

    slope: float
    intercept: float

    @property
    def is_whole(self) -> bool:
        """Whether whole numbers become whole numbers."""
        return self.slope.is_integer() and self.intercept.is_integer()


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceHeader:
    """One slice: a file, or a frame of one.

    Attributes
    ----------
    name : str
        What messages call it: its file's number in the folder, and its frame.
    path : Path
        Its file; for reading only, its name can be a patient's.
    series_key : str
        Equal for the slices of one series; for comparison only, it identifies a scan.
    image_type : tuple of str
        What kind of image it is, in the terms of PS3.3 C.8.2.1.1.1.
    rescale_type : str or None
        What the rescaled values mean; None where it is not stated.
    place : Place or None
        Where it lies; None where the file does not tell.
    pixels : PixelLayout
        How its samples are stored.
    rescale : Rescale or None
        What makes CT numbers of them; None where the file does not tell.
    acquisition : Acquisition
        How it was made.
    """

    name: str
    path: Path = field(repr=False)
    series_key: str = field(repr=False)
    image_type: tuple[str, ...]
    rescale_type: str | None
    place: Place | None
    pixels: PixelLayout
    rescale: Rescale | None
    acquisition: Acquisition

    @property
    def is_hounsfield(self) -> bool:
        """Whether rescaled values are CT numbers, as far as the header tells."""
        return self.rescale_type in _HOUNSFIELD
