"""How somebody lives, as far as it loads a hip."""

from dataclasses import dataclass

from femur_fea.errors import OutOfRangeError

__all__ = [
    "DAYS_BORNE",
    "DAYS_PER_MONTH",
    "FEWEST_STEPS",
    "GRAVITY",
    "USUAL_STEPS",
    "DailyLife",
]

DAYS_PER_MONTH = 365.25 / 12.0
GRAVITY = 9.80665  # m/s2, 3rd General Conference on Weights and Measures, 1901
# a day, of both legs, with advanced cancer: Gresham et al., npj Digit Med 2018;1:27 (37 patients)
USUAL_STEPS = 3700.0
# a day: below them a leg bears too little for its days to tell of the bone; a choice
FEWEST_STEPS = 200.0
_LIGHTEST, _HEAVIEST = 20.0, 400.0  # kg, choices: beyond them a unit is wrong
# who is scanned lived the day before with the bone unbroken: the least that can be said; a choice
DAYS_BORNE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLife:
    """What of a life counts for the loads of its hips.

    Attributes
    ----------
    mass_kg : float
        Mass of the body.
    steps_per_day : float
        Steps of both legs.
    in_pain : bool
        Whether the femur hurts, which makes falls more frequent.
    """

    mass_kg: float
    steps_per_day: float = USUAL_STEPS
    in_pain: bool = True

    def __post_init__(self) -> None:
        if _LIGHTEST <= self.mass_kg <= _HEAVIEST and 0.0 <= self.steps_per_day < 1e5:
            return
        raise OutOfRangeError(
            found=f"a patient of {self.mass_kg:g} kg with {self.steps_per_day:g} steps a day",
            expected=f"{_LIGHTEST:g} to {_HEAVIEST:g} kg, and 0 to 100 000 steps",
            remedy="check the units",
        )
