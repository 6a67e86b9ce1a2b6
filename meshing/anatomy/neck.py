"""The axis of the femoral neck."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray, TriangleSurface
from femur_fea.errors import NotConvergedError, SegmentationError
from meshing.anatomy.head import Head
from meshing.anatomy.section import Section, cut

__all__ = ["Neck", "find_neck"]

_FIRST, _LAST, _STEP = 0.7, 2.4, 0.05  # head radii from the head's centre: rim to trochanter
_NARROW = 1.3  # sections up to this times the least make up the neck
_STEPS, _TOLERANCE = 60, 1e-5  # rad
_DAMPING = 0.8  # the neck's sections turn with the axis; shorter steps keep the two from chasing
# directions tried first, about the head's bare side; all round where none leads into the bone
_N_STARTS, _START_CONES = 80, (np.deg2rad(70.0), np.pi)
_START_DEPTHS = (1.0, 1.15, 1.3)  # head radii


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Neck:
    """Where the neck is narrowest, and its axis.

    Attributes
    ----------
    isthmus : (3,), mm
        Centroid of the narrowest stretch, LPS.
    area : float, mm2
        Area of the narrowest section across the axis.
    axis : (3,)
        Unit vector from the isthmus to the head's centre.
    """

    isthmus: FloatArray
    area: float
    axis: FloatArray


def find_neck(surface: TriangleSurface, head: Head) -> Neck:
    """Return the line from the head's centre through the narrowest stretch of the neck.

    Raises
    ------
    SegmentationError
        If the bone does not narrow beyond the head.
    NotConvergedError
        If no axis passes through the narrowest stretch across itself.
    """
    outward = _start(surface, head)
    for _ in range(_STEPS):
        isthmus, area = _isthmus(surface, head, outward)
        wanted = (isthmus - head.centre) / np.linalg.norm(isthmus - head.centre)
        apart = float(np.linalg.norm(wanted - outward))
        if apart < _TOLERANCE:
            return Neck(isthmus=isthmus, area=area, axis=-wanted)
        outward = outward + _DAMPING * (wanted - outward)
        outward /= np.linalg.norm(outward)
    raise NotConvergedError(
        found=f"a neck axis that still turns by {apart:.2g} rad after {_STEPS} steps",
        expected=f"less than {_TOLERANCE:g} rad",
        remedy="check the mask of the neck for holes, spurs and pieces of the hip bone",
    )


def _start(surface: TriangleSurface, head: Head) -> FloatArray:
    """Return the direction along which the sections beyond the head are best centred, (3,)."""
    for opening in _START_CONES:
        directions = _cone(head.towards_neck, opening)
        offsets = [_offset(surface, head, direction) for direction in directions]
        if np.isfinite(offsets).any():
            break
    return np.asarray(directions[int(np.argmin(offsets))])


def _cone(axis: FloatArray, opening: float) -> FloatArray:
    """Return directions spread evenly (a Fibonacci spiral) within a cone, shape (n, 3)."""
    k = np.arange(_N_STARTS) + 0.5
    cosine = 1.0 - (1.0 - np.cos(opening)) * k / _N_STARTS
    azimuth = np.pi * (1.0 + np.sqrt(5.0)) * k
    sine = np.sqrt(1.0 - cosine**2)
    _, _, basis = np.linalg.svd(axis[None])
    return np.asarray(
        cosine[:, None] * axis
        + (sine * np.cos(azimuth))[:, None] * basis[1]
        + (sine * np.sin(azimuth))[:, None] * basis[2]
    )


def _offset(surface: TriangleSurface, head: Head, direction: FloatArray) -> float:
    """Largest distance of a section's centroid from the axis, infinite where the bone ends."""
    offsets = []
    for depth in np.array(_START_DEPTHS) * head.radius:
        section = _round_axis(surface, head, direction, depth)
        if section is None:
            return np.inf
        offsets.append(float(np.linalg.norm(section.centroid - head.centre - depth * direction)))
    return max(offsets)


def _round_axis(
    surface: TriangleSurface, head: Head, direction: FloatArray, depth: float
) -> Section | None:
    """Return the largest piece of a section whose centroid lies near the axis."""
    on_axis = head.centre + depth * direction
    near = [
        s
        for s in cut(surface, on_axis, direction)
        if s.area > 0.0 and np.linalg.norm(s.centroid - on_axis) < head.radius
    ]
    return max(near, key=lambda s: s.area, default=None)


def _isthmus(surface: TriangleSurface, head: Head, outward: FloatArray) -> tuple[FloatArray, float]:
    """Return centroid and least area of the narrow stretch across a direction."""
    sections = _sections_along(surface, head, outward)
    areas = np.array([s.area for s in sections])
    narrowest = int(areas.argmin())
    if narrowest in (0, len(areas) - 1):
        raise SegmentationError(
            found=f"no narrowing beyond the head of radius {head.radius:.1f} mm (fit residual "
            f"{head.residual:.2f} mm); sections go from {areas[0]:.0f} to {areas[-1]:.0f} mm2",
            expected="a neck between head and trochanters",
            remedy="check that the mask holds the neck and part of the trochanters",
        )
    # weights that fall smoothly to zero: sections that come and go do not make the axis jump
    excess = areas / areas[narrowest] - 1.0
    weight = np.clip(1.0 - excess / (_NARROW - 1.0), 0.0, None) ** 2
    centroids = np.array([s.centroid for s in sections])
    return np.average(centroids, axis=0, weights=weight), float(areas[narrowest])


def _sections_along(surface: TriangleSurface, head: Head, outward: FloatArray) -> list[Section]:
    """Return the sections round the axis from the head to where the trochanters begin."""
    found: list[Section] = []
    for t in np.arange(_FIRST, _LAST, _STEP) * head.radius:
        section = _round_axis(surface, head, outward, t)
        if section is None:
            break
        found.append(section)
        if section.area > _NARROW * min(s.area for s in found):
            break
    if len(found) < 3:
        raise SegmentationError(
            found=f"a bone that ends {len(found) * _STEP * head.radius:.0f} mm beyond the head",
            expected="a neck",
            remedy="check that the mask is not cut between head and trochanters",
        )
    return found
