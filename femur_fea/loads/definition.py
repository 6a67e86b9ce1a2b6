"""What every load case of the library is."""

from typing import Protocol

from femur_fea.domain import BoneMesh, FemoralFrame, LoadCase, PublishedRecord

__all__ = [
    "EXCLUSION_MARGIN",
    "REFERENCE_FORCE",
    "REFERENCE_MOMENT",
    "DirectedLoad",
    "LoadDefinition",
]

REFERENCE_FORCE = 1000.0  # N on the head; a linear model scales from it
REFERENCE_MOMENT = 10_000.0  # N mm in the shaft, for loads that are a moment
EXCLUSION_MARGIN = 5.0  # mm around loads and supports without a failure check: modelling choice


class LoadDefinition(PublishedRecord, Protocol):
    """A load in the femoral frame that can be put on any femur."""

    @property
    def name(self) -> str:
        """Name of the load case."""

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`, with `fixed_length` mm of shaft embedded."""


class DirectedLoad(LoadDefinition, Protocol):
    """A load that a family holds in several directions."""

    @property
    def direction_words(self) -> str:
        """The direction for people, such as "pushed 90 degrees from lateral towards anterior"."""
