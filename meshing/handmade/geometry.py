"""The shape of the handmade femur and of its lesion.

Local coordinates are (lateral, anterior, proximal) in mm from the centre of the head. All sizes
are choices of this project, within the usual range of adults: a head of 48 mm diameter, a
neck-shaft angle near 128 degrees and 15 degrees of anteversion against the scanner. The shape is
not drawn from any population.
"""

import numpy as np

from femur_fea.domain import FloatArray
from meshing.distance import Point, ball, ellipsoid, round_cone, smooth_union

__all__ = [
    "CALCAR",
    "HEAD_RADIUS",
    "SHAFT_BOTTOM",
    "SHAFT_TOP",
    "WARD",
    "femur_distance",
    "lesion_distance",
]

HEAD_RADIUS = 24.0
NECK_START: Point = (8.0, -2.0, -6.0)
SHAFT_TOP: Point = (42.0, -11.0, -34.0)
SHAFT_WAIST: Point = (38.5, -11.0, -84.0)
SHAFT_BOTTOM: Point = (28.0, -9.0, -260.0)  # beyond the distal border of the scan
CALCAR: Point = (24.0, -9.0, -38.0)  # medial, where the neck's underside meets the shaft
WARD: Point = (33.0, -9.0, -22.0)  # centre of the sparse triangle between the trabecular groups

_LESION_CENTRE: Point = (16.0, -5.5, -23.0)
_LESION_SEMI_AXES: Point = (11.5, 10.0, 11.0)
_LESION_ROUGHNESS = 1.2  # mm, root mean square of the waves on its surface
_LESION_WAVES = 12
_LESION_WAVELENGTHS = (9.0, 25.0)  # mm


def femur_distance(points: FloatArray) -> FloatArray:
    """Return the signed distance to the femur's surface, shape (...), mm; negative inside."""
    shaft = round_cone(points, SHAFT_TOP, SHAFT_WAIST, 18.5, 15.0)
    shaft = smooth_union(shaft, round_cone(points, SHAFT_WAIST, SHAFT_BOTTOM, 15.0, 13.5), 4.0)
    neck = round_cone(points, NECK_START, SHAFT_TOP, 14.5, 17.5)
    greater = round_cone(points, (51.0, -17.0, -11.0), (52.0, -13.0, -42.0), 10.0, 13.0)
    lesser = ball(points, (27.5, -22.0, -63.0), 7.5)
    bone = smooth_union(shaft, neck, 10.0)
    bone = smooth_union(bone, greater, 12.0)
    bone = smooth_union(bone, lesser, 10.0)
    return smooth_union(bone, ball(points, (0.0, 0.0, 0.0), HEAD_RADIUS), 5.0)


def lesion_distance(points: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Return the signed distance to a lesion in the medial neck, shape (...), mm.

    An ellipsoid of about 22 mm that reaches past the underside of the neck, its surface waved by
    a few random plane waves.
    """
    waves = np.zeros(points.shape[:-1], dtype=points.dtype)
    for _ in range(_LESION_WAVES):
        direction = rng.normal(size=3)
        direction *= 2.0 * np.pi / (rng.uniform(*_LESION_WAVELENGTHS) * np.linalg.norm(direction))
        waves += np.sin(points @ direction.astype(points.dtype) + rng.uniform(0.0, 2.0 * np.pi))
    waves *= _LESION_ROUGHNESS * np.sqrt(2.0 / _LESION_WAVES)
    return np.asarray(ellipsoid(points, _LESION_CENTRE, _LESION_SEMI_AXES) + waves)
