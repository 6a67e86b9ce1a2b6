"""The anatomical frame of a femur."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from femur_fea.domain.arrays import FloatArray, Side, check_shape, read_only
from femur_fea.errors import OutOfRangeError

__all__ = ["FemoralFrame", "ShaftReference"]

type ShaftReference = Literal["shaft", "scanner", "model"]

# below the crossing of neck and shaft axis: a choice that follows the usual anatomy
_LESSER_TROCHANTER = 1.6  # head radii


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FemoralFrame:
    """Axes and landmarks of a femur, in the directions of OrthoLoad (Bergmann 2016).

    +x points laterally, +y anteriorly, +z proximally, for either side. The knee is not needed:
    z runs along the shaft, and the frontal plane xz holds the neck axis, so the anteversion that
    Bergmann's frame takes from the condyles is not known here.

    Attributes
    ----------
    origin : (3,), mm
        Centre of the femoral head, LPS.
    axes : (3, 3)
        Rows are the unit vectors x (lateral), y (anterior), z (proximal) in LPS. For a left
        femur they form a left-handed triad: x is mirrored, y and z are not.
    side : {"left", "right"}
        Which femur.
    head_radius : float, mm
        Radius of the sphere fitted to the head.
    neck_axis : (3,)
        Unit vector from the shaft along the neck to the head, LPS.
    shaft_point : (3,), mm
        The point of the shaft axis nearest to the neck axis, LPS.
    neck_shaft_angle : float, rad
        Angle between the neck axis and the distal direction of the shaft.
    shaft_length : float, mm
        Length of bone distal to `shaft_point`, along z.
    shaft_reference : {"shaft", "scanner", "model"}
        Whether z was fitted to the shaft, or, for want of a shaft, taken from the scanner or from
        a shape model that completes the shaft.
    """

    origin: FloatArray
    axes: FloatArray
    side: Side
    head_radius: float
    neck_axis: FloatArray
    shaft_point: FloatArray
    neck_shaft_angle: float
    shaft_length: float
    shaft_reference: ShaftReference

    def __post_init__(self) -> None:
        check_shape("origin", self.origin, (3,))
        check_shape("axes", self.axes, (3, 3))
        if not np.allclose(self.axes @ self.axes.T, np.eye(3), atol=1e-9):
            raise OutOfRangeError(
                found="axes that are not orthonormal",
                expected="three perpendicular unit vectors",
                remedy="normalise them before building the frame",
            )
        if float(np.linalg.det(self.axes)) * self.handedness < 0.0:
            raise OutOfRangeError(
                found=f"axes of the wrong handedness for a {self.side} femur",
                expected="x lateral, y anterior, z proximal",
                remedy="flip x, which points laterally on either side",
            )
        for name in ("origin", "axes", "neck_axis", "shaft_point"):
            object.__setattr__(self, name, read_only(np.asarray(getattr(self, name), dtype=float)))

    @property
    def handedness(self) -> float:
        """1 for a right femur, whose axes are right-handed, and -1 for a left one."""
        return 1.0 if self.side == "right" else -1.0

    @property
    def lesser_trochanter(self) -> FloatArray:
        """The point of the shaft axis at the lower end of the lesser trochanter, LPS, (3,), mm."""
        below = _LESSER_TROCHANTER * self.head_radius
        return np.asarray(self.shaft_point - below * self.axes[2])

    @property
    def shaft_below_trochanter(self) -> float:
        """Length of shaft below the lesser trochanter, mm; negative where the bone ends above."""
        return self.shaft_length - _LESSER_TROCHANTER * self.head_radius

    @property
    def shaft_words(self) -> str:
        """How much shaft there is, in the words of every message: from the lesser trochanter on."""
        below = self.shaft_below_trochanter
        if below < 0.0:
            return f"no shaft: the bone ends {-below:.0f} mm above the lesser trochanter"
        return f"{below:.0f} mm of shaft below the lesser trochanter"

    def to_frame(self, points: FloatArray) -> FloatArray:
        """Return LPS points in this frame, shape (n, 3), mm."""
        return np.asarray((points - self.origin) @ self.axes.T)

    def to_world(self, points: FloatArray) -> FloatArray:
        """Return points of this frame in LPS, shape (n, 3), mm."""
        return np.asarray(points @ self.axes + self.origin)

    def direction_to_world(self, vector: FloatArray) -> FloatArray:
        """Return a vector of this frame in LPS, shape (3,)."""
        return np.asarray(vector @ self.axes)
