"""Metal in or beside the bones: steel bodies made of round cones."""

from dataclasses import dataclass

import numpy as np

from calibration import Material
from femur_fea.domain import FloatArray
from femur_risk.scanner.bone import ScannedBone
from femur_risk.scanner.checks import check_positive
from meshing.distance import round_cone

__all__ = ["STEEL", "MetalCone", "prosthesis", "screw"]

# iron for steel, whose chromium and nickel have nearly its attenuation; density of 316L, a choice
STEEL = Material(fractions={"Fe": 1.0}, density=7.9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MetalCone:
    """A rod of metal whose radius changes evenly, with round ends.

    Attributes
    ----------
    start, end : (3,), mm
        Ends of its axis, LPS.
    start_radius, end_radius : float, mm
        Radii there.
    material : Material
        What it is made of.
    """

    start: FloatArray
    end: FloatArray
    start_radius: float
    end_radius: float
    material: Material = STEEL

    def __post_init__(self) -> None:
        check_positive("metal", start_radius=self.start_radius, end_radius=self.end_radius)

    def box(self) -> FloatArray:
        """Return the lowest and the highest corner that holds it, (2, 3), mm."""
        ends = np.array([self.start, self.end])
        reach = max(self.start_radius, self.end_radius)
        return np.array([ends.min(axis=0) - reach, ends.max(axis=0) + reach])

    def distance(self, points: FloatArray) -> FloatArray:
        """Return the distance to its surface, negative inside, of points (..., 3), mm."""
        start, end = _point(self.start), _point(self.end)
        return round_cone(points, start, end, self.start_radius, self.end_radius)


def screw(start: FloatArray, end: FloatArray, *, diameter_mm: float = 6.5) -> tuple[MetalCone, ...]:
    """Return a screw without its thread between two points, (3,), mm."""
    radius = 0.5 * diameter_mm
    return (MetalCone(start=start, end=end, start_radius=radius, end_radius=radius),)


def prosthesis(bone: ScannedBone) -> tuple[MetalCone, ...]:
    """Return a hip prosthesis in place of the head of a femur: ball, neck and stem.

    Notes
    -----
    A ball of 14 mm radius at the head's centre, a neck to the axis of the shaft 45 mm below, and
    a stem of 130 mm along it. All sizes are choices.
    """
    slope, zero = bone.shaft_line()
    heights = float(bone.head_centre[2]) - np.array([45.0, 175.0])
    top, tip = (np.array([*(slope * z + zero), z]) for z in heights)
    head = np.array(bone.head_centre)
    return (
        MetalCone(start=head, end=head + 1e-3, start_radius=14.0, end_radius=14.0),
        MetalCone(start=head, end=top, start_radius=6.5, end_radius=8.0),
        MetalCone(start=top, end=tip, start_radius=8.0, end_radius=5.0),
    )


def _point(place: FloatArray) -> tuple[float, float, float]:
    return float(place[0]), float(place[1]), float(place[2])
