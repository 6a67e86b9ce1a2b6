"""What a patient may be told to leave out, or to lean on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from femur_fea.domain import Provenance
from femur_fea.registry import Registry
from femur_risk.exposure.anchor import HARD_STUMBLES

__all__ = ["RESTRICTIONS", "Restriction"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A way to spare a leg, or to load it, as factors on what its activities are without it.

    Attributes
    ----------
    forces, events : mapping from activity to float
        Factors on peak forces and on how often they come; 1 where an activity is not named.
    provenance : {"published", "unverified"}
        Whether the factors were read in a source, or follow from what the restriction says.
    source : str
        Where they come from.
    """

    forces: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    events: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    provenance: Provenance
    source: str

    def __and__(self, other: "Restriction") -> "Restriction":
        """Return both together: their factors are multiplied."""
        both: tuple[Provenance, Provenance] = (self.provenance, other.provenance)
        return Restriction(
            forces=_multiplied(self.forces, other.forces),
            events=_multiplied(self.events, other.events),
            provenance="unverified" if "unverified" in both else "published",
            source=f"{self.source}; {other.source}",
        )


def _multiplied(one: Mapping[str, float], other: Mapping[str, float]) -> Mapping[str, float]:
    return MappingProxyType({k: one.get(k, 1.0) * other.get(k, 1.0) for k in {**one, **other}})


RESTRICTIONS: Registry[Restriction] = Registry("restriction")

RESTRICTIONS.add("none", Restriction(provenance="published", source="nothing is left out"))
RESTRICTIONS.add(
    "walking_only",
    Restriction(
        events=MappingProxyType({"stairs": 0.0, "chair_rise": 0.0}),
        provenance="published",
        source="by definition: no stairs, and chairs are left with the arms. Stumbles and falls "
        "stay, because nobody chooses them",
    ),
)
RESTRICTIONS.add(
    "a_hard_stumble_a_year",
    Restriction(
        events=MappingProxyType({"stumble": 1.0 / HARD_STUMBLES.a_year}),
        provenance="published",
        source="by definition: shows what rests on the frequency of hard stumbles, which is "
        "anchored to incidence",
    ),
)
_CRUTCHES = 0.83
RESTRICTIONS.add(
    "crutches",
    Restriction(
        forces=MappingProxyType(dict.fromkeys(("walking", "stairs", "chair_rise"), _CRUTCHES)),
        provenance="unverified",
        source="17 % less force in four-point walking with two forearm crutches: Damm et al., "
        "Clin Biomech 2013 (from memory; stairs and chairs taken alike; stumbles and falls left "
        "as they are)",
    ),
)
