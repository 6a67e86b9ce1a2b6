"""The series of a folder, and what tells them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import spectrum_of
from femur_fea.io.dicom.facts import known
from femur_fea.io.dicom.header import SliceHeader

__all__ = ["Series", "listed", "series_of"]

_MIN_SLICES = 2
_AXIAL_COSINE = 0.8  # a gantry tilts by 30 degrees at most, and its cosine is 0.87
_SAME_PLACE = 0.01  # mm
# Values 3 and 4 of the image type and of the frame type, PS3.3 C.8.2.1.1.1 and C.8.15.2.1.1
_SCOUT = "LOCALIZER"
_REFORMATTED = frozenset(
    {"MPR", "REFORMATTED", "CURVED", "PROJECTION IMAGE", "VOLUME_RENDER", "MAX_IP", "MIN_IP"}
    | {"MIP", "MINIP"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The slices that belong together by their identifier.

    Attributes
    ----------
    number : int
        Its number in the folder, by the name of its first file, from 1.
    slices : tuple of SliceHeader, at least one
        In the order of their files.
    """

    number: int
    slices: tuple[SliceHeader, ...]

    @property
    def is_scout(self) -> bool:
        """Whether it is a scout view."""
        return _SCOUT in self.slices[0].image_type

    @property
    def is_original(self) -> bool:
        """Whether it was reconstructed from the measurement itself, by one tube voltage."""
        first = self.slices[0]
        of_one_tube = spectrum_of(first.acquisition.image_type) == "tube"
        return of_one_tube and "DERIVED" not in first.image_type

    @property
    def places(self) -> tuple[float, ...]:
        """Where slices lie along the first one's normal, ascending, each place once, mm."""
        placed = [item.place for item in self.slices if item.place is not None]
        if not placed:
            return ()
        along = np.sort([place.position @ placed[0].normal for place in placed])
        return tuple(along[np.diff(along, prepend=-np.inf) > _SAME_PLACE].tolist())

    @property
    def length(self) -> float:
        """Distance from the first slice to the last, mm."""
        return self.places[-1] - self.places[0] if self.places else 0.0

    @property
    def step(self) -> float:
        """Mean distance between slices, mm."""
        return self.length / max(len(self.places) - 1, 1)

    @property
    def thickness(self) -> float:
        """Nominal thickness of the first slice, mm; the step where it is not stated."""
        return self.slices[0].acquisition.slice_thickness_mm or self.step

    @property
    def hindrance(self) -> str | None:
        """Why it cannot be read as a volume of CT numbers; None if it may be."""
        if self.is_scout:
            return "scout view"
        if all(item.place is None for item in self.slices):
            return "not placed"
        if len(self.places) < _MIN_SLICES:
            return "one slice"
        if not all(item.is_hounsfield for item in self.slices):
            return "not in Hounsfield units"
        return None

    @property
    def peculiarity(self) -> str | None:
        """Why the rule does not choose it although it can be read; None if it may."""
        if not _REFORMATTED.isdisjoint(self.slices[0].image_type):
            return "reformatted"
        place = self.slices[0].place
        if place is not None and abs(float(place.normal[2])) < _AXIAL_COSINE:
            return "not axial"
        return None

    def describe(self) -> str:
        """Return what tells it apart, without any identifier."""
        facts = self.slices[0].acquisition
        parts = [
            f"{len(self.slices)} slices of {self.slices[0].pixels.columns} x "
            f"{self.slices[0].pixels.rows}",
            f"{self.step:.3g} mm apart over {self.length:.4g} mm" if self.step > 0.0 else None,
            known("{:g} mm thick", facts.slice_thickness_mm),
            known("kernel {}", facts.kernel),
            known("{:g} kV", facts.tube_voltage_kV),
            known("filter of {}", facts.beam_filter),
            "with contrast agent" if facts.contrast_agent else None,
            None if self.is_original else "derived",
            self.hindrance or self.peculiarity,
        ]
        return f"number {self.number}: {', '.join(part for part in parts if part)}"


def series_of(slices: Sequence[SliceHeader]) -> list[Series]:
    """Return slices by series; a scout view is one of its own, whatever its identifier."""
    groups: dict[tuple[str, bool], list[SliceHeader]] = {}
    for item in slices:
        groups.setdefault((item.series_key, _SCOUT in item.image_type), []).append(item)
    return [
        Series(number=number, slices=tuple(group))
        for number, group in enumerate(groups.values(), start=1)
    ]


def listed(series: Sequence[Series]) -> str:
    """Return a list of series for a message."""
    return "; ".join(each.describe() for each in series)
