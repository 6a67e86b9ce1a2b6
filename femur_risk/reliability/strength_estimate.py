"""What is believed about the strength of a femur."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from femur_fea.domain import FloatArray, Provenance
from femur_fea.errors import InputError, OutOfRangeError
from femur_fea.registry import Registry

__all__ = ["MODEL_ERRORS", "ModelError", "StrengthEstimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelError:
    """How far computed strengths lie from those of loaded specimens.

    Attributes
    ----------
    sd_of_ln : float
        Standard deviation of the logarithm of measured over computed strength.
    provenance : {"published", "unverified"}
        Whether it was read in a source.
    source : str
        Where it comes from.
    """

    sd_of_ln: float
    provenance: Provenance
    source: str


MODEL_ERRORS: Registry[ModelError] = Registry("model error")
MODEL_ERRORS.add(
    "finite_elements",
    ModelError(
        sd_of_ln=0.17,
        provenance="unverified",
        source="814 N of standard error of the estimate in 14 femora (Schileo et al. 2014, "
        "abstract), taken over a mean strength of 4.8 kN that was not read; -40 to +60 % at 95 % "
        "(Keyak et al. 1998, abstract) is 0.24. No bias is assumed, although laboratories have "
        "found factors of up to two",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StrengthEstimate:
    """Strength under several loads, of which the errors go together.

    The logarithm of the true strength is normal, and so many standard deviations off under every
    load alike: what is wrong about a bone's density is wrong under all loads.

    Attributes
    ----------
    strengths : mapping from load to float, N
        Medians.
    sd_of_ln : mapping from load to float
        Standard deviation of the logarithm by the inputs that loaded specimens do not share: the
        calibration of this scan, the direction of forces in life.
    shared_sd_of_ln : mapping from load to float
        The same by inputs that were as uncertain of the specimens: laws, outlines. 0 where a load
        is not named.
    model_error : float
        The same against these specimens. It holds what `shared_sd_of_ln` tells, so that the larger
        of both counts, and not their sum.
    """

    strengths: Mapping[str, float]
    sd_of_ln: Mapping[str, float]
    shared_sd_of_ln: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    model_error: float

    def __post_init__(self) -> None:
        if set(self.strengths) != set(self.sd_of_ln) or not self.strengths:
            raise InputError(
                found=f"strengths under {', '.join(self.strengths) or 'no load'} and deviations "
                f"under {', '.join(self.sd_of_ln) or 'no load'}",
                expected="both under the same loads, at least one",
                remedy="give 0 for a load whose uncertainty was not computed",
            )
        if not set(self.shared_sd_of_ln) <= set(self.strengths):
            raise InputError(
                found=f"shared deviations under {', '.join(self.shared_sd_of_ln)}",
                expected=f"loads with a strength: {', '.join(self.strengths)}",
                remedy="give both under the same loads",
            )
        deviations = (
            *self.sd_of_ln.values(),
            *self.shared_sd_of_ln.values(),
            self.model_error,
        )
        if not all(0.0 <= value < 2.0 for value in deviations):
            raise OutOfRangeError(
                found=f"deviations of a logarithm of {', '.join(f'{d:g}' for d in deviations)}",
                expected="0 to 2",
                remedy="give 0.17 for 17 %",
            )
        impossible = [s for s in self.strengths.values() if not 0.0 < s < 1e6]
        if impossible:
            raise OutOfRangeError(
                found=f"a strength of {impossible[0]:g} N",
                expected="a positive force below 1e6 N",
                remedy="check its unit",
            )
        for name in ("strengths", "sd_of_ln", "shared_sd_of_ln"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def total_sd(self, load: str) -> float:
        """Return the standard deviation of the logarithm of the true strength under a load."""
        return float(np.hypot(self.sd_of_ln[load], self.model_sd(load)))

    def model_sd(self, load: str) -> float:
        """Return the part of it by laws, outlines and the model against specimens."""
        return max(self.shared_sd_of_ln.get(load, 0.0), self.model_error)

    def at(self, score: FloatArray | float) -> dict[str, FloatArray]:
        """Return the strengths so many standard deviations above the median, (...), N."""
        return {
            load: strength * np.exp(self.total_sd(load) * np.asarray(score))
            for load, strength in self.strengths.items()
        }

    def scaled(self, factors: Mapping[str, float]) -> "StrengthEstimate":
        """Return the estimate for strengths changed by a factor each; 1 where none is given."""
        return StrengthEstimate(
            strengths={load: s * factors.get(load, 1.0) for load, s in self.strengths.items()},
            sd_of_ln=self.sd_of_ln,
            shared_sd_of_ln=self.shared_sd_of_ln,
            model_error=self.model_error,
        )
