"""The risk card: what risk.json holds."""

from typing import Annotated, Literal

from pydantic import Field

from femur_risk.config import Section

__all__ = [
    "Agreement",
    "AppliedRule",
    "CalibratedRisk",
    "HorizonRisk",
    "Reason",
    "RiskCard",
    "RiskClass",
    "Share",
    "UsedStrength",
    "WhatIf",
]

type Fraction = Annotated[float, Field(ge=0.0, le=1.0)]
type RiskClass = Literal["low", "intermediate", "high"]
type Agreement = Literal["agrees", "conflicts", "between", "no verdict"]


class HorizonRisk(Section):
    """The probability of a fracture within a time."""

    months: float = Field(description="How far it looks, months.")
    probability: Fraction = Field(description="Over all that is not known.")
    interval_90: tuple[Fraction, Fraction] = Field(
        description="Where it would lie, in nine of ten, if strength and habits were known exactly."
    )
    median: Fraction = Field(description="What half of such bones would lie below.")
    above_interval: Fraction = Field(
        description="Mean of the twentieth above the interval; where the risk is small these few "
        "weak bones may lift `probability` above the interval."
    )
    activities: dict[str, Fraction] = Field(
        description="Chance that the fracture comes by each; their sum is `probability`."
    )


class WhatIf(Section):
    """The probability within six months, were something different."""

    name: str = Field(description="What is different: a restriction, or a change of the bone.")
    probability: Fraction = Field(description="The probability then.")
    strength_factors: dict[str, float] | None = Field(
        description="Strength over the one that it has, by load; null where the bone is the same."
    )


class UsedStrength(Section):
    """The strength that decides in an activity."""

    activity: str = Field(description="The activity.")
    load: str = Field(description="The load whose strength serves for it.")
    strength_N: float = Field(
        description="Strength, N: force on the head, in a fall that of the plate on the trochanter."
    )
    sd_of_ln: float = Field(
        description="Standard deviation of its logarithm by calibration and direction of forces."
    )
    model_sd_of_ln: float = Field(
        description="The same by laws, outlines and finite elements against experiments, which "
        "hold one another: the larger of both."
    )


class AppliedRule(Section):
    """What a rule of today's practice says."""

    name: str = Field(description="Name of the rule.")
    title: str = Field(description="What it measures.")
    value: tuple[float, float] | None = Field(
        description="Ends of what is possible; null where it cannot be applied."
    )
    unit: str = Field(description="Unit of value and threshold.")
    threshold: float = Field(description="Value from which a femur is at risk.")
    at_risk: Literal["above", "below"] = Field(description="On which side of the threshold.")
    verdict: Literal["at risk", "not at risk", "undecided", "not assessable"] = Field(
        description="What it says."
    )
    fractured_published: tuple[Fraction, Fraction] | None = Field(
        description="Share of lesions of such a score that broke in its author's cohort; null of "
        "other rules than Mirels'."
    )
    agreement: Agreement = Field(
        description="Whether that is what the probability says: low against not at risk, high "
        "against at risk; an intermediate probability lies between both."
    )
    unknown: tuple[str, ...] = Field(description="What it would have needed, or had to assume.")
    provenance: str = Field(description="`published` or `unverified`: of the threshold.")
    source: str = Field(description="Citation.")


class Reason(Section):
    """What the risk comes from."""

    kind: Literal["activity", "lesion", "site"] = Field(description="What is named.")
    name: str = Field(description="The activity, the load or the region.")
    text: str = Field(description="The reason for people.")
    probability_without: Fraction | None = Field(
        description="Probability within six months without the activity, without the lesion, or "
        "with a tenth more of density in the region."
    )
    strength_effect: float | None = Field(
        description="Strength less one, over that under the load that the bone bears best, of the "
        "lesion-free twin, or with a tenth more of density in the region; null with one load."
    )


class Share(Section):
    """A source of what is not known of the outcome."""

    name: str = Field(description="The source.")
    share: Fraction = Field(description="Its share at the likeliest way to break.")


class CalibratedRisk(Section):
    """The probability within six months, put right by what became of femora."""

    probability: Fraction = Field(description="What the recalibration makes of the probability.")
    interval_90: tuple[Fraction, Fraction] = Field(
        description="Where it would lie, in nine of ten, over strength, habits and recalibration; "
        "it holds that of the recalibration alone."
    )
    interval_90_of_recalibration: tuple[Fraction, Fraction] = Field(
        description="By what the outcomes leave open of the recalibration alone."
    )
    method: str = Field(description="`platt`, `isotonic`, `beta` or `bayes`.")
    n: int = Field(description="Femora whose outcomes it was fitted to.")
    n_fractured: int = Field(description="Those of them that broke.")
    horizon_days: float = Field(description="Within how many days.")
    deaths: Literal["competing", "censored"] = Field(
        description="Whether who died counted as not fractured, or as lost to follow-up."
    )
    simulated: bool = Field(description="Whether these outcomes were simulated.")
    table_sha256: str = Field(description="Hash of their table.")
    flags: tuple[str, ...] = Field(description="What limits the trust in it.")


class RiskCard(Section):
    """All that is said of the fracture risk of a femur. Research use only."""

    case_id: str = Field(description="Pseudonym of the case.")
    simulated: bool = Field(description="Whether the patient is a virtual one.")
    model: str = Field(
        description="Preset, version and hash of what the probability rests on; a recalibration "
        "is for one of them."
    )
    calibrated_to_outcomes: bool = Field(
        description="Whether a recalibration to what became of patients was applied; false for "
        "one to simulated outcomes."
    )
    calibrated: CalibratedRisk | None = Field(
        description="The recalibrated probability; null without a recalibration."
    )
    assessable: bool = Field(description="Whether a probability is given.")
    not_assessable: tuple[str, ...] = Field(description="Why none is given.")
    risk_class: RiskClass | None = Field(
        description="By the probability within six months, the recalibrated one where there is "
        "one; null where none is given."
    )
    class_interval: tuple[RiskClass, RiskClass] | None = Field(
        description="Lowest and highest class of its interval and of the probability itself."
    )
    intermediate_from: float = Field(description="Probability from which it is intermediate.")
    high_from: float = Field(description="Probability from which it is high.")
    horizons: tuple[HorizonRisk, ...] = Field(description="1, 3, 6 and 12 months.")
    strengths: tuple[UsedStrength, ...] = Field(description="What decides in each activity.")
    model_error_sd_of_ln: float = Field(
        description="Standard deviation of the logarithm of measured over computed strength."
    )
    restriction: str = Field(description="How the leg is spared already.")
    days_borne: float = Field(
        description="Days for which the bone is known to have borne its life unbroken."
    )
    chance_to_have_borne: Fraction | None = Field(
        description="Chance to bear them, by what was believed before; null where none is given."
    )
    what_if: tuple[WhatIf, ...] = Field(description="Were something different.")
    rules: tuple[AppliedRule, ...] = Field(description="What today's rules say.")
    reasons: tuple[Reason, ...] = Field(description="The main reasons, the first first.")
    uncertainty: tuple[Share, ...] = Field(
        description="Shares at the likeliest way to break in the leading activity."
    )
    flags: tuple[str, ...] = Field(description="What limits the trust in scan and calibration.")
    assumed: tuple[str, ...] = Field(description="What was not given and had to be assumed.")
    unverified: tuple[str, ...] = Field(
        description="Constants of the risk that were not checked against their source."
    )
