"""From strength and life to the probability, its reasons and what would change it."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from femur_fea.errors import FemurFEAWarning, NotConvergedError
from femur_risk.assessment.card import (
    HorizonRisk,
    Reason,
    RiskClass,
    Share,
    UsedStrength,
    WhatIf,
)
from femur_risk.exposure import (
    ACTIVITIES,
    DAYS_PER_MONTH,
    RESTRICTIONS,
    USUAL_STEPS,
    DailyLife,
    Restriction,
    nearest_load,
)
from femur_risk.reliability import (
    Borne,
    FractureProbability,
    LimitState,
    StrengthEstimate,
    design_point,
    fracture_probability,
)

__all__ = ["CLASS_MONTHS", "HORIZON_MONTHS", "Patient", "WeakSite", "classify"]

HORIZON_MONTHS = (1.0, 3.0, 6.0, 12.0)
_FEW = 0.5  # of the usual steps, a choice: below them what these would bring is told
CLASS_MONTHS = 6.0  # Mirels' time, on whose shares the classes rest


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSite:
    """Where a bone fails under a load.

    Attributes
    ----------
    region : str
        Anatomical region.
    mode : str
        "tension" or "compression".
    """

    region: str
    mode: str


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
        found = [(months, self._probability(months)) for months in HORIZON_MONTHS]
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
        return self._probability(CLASS_MONTHS)

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

    def what_if(self, changes: Mapping[str, Mapping[str, float]]) -> tuple[WhatIf, ...]:
        """Return the probability within six months with other habits, and with other bones.

        That of the lesion-free twin comes first, as a bone of its own that has borne its days: it
        tells what of the risk is the lesion's. All others are of this person from now on, who has
        borne the days before as the bone and the habits are.

        Parameters
        ----------
        changes : mapping from name to mapping from load to float
            Factors on the strengths.
        """
        healed = [
            WhatIf(
                name="without the lesion",
                probability=self._other_bone(factors).probability,
                strength_factors=dict(factors),
            )
            for factors in (self.healed_factors,)
            if factors is not None
        ]
        restricted = [
            WhatIf(
                name=name,
                probability=self._probability(CLASS_MONTHS, restriction=then).probability,
                strength_factors=None,
            )
            for name, then in self._other_restrictions().items()
        ]
        if self.life.steps_per_day < _FEW * USUAL_STEPS:
            restricted.append(
                WhatIf(
                    name="usual steps",
                    probability=self._probability(CLASS_MONTHS, usual_steps=True).probability,
                    strength_factors=None,
                )
            )
        changed = [
            WhatIf(
                name=name,
                probability=self._with(factors).probability,
                strength_factors=dict(factors),
            )
            for name, factors in changes.items()
        ]
        return (*healed, *restricted, *changed)

    @property
    def leading_load(self) -> str:
        """The load whose strength serves for the activity that most of the risk comes from."""
        return nearest_load(_leading(self.within_class_months()), self.strength.strengths)

    def reasons(
        self, sites: Mapping[str, WeakSite], *, denser_region: Mapping[str, float]
    ) -> tuple[Reason, ...]:
        """Return the main reasons: what loads it, the lesion, and where it is weak.

        Parameters
        ----------
        sites : mapping from load to WeakSite
            Where it fails under each load.
        denser_region : mapping from load to float
            Factors on the strengths, were the bone denser where it fails under the leading load.
        """
        now = self.within_class_months()
        leading, load = _leading(now), self.leading_load
        site, share = sites[load], now.activities[leading] / now.probability
        reasons = [
            Reason(
                kind="activity",
                name=leading,
                text=f"{100.0 * share:.0f} % of it comes from the activity {_words(leading)!r}"
                + _beside(load, self.strength.strengths),
                probability_without=now.without[leading],
                strength_effect=_against_strongest(load, self.strength.strengths),
            )
        ]
        if self.healed_factors is not None:
            lost = 1.0 - 1.0 / self.healed_factors[load]
            text = (
                f"the lesion changes the strength under {_words(load)!r} by {-100.0 * lost:+.0f} %"
            )
            without = self._other_bone(self.healed_factors).probability
            reasons.append(
                Reason(
                    kind="lesion",
                    name=load,
                    text=text,
                    probability_without=without,
                    strength_effect=-lost,
                )
            )
        text = f"the bone is weakest in the {site.region} region, in {site.mode}, under "
        gain = 100.0 * (denser_region[load] - 1.0)
        reasons.append(
            Reason(
                kind="site",
                name=site.region,
                text=f"{text}{_words(load)!r}: {self.strength.strengths[load]:.0f} N "
                f"({gain:+.0f} % with a tenth more of density there)",
                probability_without=self._other_bone(denser_region).probability,
                strength_effect=1.0 / denser_region[load] - 1.0,
            )
        )
        return tuple(reasons)

    def uncertainty(self) -> tuple[Share, ...]:
        """Return the shares of what is not known, at the likeliest way to break.

        None, with a warning, where that cannot be found.
        """
        leading = _leading(self._probability(CLASS_MONTHS))
        state = LimitState.of(
            leading,
            self.life,
            self.strength,
            horizon_days=CLASS_MONTHS * DAYS_PER_MONTH,
            restriction=RESTRICTIONS[self.restriction],
        )
        try:
            found = design_point(state.margin, state.start).importance
        except NotConvergedError as error:
            warnings.warn(f"no shares of uncertainty: {error}", FemurFEAWarning, stacklevel=2)
            return ()
        load = nearest_load(leading, self.strength.strengths)
        of_inputs = (self.strength.sd_of_ln[load] / self.strength.total_sd(load)) ** 2
        shares = {
            "calibration and direction of forces": found[0] * of_inputs,
            "finite elements, their laws and outlines": found[0] * (1.0 - of_inputs),
            "forces of this person": found[1],
            "chance": found[2],
        }
        ordered = sorted(shares.items(), key=lambda item: -item[1])
        return tuple(Share(name=name, share=float(share)) for name, share in ordered)

    def _other_restrictions(self) -> dict[str, Restriction]:
        """Return what else may be left out, besides what is, and nothing left out."""
        now = RESTRICTIONS[self.restriction]
        others = {name: each for name, each in RESTRICTIONS.items() if name != self.restriction}
        return {name: each if name == "none" else now & each for name, each in others.items()}

    @property
    def _borne(self) -> Borne:
        return Borne(
            days=self.days_borne,
            life=self.life,
            strength=self.strength,
            restriction=RESTRICTIONS[self.restriction],
        )

    def _probability(
        self,
        months: float,
        *,
        restriction: Restriction | None = None,
        usual_steps: bool = False,
    ) -> FractureProbability:
        life = replace(self.life, steps_per_day=USUAL_STEPS) if usual_steps else self.life
        return fracture_probability(
            life,
            self.strength,
            horizon_days=months * DAYS_PER_MONTH,
            restriction=RESTRICTIONS[self.restriction] if restriction is None else restriction,
            borne=self._borne,
        )

    def _other_bone(self, factors: Mapping[str, float]) -> FractureProbability:
        """Return the probability of another bone that has borne the days before itself."""
        other = replace(self, strength=self.strength.scaled(factors))
        return other.within_class_months()

    def _with(self, factors: Mapping[str, float]) -> FractureProbability:
        """Return the probability of this person's bone, were it changed from now on."""
        return fracture_probability(
            self.life,
            self.strength.scaled(factors),
            horizon_days=CLASS_MONTHS * DAYS_PER_MONTH,
            restriction=RESTRICTIONS[self.restriction],
            borne=self._borne,
        )


def _against_strongest(load: str, strengths: Mapping[str, float]) -> float | None:
    """Return strength over that under the load that the bone bears best, less one."""
    others = [strength for name, strength in strengths.items() if name != load]
    return strengths[load] / max(others) - 1.0 if others else None


def _beside(load: str, strengths: Mapping[str, float]) -> str:
    effect = _against_strongest(load, strengths)
    if effect is None:
        return ""
    best = max((name for name in strengths if name != load), key=lambda name: strengths[name])
    than = f"{abs(100.0 * effect):.0f} % {'less' if effect < 0.0 else 'more'} than"
    return f" (under {_words(load)!r} the bone bears {than} under {_words(best)!r})"


def classify(probability: float, borders: Sequence[float]) -> RiskClass:
    """Return the class of a probability, given where intermediate and high begin."""
    intermediate, high = borders
    if probability >= high:
        return "high"
    return "intermediate" if probability >= intermediate else "low"


def _leading(found: FractureProbability) -> str:
    """Return the activity that brings most of the risk."""
    return max(found.activities, key=lambda name: found.activities[name])


def _words(name: str) -> str:
    return name.replace("_", " ")
