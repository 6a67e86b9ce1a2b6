"""The axis of the femoral shaft."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import FloatArray, ShaftReference, TriangleSurface
from femur_fea.errors import NotConvergedError, SegmentationError
from meshing.anatomy.head import Head
from meshing.anatomy.section import Section, cut

__all__ = ["LEAST_SHAFT", "Shaft", "deepest_fit", "find_shaft"]

LEAST_SHAFT = 40.0  # mm of shaft below the lesser trochanter, below which no axis is fitted

# In the four clinical femora of LibHip (Moshfeghifar et al. 2022, doi:10.1016/j.cmpb.2022.107140)
# the lesser trochanter has faded from the sections 2.9 to 3.3 head radii below the head's centre.
_TROCHANTER_LEVEL = 3.3
_LONGEST_FIT = 120.0  # mm: further down the shaft bows, and the condyles follow
_CUT_MARGIN = 10.0  # mm next to the distal cut, which may be oblique
_FEWEST_LEVELS = 5
_STEP = 2.0  # mm between sections
_STEPS, _TOLERANCE = 60, 1e-6  # rad


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shaft:
    """The line of the shaft.

    Attributes
    ----------
    point : (3,), mm
        A point of the line, LPS.
    axis : (3,)
        Unit vector, proximal.
    reference : {"shaft", "scanner"}
        Whether the line was fitted to sections, or runs along the scanner's z through the most
        distal section for want of a shaft.
    end : float, mm
        Height of the bone's distal end over the head's centre along the axis; negative.
    """

    point: FloatArray
    axis: FloatArray
    reference: ShaftReference
    end: float


def find_shaft(surface: TriangleSurface, head: Head) -> Shaft:
    """Return the axis of the shaft, or the scanner's where too little shaft is visible.

    Raises
    ------
    SegmentationError
        If the bone ends at the head.
    NotConvergedError
        If the fitted line keeps turning with the sections across it.
    """
    axis = np.array([0.0, 0.0, 1.0])
    for _ in range(_STEPS):
        centroids = _centroids(surface, head, axis)
        if len(centroids) < _FEWEST_LEVELS:
            return _scanner_shaft(surface, head)
        point, fitted = _line(centroids)
        turned = float(np.linalg.norm(fitted - axis))
        axis = fitted
        if turned < _TOLERANCE:
            break
    else:
        raise NotConvergedError(
            found=f"a shaft axis that still turns by {turned:.2g} rad after {_STEPS} steps",
            expected=f"less than {_TOLERANCE:g} rad",
            remedy="check the mask of the shaft for holes and spurs",
        )
    end = _end(surface, head, axis)
    if -end - _TROCHANTER_LEVEL * head.radius < LEAST_SHAFT:
        return _scanner_shaft(surface, head)
    return Shaft(point=point, axis=axis, reference="shaft", end=end)


def deepest_fit(head_radius: float) -> float:
    """Return how far below the head's centre the line of the shaft is fitted at most, mm."""
    return _TROCHANTER_LEVEL * head_radius + _LONGEST_FIT


def _end(surface: TriangleSurface, head: Head, axis: FloatArray) -> float:
    return float(((surface.points - head.centre) @ axis).min())


def _centroids(surface: TriangleSurface, head: Head, axis: FloatArray) -> FloatArray:
    """Return the centroids of the sections across the visible shaft, shape (n, 3), mm."""
    first = _TROCHANTER_LEVEL * head.radius
    last = min(deepest_fit(head.radius), -_end(surface, head, axis) - _CUT_MARGIN)
    depths = np.arange(first, last, _STEP)
    sections = [_largest(cut(surface, head.centre - d * axis, axis)) for d in depths]
    return np.array([s.centroid for s in sections]).reshape(-1, 3)


def _largest(sections: list[Section]) -> Section:
    return max(sections, key=lambda s: s.area)


def _line(centroids: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean and direction of the line of least squares, proximal."""
    mean = centroids.mean(axis=0)
    _, _, directions = np.linalg.svd(centroids - mean)
    # depths grow distally, so the first section is the most proximal
    proximal = directions[0] * np.sign(directions[0] @ (centroids[0] - centroids[-1]))
    return mean, proximal


def _scanner_shaft(surface: TriangleSurface, head: Head) -> Shaft:
    axis = np.array([0.0, 0.0, 1.0])
    end = _end(surface, head, axis)
    if end > -head.radius / 2.0:
        raise SegmentationError(
            found=f"a bone that ends {-end:.1f} mm below the centre of its head",
            expected=f"at least {head.radius / 2.0:.1f} mm",
            remedy="check that the mask is in scanner orientation, head uppermost",
        )
    level = head.centre + np.array([0.0, 0.0, end + _STEP])
    return Shaft(
        point=_largest(cut(surface, level, axis)).centroid,
        axis=axis,
        reference="scanner",
        end=end,
    )
