"""Failure criteria as records."""

from dataclasses import dataclass

from femur_fea.domain import Provenance
from femur_fea.registry import Registry

__all__ = ["FAILURE_CRITERIA", "StrainLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StrainLimits:
    """Failure when a principal strain of a surface patch reaches its limit.

    Attributes
    ----------
    name : str
        Name of the criterion.
    tension : float, dimensionless
        Limit of the largest principal strain.
    compression : float, dimensionless
        Limit of the smallest principal strain, as a positive number.
    patch_radius : float, mm
        Radius of the surface patch over which strain is averaged.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    tension: float
    compression: float
    patch_radius: float
    source: str
    provenance: Provenance


FAILURE_CRITERIA: Registry[StrainLimits] = Registry("failure criterion")

FAILURE_CRITERIA.add(
    "schileo_2014",
    StrainLimits(
        name="schileo_2014",
        tension=0.0073,
        compression=0.0104,
        patch_radius=3.0,
        source="Schileo et al., J Biomech 2014;47:3531; limits from Bayraktar et al., J Biomech "
        "2004;37:27; surface average over about 3 mm",
        provenance="unverified",
    ),
)
