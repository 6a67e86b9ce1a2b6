"""Settings of the uncertainty of strength."""

from typing import Literal

from pydantic import Field

from femur_risk.config.section import Section

__all__ = ["UncertaintyConfig", "UncertaintyMode"]

type UncertaintyMode = Literal["fast", "full", "off"]


class UncertaintyConfig(Section):
    """Uncertainty: how far what is not known exactly moves the strength."""

    mode: UncertaintyMode | None = Field(
        default=None,
        description="'fast': each source one standard deviation up and down, to first order; "
        "'full': samples of all sources together; 'off'. Absent: 'fast' for a linear model, 'off' "
        "for a nonlinear one, for which there is no other.",
    )
    samples: int = Field(
        default=200,
        ge=20,
        le=100_000,
        strict=True,
        description="For 'full': number of samples, at least 20, each a solution of the bone and "
        "of its twin.",
    )
    seed: int = Field(
        default=0,
        ge=0,
        strict=True,
        description="For 'full': the same seed draws the same samples.",
    )
