"""Published effects of acquisition and reconstruction on the strength that finite elements find."""

from dataclasses import dataclass

from femur_fea.domain import Provenance

__all__ = ["CHOICE", "KERNEL", "SLICE_THICKNESS", "TUBE_VOLTAGE", "Effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Largest change of strength that was published for a cause.

    Attributes
    ----------
    fraction : float or None
        The change as a fraction; None where none was published.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the number was read in its source.
    """

    fraction: float | None
    source: str
    provenance: Provenance


KERNEL = Effect(
    fraction=0.20,
    source="Benca et al., Eur Radiol Exp 2020, doi:10.1186/s41747-020-00180-3",
    provenance="published",
)
SLICE_THICKNESS = Effect(fraction=0.04, source=KERNEL.source, provenance="published")
TUBE_VOLTAGE = Effect(
    fraction=0.14,
    source="Ataei et al., PLoS One 2022;17:e0265524, doi:10.1371/journal.pone.0265524: 10 % in "
    "density, 13.4 to 13.8 % in strength, where the calibration does not follow the voltage",
    provenance="published",
)
CHOICE = Effect(
    fraction=None,
    source="a threshold chosen by this project; no published effect on strength",
    provenance="unverified",
)
