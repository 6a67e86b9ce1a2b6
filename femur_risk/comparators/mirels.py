"""Mirels' score from images, and what its author found at each score."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain import Provenance
from femur_fea.registry import Registry
from femur_fea.strength import Region
from femur_risk.comparators.lesion_kind import LesionKind
from femur_risk.comparators.rule import RULES, Comparison

__all__ = ["MIRELS_FRACTURES", "MirelsFractures", "Pain", "mirels", "published_share"]

type Pain = Literal["none", "mild", "moderate", "functional"]

_PAIN = {"none": 1, "mild": 1, "moderate": 2, "functional": 3}
_KIND = {"blastic": 1, "mixed": 2, "lytic": 3}
# "peritrochanteric" has no borders in the source: authors differ on neck and upper shaft
_SITE = {
    "head": (2, 2),
    "neck": (2, 3),
    "intertrochanteric": (3, 3),
    "subtrochanteric": (2, 3),
    "shaft": (2, 2),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MirelsFractures:
    """What became of lesions of one score within six months after radiotherapy.

    Attributes
    ----------
    fraction : float
        Share that broke.
    provenance : {"published", "unverified"}
        Whether it was read in a source; these are secondary ones that agree.
    source : str
        Citation.
    """

    fraction: float
    provenance: Provenance
    source: str


MIRELS_FRACTURES: Registry[MirelsFractures] = Registry("Mirels' score")
_LEAST = 6.0  # a score of which, and below, none broke
_SOURCE = "Mirels 1989, 78 lesions of 38 patients; the share as secondary sources give it"
_FOUND: tuple[tuple[str, float, Provenance], ...] = (
    ("6", 0.0, "published"),
    ("7", 0.05, "published"),
    ("8", 0.15, "published"),
    ("9", 0.33, "published"),
    ("10", 0.72, "unverified"),
    ("11", 0.96, "unverified"),
    ("12", 1.0, "published"),
)
for _score, _fraction, _provenance in _FOUND:
    MIRELS_FRACTURES.add(
        _score, MirelsFractures(fraction=_fraction, provenance=_provenance, source=_SOURCE)
    )


def mirels(
    *,
    region: Region,
    kind: LesionKind,
    width_share: tuple[float, float],
    pain: Pain | None,
) -> Comparison:
    """Return Mirels' score of a lesion in the femur.

    Parameters
    ----------
    region : Region
        Where most of it lies.
    kind : {"lytic", "mixed", "blastic"}
        What it does to mineral.
    width_share : (2,) float
        Ends of the range in which its width over that of the bone lies; equal where it was
        measured. Some secondary sources take the cortex instead.
    pain : {"none", "mild", "moderate", "functional"} or None
        None leaves a range of three scores. The score has no place for a lesion that does not
        hurt; it counts as mild.
    """
    pains = (1, 3) if pain is None else (_PAIN[pain],) * 2
    sizes = tuple(1 + (share >= 1.0 / 3.0) + (share > 2.0 / 3.0) for share in width_share)
    site = _SITE[region]
    unknown = []
    if pain is None:
        unknown.append("pain")
    if site[0] < site[1]:
        unknown.append(f"whether the {region} region counts as peritrochanteric")
    if sizes[0] < sizes[1]:
        unknown.append("the width of the part of the lesion that no section of shaft or neck cuts")
    ends = tuple(_KIND[kind] + sizes[k] + site[k] + pains[k] for k in (0, 1))
    return RULES["mirels"].judge(*ends, unknown=tuple(unknown))


def published_share(found: Comparison) -> tuple[float, float] | None:
    """Return the share that broke at the ends of a score; None of another rule, or without one."""
    if found.rule != "mirels" or found.value is None:
        return None
    low, high = (MIRELS_FRACTURES[f"{max(end, _LEAST):.0f}"].fraction for end in found.value)
    return low, high
