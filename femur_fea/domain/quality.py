"""What limits the trust in a scan or in a calibration: one record for each finding."""

from dataclasses import dataclass
from typing import Any, Literal

from femur_fea.domain.provenance import Provenance

__all__ = ["CHOSEN_THRESHOLD", "NO_PUBLISHED_EFFECT", "Effect", "QualityFlag", "Severity"]

type Severity = Literal["note", "caution", "severe"]


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


CHOSEN_THRESHOLD = Effect(
    fraction=None,
    source="a threshold chosen by this project; no published effect on strength",
    provenance="unverified",
)
NO_PUBLISHED_EFFECT = Effect(
    fraction=None, source="no published effect on strength", provenance="unverified"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityFlag:
    """One finding that limits the trust in what is computed from a scan.

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
        What would raise no flag.
    effect : Effect
        Largest published change of strength by it: `CHOSEN_THRESHOLD` for a number beyond a limit
        that is a choice, `NO_PUBLISHED_EFFECT` for a finding without a limit.
    """

    name: str
    severity: Severity
    found: str
    expected: str
    effect: Effect

    @property
    def sentence(self) -> str:
        """The flag for people."""
        fraction = self.effect.fraction
        effect = "" if fraction is None else f"; changes strength by up to {fraction:.0%}"
        return f"{self.name} ({self.severity}): {self.found}, expected {self.expected}{effect}"

    def to_dict(self) -> dict[str, Any]:
        """Return the flag as curve.json and quality.json hold it."""
        return {
            "name": self.name,
            "severity": self.severity,
            "text": self.sentence,
            "found": self.found,
            "expected": self.expected,
            "effect": self.effect.fraction,
            "source": self.effect.source,
            "provenance": self.effect.provenance,
        }
