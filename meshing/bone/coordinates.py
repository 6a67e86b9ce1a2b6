"""Where a point lies in a femur, in terms that mean the same in every femur."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FemoralFrame, FloatArray, check_shape, read_only
from meshing.bone.shaft_line import ShaftLine

__all__ = ["FemurCoordinates", "coordinates_of", "neck_directions", "neck_length"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FemurCoordinates:
    """Anatomical coordinates of n points, alike in left and right femora.

    Attributes
    ----------
    local : (n, 3), mm
        Lateral, anterior and proximal of the head's centre.
    along_neck : (n,), dimensionless
        0 at the head's centre, 1 where the neck axis meets the shaft axis, projected.
    neck_angle : (n,), rad
        Round the neck axis: 0 superior, pi/2 anterior, pi inferior, -pi/2 posterior.
    below : (n,), head radii
        How far distal of the crossing of neck and shaft axis. On the mean femur of the shape model
        the greater trochanter stands out most laterally at -0.4, the lesser one at 0.9.
    shaft_angle : (n,), rad
        Round the line of the shaft: 0 lateral, pi/2 anterior, pi medial, -pi/2 posterior.
    shaft_radius : (n,), mm
        Radius of the shaft at the point's height.
    flare : (n,), dimensionless
        Radius over that of the isthmus, below it; 1 above.
    head_radius : float, mm
        Radius of the head.
    neck_length : float, mm
        From the head's centre to the shaft axis, along the neck.
    """

    local: FloatArray
    along_neck: FloatArray
    neck_angle: FloatArray
    below: FloatArray
    shaft_angle: FloatArray
    shaft_radius: FloatArray
    flare: FloatArray
    head_radius: float
    neck_length: float

    def __post_init__(self) -> None:
        n = len(self.local)
        check_shape("local", self.local, (n, 3))
        for name in ("along_neck", "neck_angle", "below", "shaft_angle", "shaft_radius", "flare"):
            check_shape(name, getattr(self, name), (n,))
            object.__setattr__(self, name, read_only(getattr(self, name)))
        object.__setattr__(self, "local", read_only(self.local))


def neck_directions(frame: FemoralFrame) -> FloatArray:
    """Return unit vectors out of the head along the neck, superior and anterior, in the frame.

    Rows of a (3, 3) matrix; superior is across the neck in the frontal plane.
    """
    outward = -frame.axes @ frame.neck_axis
    superior = np.array([0.0, 0.0, 1.0]) - outward[2] * outward
    superior /= np.linalg.norm(superior)
    anterior = np.array([0.0, 1.0, 0.0])
    return np.stack([outward, superior, anterior])


def neck_length(frame: FemoralFrame) -> float:
    """Return the distance from the head's centre to the shaft axis along the neck, mm."""
    return float((frame.origin - frame.shaft_point) @ frame.neck_axis)


def coordinates_of(points: FloatArray, frame: FemoralFrame, line: ShaftLine) -> FemurCoordinates:
    """Return the anatomical coordinates of LPS points (n, 3)."""
    local = frame.to_frame(points)
    outward, superior, anterior = neck_directions(frame)
    crossing = frame.to_frame(frame.shaft_point[None, :])[0]
    length = neck_length(frame)
    from_line = local[:, :2] - line.centre_at(local[:, 2])
    return FemurCoordinates(
        local=local,
        along_neck=local @ outward / length,
        neck_angle=np.arctan2(local @ anterior, local @ superior),
        below=(crossing[2] - local[:, 2]) / frame.head_radius,
        shaft_angle=np.arctan2(from_line[:, 1], from_line[:, 0]),
        shaft_radius=line.radius_at(local[:, 2]),
        flare=line.flare_at(local[:, 2]),
        head_radius=frame.head_radius,
        neck_length=length,
    )
