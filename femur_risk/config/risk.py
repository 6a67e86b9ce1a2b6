"""Settings of the fracture risk: the patient's life, and where classes begin."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from femur_risk.config.section import Section

__all__ = ["RiskConfig"]

type Probability = Annotated[float, Field(gt=0.0, lt=1.0)]


class RiskConfig(Section):
    """Risk: what of the patient's life loads the hip, and where classes begin."""

    pain: Literal["none", "mild", "moderate", "functional"] | None = Field(
        default=None,
        description="Pain at the lesion, for Mirels' score and for falls; 'functional' grows under "
        "weight. Absent: every score that is possible, and falls as with pain.",
    )
    steps_per_day: float | None = Field(
        default=None,
        ge=0.0,
        lt=100_000.0,
        description="Steps of both legs. Absent: 3700, as with advanced cancer.",
    )
    restriction: Literal["none", "walking_only", "crutches"] = Field(
        default="none",
        description="How the leg is spared already; the others are told as what-if.",
    )
    days_borne: float = Field(
        default=1.0,
        ge=0.0,
        le=30.0,
        description="Days before the scan that the patient lived as now with the bone as it is, "
        "unbroken: the least is the day before. More of them make the risk smaller; the card tells "
        "that of one day, too.",
    )
    intermediate_from: Probability = Field(
        default=0.05,
        description="Probability within six months from which the risk is called intermediate: "
        "5 % of the lesions with a Mirels score of 7 broke, which are observed.",
    )
    high_from: Probability = Field(
        default=0.33,
        description="Probability within six months from which it is called high: 33 % of the "
        "lesions with a score of 9 broke, which are fixed.",
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if not self.intermediate_from < self.high_from:
            raise ValueError("intermediate_from below high_from")
        return self
