"""Loads that differ in direction alone, of which the weakest counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from femur_fea.domain import Provenance
from femur_fea.loads.bending import FourPointBending
from femur_fea.loads.definition import DirectedLoad
from femur_fea.loads.fall import SidewaysFall
from femur_fea.registry import unknown_name

__all__ = ["LoadFamily", "bending_directions", "edge_of_falls", "fall_directions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFamily:
    """Several directions of one load; strength is that in the weakest direction.

    Attributes
    ----------
    name : str
        Name of the family.
    members : tuple of DirectedLoad
        One load for each direction.
    edge : tuple of str
        Names of those beyond which no direction was tried; none where the directions go all round.
    source : str
        Citation of the choice of directions.
    provenance : {"published", "unverified"}
        Whether the directions were checked against a published text.
    """

    name: str
    members: tuple[DirectedLoad, ...]
    edge: tuple[str, ...] = ()
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        first, last = self.members[0].name, self.members[-1].name
        return f"{len(self.members)} directions from {first} to {last}; the weakest counts"

    def describe_direction(self, name: str) -> str:
        """Return in words what the name of one direction stands for.

        Raises
        ------
        UnknownNameError
            If none of the directions has that name, with the nearest one.
        """
        words = {member.name: member.direction_words for member in self.members}
        if name not in words:
            raise unknown_name(f"direction of {self.name}", name, words)
        return words[name]


def fall_directions(
    fall: SidewaysFall, *, adduction_deg: Sequence[int], internal_rotation_deg: Sequence[int]
) -> tuple[SidewaysFall, ...]:
    """Return a fall in every combination of two angles in degrees; external rotation is negative.

    The names tell the angles: fall_ad10_ir20, or fall_ad10_er20 with external rotation.
    """
    return tuple(
        replace(
            fall,
            name=f"{fall.name}_ad{adduction:02d}_{'ir' if turn >= 0 else 'er'}{abs(turn):02d}",
            adduction=math.radians(adduction),
            internal_rotation=math.radians(turn),
        )
        for adduction in adduction_deg
        for turn in internal_rotation_deg
    )


def edge_of_falls(falls: Sequence[SidewaysFall]) -> tuple[str, ...]:
    """Return the names of those falls whose one angle is the smallest or largest of all."""
    adductions = [fall.adduction for fall in falls]
    rotations = [fall.internal_rotation for fall in falls]
    return tuple(
        fall.name
        for fall in falls
        if fall.adduction in (min(adductions), max(adductions))
        or fall.internal_rotation in (min(rotations), max(rotations))
    )


def bending_directions(
    bending: FourPointBending, *, degrees: Sequence[int]
) -> tuple[FourPointBending, ...]:
    """Return bending towards several directions, degrees from lateral towards anterior."""
    return tuple(
        replace(bending, name=f"bending_{angle:03d}", direction=math.radians(angle))
        for angle in degrees
    )
