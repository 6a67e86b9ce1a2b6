"""A virtual lesion: what it is, where it lies and how it looks."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from femur_fea.errors import OutOfRangeError, UnknownNameError
from femur_fea.registry import unknown_name

__all__ = ["LESION_KINDS", "Lesion", "LesionKind"]

type LesionKind = Literal["lytic", "blastic", "mixed"]

LESION_KINDS: tuple[LesionKind, ...] = get_args(LesionKind.__value__)

_LARGEST = 150.0  # mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesion:
    """One lesion of a femur.

    Attributes
    ----------
    kind : {"lytic", "blastic", "mixed"}
        Bone replaced by tumour, filled with woven bone, or both side by side.
    centre : (3,), mm
        Lateral, anterior and proximal of the head's centre, in the femoral frame.
    diameter : float, mm
        Of a ball as large as the lesion where it lies wholly in the bone.
    axes : (3,)
        Extent along lateral, anterior and proximal, relative to each other.
    roughness : float
        Root mean square of the waves on its surface, over its radius; 0 is smooth.
    rim : float, mm
        Thickness of a sclerotic rim within the lesion's border; 0 for none.
    kept_cortex : float, mm
        Layer under the bone's surface that the lesion spares; 0 lets it breach the cortex.
    extension : float, mm
        How far beyond the bone a lesion may reach, within its own outline.
    sclerosis : float
        Density of its woven bone over the mean of blastic lesions.
    seed : int
        Draws its outline and what is inside; lesions that differ in size alone are alike in shape.
    """

    kind: LesionKind
    centre: tuple[float, float, float]
    diameter: float
    axes: tuple[float, float, float] = (1.0, 1.0, 1.0)
    roughness: float = 0.12
    rim: float = 0.0
    kept_cortex: float = 0.0
    extension: float = 0.0
    sclerosis: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in LESION_KINDS:
            raise _unknown_kind(self.kind)
        _check("a diameter (mm)", self.diameter, 0.0, _LARGEST, above=True)
        _check("a roughness", self.roughness, 0.0, 0.3)
        _check("a sclerosis", self.sclerosis, 0.2, 3.0)
        for name in ("rim", "kept_cortex", "extension"):
            _check(f"{name} (mm)", getattr(self, name), 0.0, _LARGEST)
        for axis in self.axes:
            _check("an axis", axis, 0.2, 5.0)
        if self.kept_cortex > 0.0 and self.extension > 0.0:
            raise OutOfRangeError(
                found=f"an extension of {self.extension:g} mm through a cortex of which"
                f" {self.kept_cortex:g} mm are kept",
                expected="a breached cortex where there is an extension",
                remedy="set kept_cortex or extension to 0",
            )

    @property
    def radii(self) -> tuple[float, float, float]:
        """Semi-axes of the ellipsoid that has the lesion's volume, mm."""
        mean = float(np.prod(self.axes)) ** (1.0 / 3.0)
        lateral, anterior, proximal = (0.5 * self.diameter * axis / mean for axis in self.axes)
        return lateral, anterior, proximal


def _unknown_kind(kind: str) -> UnknownNameError:
    return unknown_name("kind of lesion", kind, LESION_KINDS)


def _check(name: str, value: float, low: float, high: float, *, above: bool = False) -> None:
    if not low <= value <= high or (above and value <= low):
        raise OutOfRangeError(
            found=f"{name} of {value:g}",
            expected=f"{'more than ' if above else ''}{low:g} to {high:g}",
            remedy="correct the description of the lesion",
        )
