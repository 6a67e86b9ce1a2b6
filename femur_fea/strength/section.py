"""Planes across a bone: where its beam-like sections lie."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FemoralFrame, FloatArray, check_finite, check_shape, read_only
from femur_fea.errors import OutOfRangeError

__all__ = ["SectionPlanes", "neck_sections", "sections_along", "shaft_sections"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SectionPlanes:
    """Planes normal to a line through a bone.

    Attributes
    ----------
    position : (n_sections,), mm
        Arc length along the line.
    centre : (n_sections, 3), mm
        Where the line meets each plane, LPS.
    axes : (n_sections, 2, 3)
        Two perpendicular unit vectors in each plane, LPS.
    """

    position: FloatArray
    centre: FloatArray
    axes: FloatArray

    def __post_init__(self) -> None:
        n_sections = len(self.position)
        check_shape("position", self.position, (n_sections,))
        check_shape("centre", self.centre, (n_sections, 3))
        check_shape("axes", self.axes, (n_sections, 2, 3))
        for name in ("position", "centre", "axes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def shaft_sections(frame: FemoralFrame, *, step: float = 1.0) -> SectionPlanes:
    """Return planes normal to the shaft, proximal to distal; their axes are lateral and anterior.

    The first one lies where the neck axis meets the shaft, the last one at the end of the bone.
    """
    end = frame.shaft_point - frame.shaft_length * frame.axes[2]
    line = np.stack([frame.shaft_point, end])
    return sections_along(line, frame.axes[:2], step=step)


def neck_sections(frame: FemoralFrame, *, step: float = 1.0) -> SectionPlanes:
    """Return planes normal to the neck, head to shaft; their axes are anterior and proximal.

    The first one touches the sphere of the head, the last one lies where the neck meets the shaft.
    """
    length = float((frame.origin - frame.shaft_point) @ frame.neck_axis)
    reach = np.array([frame.head_radius, length])
    line = frame.origin - reach[:, None] * frame.neck_axis
    return sections_along(line, frame.axes[1:], step=step)


def sections_along(line: FloatArray, directions: FloatArray, *, step: float) -> SectionPlanes:
    """Return planes normal to a polyline, equally far apart along it.

    Parameters
    ----------
    line : (n, 3), mm
        Corners of the polyline, LPS.
    directions : (2, 3)
        Where the in-plane axes shall point: the first axis is the part of the first direction in
        the plane, the second axis is perpendicular to it, on the side of the second direction.
    step : float, mm
        Distance between planes along the line.

    Raises
    ------
    OutOfRangeError
        If the line is shorter than a step, or a direction runs along it.
    """
    check_shape("line", line, (None, 3))
    check_shape("directions", directions, (2, 3))
    check_finite("line", line)
    lengths = np.linalg.norm(np.diff(line, axis=0), axis=1)
    total = float(lengths.sum())
    if not 0.0 < step <= total:
        raise OutOfRangeError(
            found=f"sections every {step:.3g} mm of a line {total:.3g} mm long",
            expected="a positive step, and a line at least as long",
            remedy="check the landmarks of the femur, or choose a smaller step",
        )
    corner = np.concatenate([[0.0], np.cumsum(lengths)])
    position = step * np.arange(int(total / step * (1.0 + 1e-12)) + 1)
    centre = np.stack([np.interp(position, corner, line[:, i]) for i in range(3)], axis=1)
    tangent = np.gradient(centre, axis=0)
    return SectionPlanes(
        position=position, centre=centre, axes=_in_plane(_unit(tangent), directions)
    )


def _in_plane(normal: FloatArray, directions: FloatArray) -> FloatArray:
    """Return two unit vectors normal to each of `normal`, (n, 2, 3)."""
    first = directions[0] - (normal @ directions[0])[:, None] * normal
    size = np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(normal, first)
    side = second @ directions[1]
    if min(size.min(), np.abs(side).min()) < 1e-6:
        raise OutOfRangeError(
            found="directions for the axes of sections that do not span the plane of each",
            expected="two directions across the line that are not parallel in any section",
            remedy="name two other directions",
        )
    return np.stack([first / size, _unit(second) * np.sign(side)[:, None]], axis=1)


def _unit(vectors: FloatArray) -> FloatArray:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
