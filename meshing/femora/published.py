"""Sizes and angles of femora by sex, from published measurements."""

from dataclasses import dataclass
from math import radians

from femur_fea.domain import Provenance
from femur_fea.registry import Registry
from meshing.shape import Sex

__all__ = ["ANATOMY", "AnatomySpread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnatomySpread:
    """How a measure of the femur is spread among people of one sex; normal.

    Attributes
    ----------
    female, male : float
        Middle of the distribution, mm or rad.
    sd : float
        Standard deviation within a sex, mm or rad.
    source : str
        Citation, and what of it was not read there.
    provenance : {"published", "unverified"}
        Whether all of it was read in the source, or follows from what was.
    """

    female: float
    male: float
    sd: float
    source: str
    provenance: Provenance

    def middle(self, sex: Sex) -> float:
        """Return the middle of the distribution of a sex."""
        return self.female if sex == "female" else self.male


# by the names of fields of `meshing.shape.Anatomy`
ANATOMY: Registry[AnatomySpread] = Registry("measure of the femur")
ANATOMY.add(
    "head_radius",
    AnatomySpread(
        female=21.6,
        male=24.3,
        sd=1.2,
        source="means: spheres of 43.25 and 48.50 mm in 202 femora, Cho et al. 2015, table 3,"
        " doi:10.1155/2015/730538; the spread is a choice",
        provenance="unverified",
    ),
)
_HARTEL = "1070 CT, Hartel et al. 2016, doi:10.1371/journal.pone.0149480"
ANATOMY.add(
    "neck_shaft_angle",
    AnatomySpread(
        female=radians(123.0),
        male=radians(121.5),
        sd=radians(5.7),
        source=f"medians by sex, and quartiles of all, 117.9 and 125.6 degrees: {_HARTEL}",
        provenance="published",
    ),
)
ANATOMY.add(
    "anteversion",
    AnatomySpread(
        female=radians(16.4),
        male=radians(12.1),
        sd=radians(9.4),
        source="medians by sex, and quartiles of all, 7.4 and 20.4 degrees, less what lies between"
        f" the sexes: {_HARTEL}",
        provenance="published",
    ),
)
