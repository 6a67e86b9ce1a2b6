"""Signed distances to simple bodies, negative inside; points are (..., 3) in mm."""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["ball", "ellipsoid", "round_cone", "smooth_union"]

type Point = tuple[float, float, float]


def ball(points: FloatArray, centre: Point, radius: float) -> FloatArray:
    """Return the distance to a ball, shape (...), mm."""
    return np.asarray(np.linalg.norm(points - _as_array(points, centre), axis=-1) - radius)


def ellipsoid(points: FloatArray, centre: Point, semi_axes: Point) -> FloatArray:
    """Return the distance to an ellipsoid along the axes, exact on its surface to first order."""
    axes = _as_array(points, semi_axes)
    arm = points - _as_array(points, centre)
    scaled = np.linalg.norm(arm / axes, axis=-1)
    slope = np.linalg.norm(arm / axes**2, axis=-1)
    return np.asarray(scaled * (scaled - 1.0) / np.maximum(slope, 1e-6))


def round_cone(
    points: FloatArray, start: Point, end: Point, start_radius: float, end_radius: float
) -> FloatArray:
    """Return the distance to a rod between two points whose radius changes evenly."""
    first, last = _as_array(points, start), _as_array(points, end)
    along = last - first
    share = np.clip((points - first) @ along / (along @ along), 0.0, 1.0)
    nearest = first + share[..., None] * along
    radius = start_radius + share * (end_radius - start_radius)
    return np.asarray(np.linalg.norm(points - nearest, axis=-1) - radius)


def smooth_union(first: FloatArray, second: FloatArray, fillet: float) -> FloatArray:
    """Return the distance to the union of two bodies, their crease filled over `fillet` mm."""
    blend = np.clip(0.5 + 0.5 * (second - first) / fillet, 0.0, 1.0)
    return np.asarray(
        second + (first - second) * blend - fillet * blend * (1.0 - blend), dtype=first.dtype
    )


def _as_array(points: FloatArray, values: Point) -> FloatArray:
    return np.asarray(values, dtype=points.dtype)
