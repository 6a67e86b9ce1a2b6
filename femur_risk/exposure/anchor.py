"""How often somebody stumbles hard, anchored to how rarely healthy hips break without a fall."""

from dataclasses import dataclass

from femur_fea.domain import Provenance

__all__ = ["HARD_STUMBLES", "IncidenceAnchor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidenceAnchor:
    """A frequency that nobody measured, from an incidence that was.

    Attributes
    ----------
    hip_fractures_a_year : float
        Published incidence among people of 65 years and more, of either hip.
    without_fall : float
        Published share of them that no fall brought; all of it is given to stumbles.
    breaks : float
        Chance that a stumble breaks a femur without a lesion at that age, by this model.
    provenance : {"published", "unverified"}
        Of the frequency that follows.
    source : str
        Where the numbers come from.
    """

    hip_fractures_a_year: float
    without_fall: float
    breaks: float
    provenance: Provenance = "unverified"
    source: str

    @property
    def a_year(self) -> float:
        """Events a year on one hip."""
        return 0.5 * self.hip_fractures_a_year * self.without_fall / self.breaks


HARD_STUMBLES = IncidenceAnchor(
    hip_fractures_a_year=0.00776,
    without_fall=0.04,
    breaks=0.61,
    source="anchored to incidence, not observed: 776 hip fractures a year among 100 000 people of "
    "65 and more (USA 2003, NCHS, as a secondary source gives it), of which 96 % come with a fall "
    "(911 patients in Auckland, PubMed 9288020, abstract); such a stumble breaks 61 % of "
    "62 virtual femora of 65 to 90 years without a lesion (preset bologna; a test tells when they "
    "change)",
)
