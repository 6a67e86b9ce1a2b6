"""Body height and the length of the femur."""

from dataclasses import dataclass
from typing import Literal

from femur_fea.domain import Provenance
from femur_fea.errors import OutOfRangeError

__all__ = ["STATURE", "Sex", "Stature", "femur_length"]

type Sex = Literal["female", "male"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stature:
    """Height from the femur's length: `height = slope * length + offset`, mm.

    Attributes
    ----------
    slope : float
        Dimensionless.
    offset : float, mm
        Height at length 0.
    heights : (2,), mm
        In which the line is used.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a text.
    """

    slope: float
    offset: float
    heights: tuple[float, float]
    source: str
    provenance: Provenance


_SOURCE = (
    "Trotter and Gleser, American Journal of Physical Anthropology 1952;10:463 (maximum length)"
)
STATURE: dict[Sex, Stature] = {
    "male": Stature(
        slope=2.38,
        offset=614.1,
        heights=(1500.0, 2000.0),
        source=_SOURCE,
        provenance="unverified",
    ),
    "female": Stature(
        slope=2.47,
        offset=541.0,
        heights=(1400.0, 1900.0),
        source=_SOURCE,
        provenance="unverified",
    ),
}


def femur_length(height: float, sex: Sex) -> float:
    """Return the length of the femur, mm, of a person of a height, mm.

    Raises
    ------
    OutOfRangeError
        If the height is not that of an adult.

    Notes
    -----
    The regression of height on length, inverted: persons vary about it by some 35 mm of height,
    and `STATURE` tells that nobody has checked its numbers.
    """
    line = STATURE[sex]
    low, high = line.heights
    if not low <= height <= high:
        raise OutOfRangeError(
            found=f"a height of {height:.0f} mm",
            expected=f"{low:.0f} to {high:.0f} mm for a {sex} adult",
            remedy="give the height of an adult, in mm",
        )
    return (height - line.offset) / line.slope
