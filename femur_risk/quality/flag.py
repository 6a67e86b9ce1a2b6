"""What limits the trust in a scan: one record for each cause."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain import Provenance

__all__ = ["QualityFlag", "Severity"]

type Severity = Literal["note", "caution", "severe"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFlag:
    """One property of a scan that limits the trust in what is computed from it.

    Attributes
    ----------
    name : str
        The property.
    severity : {"note", "caution", "severe"}
        "note": changes strength by a few per cent; "caution": may change it by a fifth;
        "severe": the density near the bone is wrong by an unknown amount.
    found : str
        What was found: value and unit.
    expected : str
        The threshold that it passed.
    effect : float or None
        Largest published change of strength by it, as a fraction; None where none is known.
    source : str
        Where effect and threshold come from.
    provenance : {"published", "unverified"}
        Whether `effect` was read in a published text; "unverified" where there is none.
    """

    name: str
    severity: Severity
    found: str
    expected: str
    effect: float | None
    source: str
    provenance: Provenance

    @property
    def sentence(self) -> str:
        """The flag for people."""
        effect = "" if self.effect is None else f"; changes strength by up to {self.effect:.0%}"
        return f"{self.name} ({self.severity}): {self.found}, expected {self.expected}{effect}"
