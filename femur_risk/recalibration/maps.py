"""Maps from a probability to one put right, as plain numbers that JSON can hold."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from femur_fea.domain import FloatArray
from femur_risk.config import Section
from femur_risk.errors import RecalibrationError
from femur_risk.recalibration.logistic import EXTREME, chance, logit

__all__ = ["BayesMap", "BetaMap", "IsotonicMap", "PlattMap", "ProbabilityMap"]

_QUADRATURE = 32  # points of the Gauss-Hermite rule: exact to round-off for spreads of a few


class PlattMap(Section):
    """A straight line of log odds: logit q = intercept + slope logit p."""

    method: Literal["platt"] = "platt"
    intercept: float
    slope: float

    def apply(self, probability: FloatArray) -> FloatArray:
        """Return probabilities put right, shape (n,)."""
        return chance(self.intercept + self.slope * logit(probability))


class BetaMap(Section):
    """Two exponents: logit q = c + a ln p - b ln(1 - p), a and b not below 0."""

    method: Literal["beta"] = "beta"
    a: float = Field(ge=0.0)
    b: float = Field(ge=0.0)
    c: float

    def apply(self, probability: FloatArray) -> FloatArray:
        """Return probabilities put right, shape (n,)."""
        held = np.clip(probability, EXTREME, 1.0 - EXTREME)
        return chance(self.c + self.a * np.log(held) - self.b * np.log(1.0 - held))


class IsotonicMap(Section):
    """Steps that never fall, joined by straight lines and level beyond their ends."""

    method: Literal["isotonic"] = "isotonic"
    predicted: tuple[float, ...] = Field(min_length=1)
    observed: tuple[float, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _check(self) -> "IsotonicMap":
        same = len(self.predicted) == len(self.observed)
        rises = all(np.diff(self.predicted) > 0.0) and all(np.diff(self.observed) >= 0.0)
        if not (same and rises):
            raise RecalibrationError(
                found="isotonic steps that fall or do not match",
                expected="as many predicted as observed values, neither of which falls",
                remedy="fit the recalibration again",
            )
        return self

    def apply(self, probability: FloatArray) -> FloatArray:
        """Return probabilities put right, shape (n,)."""
        return np.asarray(np.interp(probability, self.predicted, self.observed))


class BayesMap(Section):
    """A line of log odds that is itself uncertain: what is applied is the mean over it."""

    method: Literal["bayes"] = "bayes"
    prior_mean: tuple[float, float] = Field(description="of intercept and slope")
    prior_sd: tuple[float, float]
    mean: tuple[float, float]
    covariance: tuple[tuple[float, float], tuple[float, float]]

    def apply(self, probability: FloatArray) -> FloatArray:
        """Return posterior mean probabilities, shape (n,)."""
        design = np.column_stack([np.ones(len(probability)), logit(probability)])
        middle = design @ np.array(self.mean)
        spread = np.sqrt(np.einsum("ij,jk,ik->i", design, np.array(self.covariance), design))
        nodes, weights = np.polynomial.hermite_e.hermegauss(_QUADRATURE)
        drawn = chance(middle[:, None] + spread[:, None] * nodes)
        return np.asarray(drawn @ (weights / weights.sum()))


type ProbabilityMap = Annotated[
    PlattMap | BetaMap | IsotonicMap | BayesMap, Field(discriminator="method")
]
