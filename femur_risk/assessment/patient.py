"""A femur whose strength is known, whose it is, and how likely it breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from femur_risk.assessment.card import HorizonRisk, UsedStrength
from femur_risk.assessment.classes import CLASS_MONTHS
from femur_risk.exposure import (
    ACTIVITIES,
    DAYS_PER_MONTH,
    RESTRICTIONS,
    DailyLife,
    Restriction,
    nearest_load,
)
from femur_risk.reliability import (
    Borne,
    FractureProbability,
    StrengthEstimate,
    fracture_probability,
)

__all__ = ["HORIZON_MONTHS", "Patient"]

HORIZON_MONTHS = (1.0, 3.0, 6.0, 12.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """A femur and whose it is, as far as its risk goes.

    Attributes
    ----------
    life : DailyLife
        What loads it.
    strength : StrengthEstimate
        What it bears.
    restriction : str
        How the leg is spared already: a name in `femur_risk.exposure.RESTRICTIONS`.
    days_borne : float
        How many days the bone has borne this life, spared so, without breaking.
    healed_factors : mapping from load to float, or None
        Strength of the lesion-free twin over its own; None without a lesion.
    """

    life: DailyLife
    strength: StrengthEstimate
    restriction: str
    days_borne: float
    healed_factors: Mapping[str, float] | None

    def horizons(self) -> tuple[HorizonRisk, ...]:
        """Return the probability within 1, 3, 6 and 12 months."""
        found = [(months, self.from_now_on(months)) for months in HORIZON_MONTHS]
        return tuple(
            HorizonRisk(
                months=months,
                probability=each.probability,
                interval_90=each.interval_90,
                median=each.median,
                above_interval=each.above_interval,
                activities=dict(each.activities),
            )
            for months, each in found
        )

    def within_class_months(self) -> FractureProbability:
        """Return the probability that classes rest on."""
        return self.from_now_on(CLASS_MONTHS)

    def strengths(self) -> tuple[UsedStrength, ...]:
        """Return the strength that decides in each activity."""
        loads = {name: nearest_load(name, self.strength.strengths) for name in ACTIVITIES}
        return tuple(
            UsedStrength(
                activity=name,
                load=load,
                strength_N=self.strength.strengths[load],
                sd_of_ln=self.strength.sd_of_ln[load],
                model_sd_of_ln=self.strength.model_sd(load),
            )
            for name, load in loads.items()
        )

    @property
    def leading_activity(self) -> str:
        """The activity that brings most of the risk within six months."""
        shares = self.within_class_months().activities
        return max(shares, key=lambda name: shares[name])

    @property
    def leading_load(self) -> str:
        """The load whose strength serves for the leading activity."""
        return nearest_load(self.leading_activity, self.strength.strengths)

    def another_bone(self, factors: Mapping[str, float]) -> "Patient":
        """Return this person with another bone, which has borne the days before itself.

        Parameters
        ----------
        factors : mapping from load to float
            Its strength over that of this one.
        """
        return replace(self, strength=self.strength.scaled(factors))

    def from_now_on(
        self,
        months: float = CLASS_MONTHS,
        *,
        life: DailyLife | None = None,
        restriction: Restriction | None = None,
        factors: Mapping[str, float] | None = None,
    ) -> FractureProbability:
        """Return the probability, were something different from now on.

        The bone as it is has borne the days before, with the habits as they are.

        Parameters
        ----------
        months : float
            How far to look.
        life : DailyLife, optional
            What loads it from now on.
        restriction : Restriction, optional
            How the leg is spared from now on.
        factors : mapping from load to float, optional
            Its strength from now on over that before.
        """
        now = RESTRICTIONS[self.restriction]
        return fracture_probability(
            self.life if life is None else life,
            self.strength if factors is None else self.strength.scaled(factors),
            horizon_days=months * DAYS_PER_MONTH,
            restriction=now if restriction is None else restriction,
            borne=Borne(
                days=self.days_borne, life=self.life, strength=self.strength, restriction=now
            ),
        )
