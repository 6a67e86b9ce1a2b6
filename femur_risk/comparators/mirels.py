"""Mirels' score from images, and what its author found at each score."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain import Provenance
from femur_fea.registry import Registry
from femur_fea.strength import Region
from femur_risk.comparators.lesion_kind import LesionKind
from femur_risk.comparators.rule import RULES, Comparison

__all__ = ["MIRELS_FRACTURES", "MirelsFractures", "Pain", "mirels"]

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
    *, region: Region, kind: LesionKind, width_share: float, pain: Pain | None
) -> Comparison:
    """Return Mirels' score of a lesion in the femur.

    Parameters
    ----------
    region : Region
        Where most of it lies.
    kind : {"lytic", "mixed", "blastic"}
        What it does to mineral.
    width_share : float
        Its width over that of the bone. Some secondary sources take the cortex instead.
    pain : {"none", "mild", "moderate", "functional"} or None
        None leaves a range of three scores. The score has no place for a lesion that does not
        hurt; it counts as mild.
    """
    pains = (1, 3) if pain is None else (_PAIN[pain],) * 2
    size = 1 + (width_share >= 1.0 / 3.0) + (width_share > 2.0 / 3.0)
    fixed = _KIND[kind] + size
    site = _SITE[region]
    unknown = []
    if pain is None:
        unknown.append("pain")
    if site[0] < site[1]:
        unknown.append(f"whether the {region} region counts as peritrochanteric")
    ends = (fixed + site[0] + pains[0], fixed + site[1] + pains[1])
    return RULES["mirels"].judge(*ends, unknown=tuple(unknown))
