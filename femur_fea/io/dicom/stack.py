"""The slices of a series in their order, and where each lies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.errors import ImageError
from femur_fea.io.dicom.header import Place, SliceHeader
from femur_fea.io.dicom.tags import damaged
from femur_fea.io.image import SPACING_RANGE_MM

__all__ = ["Stack", "stack_of"]

_DIRECTION_TOLERANCE = 1e-3  # headers hold few decimals
_SHIFT_TOLERANCE = 0.1  # mm, a fraction of a sample: what rounded positions can make
_TILT_TOLERANCE = 1e-3  # 0.3 mm over a scan of 300 mm
_STEEPEST = 35.0  # degrees; a gantry tilts by 30 at most, and an upright grid grows with the tilt


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stack:
    """Parallel slices, ordered along their normal.

    Attributes
    ----------
    slices : tuple of SliceHeader, n
        The slices.
    axes : (3, 3), dimensionless
        Rows: unit vectors along which column number, row number and slice number grow, LPS.
    spacing : (2,), mm
        Distance between columns and between rows.
    origin : (3,), mm
        Centre of the first sample of the first slice, LPS.
    along : (n,), mm
        Place of each slice along the normal, from the first one.
    drift : (2,), dimensionless
        How far slices move along the first two axes, per length along the normal.
    """

    slices: tuple[SliceHeader, ...]
    axes: FloatArray
    spacing: FloatArray
    origin: FloatArray
    along: FloatArray
    drift: FloatArray

    @property
    def step(self) -> float:
        """Median distance between slices, mm."""
        return float(np.median(np.diff(self.along)))

    @property
    def tilt(self) -> float:
        """Angle between the slices' normal and the way on which they are stacked, radians."""
        return float(np.arctan(np.linalg.norm(self.drift)))

    @property
    def is_tilted(self) -> bool:
        """Whether slices are displaced sideways by more than rounding."""
        return float(np.linalg.norm(self.drift)) > _TILT_TOLERANCE


def stack_of(slices: Sequence[SliceHeader]) -> Stack:
    """Return the slices of a series ordered along their normal.

    Slices at one place follow each other.

    Raises
    ------
    ImageError
        If slices have no place, or differ in size, direction or spacing, or are displaced
        sideways irregularly or farther than a gantry tilts.
    """
    first, *_ = places = [_place_of(item) for item in slices]
    for item, place in zip(slices, places, strict=True):
        _check_size(item, slices[0])
        _check_direction(item, place, first)
    axes, spacing = _axes(slices[0], first)
    positions = np.array([place.position for place in places])
    along = positions @ axes[2]
    order = np.argsort(along, kind="stable")
    offsets = positions[order] - positions[order[0]]
    along = offsets @ axes[2]
    ordered = tuple(slices[n] for n in order)
    return Stack(
        slices=ordered,
        axes=axes,
        spacing=spacing,
        origin=positions[order[0]],
        along=along,
        drift=_drift(ordered, offsets @ axes[:2].T, along),
    )


def _place_of(item: SliceHeader) -> Place:
    """Return where a slice lies; raise if that is not known or impossible."""
    if item.place is None:
        raise damaged(
            item.name, "without ImagePositionPatient, ImageOrientationPatient or PixelSpacing"
        )
    low, high = SPACING_RANGE_MM
    if not all(low <= spacing <= high for spacing in item.place.pixel_spacing):
        raise ImageError(
            found=f"{item.name} with samples"
            f" {' x '.join(f'{s:.3g}' for s in item.place.pixel_spacing)} mm apart",
            expected=f"between {low:g} and {high:g} mm",
            remedy="correct PixelSpacing, or its unit, in the header",
        )
    return item.place


def _check_size(item: SliceHeader, first: SliceHeader) -> None:
    for tag, own, other in (
        ("Rows", item.pixels.rows, first.pixels.rows),
        ("Columns", item.pixels.columns, first.pixels.columns),
    ):
        if own != other:
            raise _unlike(item, tag)


def _check_direction(item: SliceHeader, place: Place, first: Place) -> None:
    for tag, own, other in (
        ("ImageOrientationPatient", place.orientation, first.orientation),
        ("PixelSpacing", place.pixel_spacing, first.pixel_spacing),
    ):
        if not np.allclose(own, other, rtol=0.0, atol=_DIRECTION_TOLERANCE):
            raise _unlike(item, tag)


def _unlike(item: SliceHeader, tag: str) -> ImageError:
    return ImageError(
        found=f"{item.name} differs from the first of its series in {tag}",
        expected="slices of one size, direction and spacing",
        remedy="leave out scout views and reformatted slices of the series",
    )


def _axes(item: SliceHeader, place: Place) -> tuple[FloatArray, FloatArray]:
    """Return axes and spacing of a slice, made perpendicular within the rounding of headers."""
    row, column = np.array(place.orientation).reshape(2, 3)
    apart = max(abs(row @ row - 1.0), abs(column @ column - 1.0), abs(row @ column))
    if apart > _DIRECTION_TOLERANCE:
        raise damaged(item.name, "whose ImageOrientationPatient is not two perpendicular units")
    row = row / np.linalg.norm(row)
    column = column - (column @ row) * row
    column = column / np.linalg.norm(column)
    between_rows, between_columns = place.pixel_spacing
    return np.stack([row, column, np.cross(row, column)]), np.array([between_columns, between_rows])


def _drift(ordered: Sequence[SliceHeader], sideways: FloatArray, along: FloatArray) -> FloatArray:
    """Return how far slices move sideways (n, 2) per length along the normal (n,)."""
    drift = sideways[-1] / along[-1] if along[-1] > 0.0 else np.zeros(2)
    off = np.linalg.norm(sideways - np.outer(along, drift), axis=1)
    worst = int(np.argmax(off))
    if off[worst] > _SHIFT_TOLERANCE:
        raise ImageError(
            found=f"{ordered[worst].name} is displaced sideways by {off[worst]:.3g} mm",
            expected="slices stacked on a straight line",
            remedy="export the series again",
        )
    tilt = float(np.rad2deg(np.arctan(np.linalg.norm(drift))))
    if tilt > _STEEPEST:
        raise ImageError(
            found=f"{ordered[0].name} to {ordered[-1].name}, which move sideways as under a gantry "
            f"tilted by {tilt:.0f} degrees",
            expected=f"at most {_STEEPEST:g} degrees",
            remedy="correct ImagePositionPatient, or export the series again",
        )
    return drift
