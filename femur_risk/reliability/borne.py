"""What a bone has borne without breaking, and what that tells of its strength."""

from dataclasses import dataclass

from femur_fea.errors import OutOfRangeError
from femur_risk.exposure import RESTRICTIONS, DailyLife, Restriction
from femur_risk.reliability.strength_estimate import StrengthEstimate

__all__ = ["Borne"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Borne:
    """Days that somebody has lived with the bone unbroken.

    Attributes
    ----------
    days : float
        How many, at least 0.
    life : DailyLife
        What loaded it then.
    strength : StrengthEstimate
        What was believed about it then, before these days.
    restriction : Restriction
        How the leg was spared then.

    Raises
    ------
    OutOfRangeError
        If the days are not 0 or more, and below 100 000.
    """

    days: float
    life: DailyLife
    strength: StrengthEstimate
    restriction: Restriction = RESTRICTIONS["none"]

    def __post_init__(self) -> None:
        # written so that NaN fails
        if not 0.0 <= self.days < 1e5:
            raise OutOfRangeError(
                found=f"{self.days:g} days that the bone has borne",
                expected="0 or more, below 100 000",
                remedy="give 1 for somebody who walked the day before the scan",
            )
