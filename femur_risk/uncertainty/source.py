"""A source of uncertainty: how large it is, who says so, and what it moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from femur_fea.domain import FloatArray, Provenance
from femur_fea.errors import OutOfRangeError

__all__ = ["SourceProvenance", "UncertainSource", "normal_quantile"]

type SourceProvenance = Provenance | Literal["user", "not stated"]

type Effect = Callable[[FloatArray], Mapping[str, float]]


def normal_quantile(share: FloatArray) -> FloatArray:
    """Return the values of a standard normal variable below which a share lies."""
    return np.asarray(ndtri(share))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UncertainSource:
    """One thing that is not known exactly.

    Attributes
    ----------
    name : str
        What it is.
    sd : float or None
        Standard deviation, in `unit`; None where nobody states one: it then moves nothing.
    unit : str
        Unit of the standard deviation.
    provenance : {"published", "user", "unverified", "not stated"}
        Where the standard deviation comes from.
    source : str
        Citation, how the number was derived, or why there is none.
    effect : callable
        From the values of its parameters, each of mean 0 and standard deviation 1, to what they
        change of a model, by name.
    n_parameters : int
        Number of independent parameters.
    quantile : callable
        Of the distribution of a parameter.
    """

    name: str
    sd: float | None
    unit: str
    provenance: SourceProvenance
    source: str
    effect: Effect
    n_parameters: int = 1
    quantile: Callable[[FloatArray], FloatArray] = normal_quantile

    def __post_init__(self) -> None:
        # written so that NaN fails
        if self.sd is not None and not 0.0 <= self.sd < np.inf:
            raise OutOfRangeError(
                found=f"a standard deviation of {self.sd:g} {self.unit} of {self.name!r}",
                expected="0 or more, or none where it is not stated",
                remedy="state the standard deviation again",
            )

    @property
    def is_active(self) -> bool:
        """Whether it moves anything."""
        return self.sd is not None and self.sd > 0.0
