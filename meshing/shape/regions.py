"""The anatomical regions of the model's surface."""

from typing import Literal, get_args

import numpy as np

from femur_fea.domain import BoolArray, FemoralFrame, FloatArray, IntArray

__all__ = ["REGIONS", "Region", "label_regions"]

type Region = Literal[
    "head",
    "neck",
    "greater_trochanter",
    "lesser_trochanter",
    "intertrochanteric",
    "subtrochanteric",
    "shaft",
    "distal",
]
REGIONS: tuple[Region, ...] = get_args(Region.__value__)

# choices for the mean femur, seen on pictures; lengths are in head radii unless said otherwise
_HEAD_END = 0.72  # along the neck axis from the head's centre: where the sphere meets the neck
_HEAD_REACH = 1.2  # from the head's centre
_NECK_END = 1.75  # along the neck axis: the trochanters begin
_NECK_REACH = 1.0  # from the neck axis
_GREATER_LATERAL = 0.15  # lateral of the shaft axis
_GREATER_CROWN = 0.15  # height over the crossing of the axes above which all beyond the neck is
_GREATER_END = -0.85  # height over the crossing of the axes: about the ridge of vastus lateralis
_LESSER_HEIGHTS = (-2.0, -0.4)  # over the crossing of the axes, in which its tip lies
_LESSER_REACH = 0.65  # from its tip
_SUBTROCHANTERIC = 50.0  # mm below the lesser trochanter: the usual clinical definition


def label_regions(points: FloatArray, frame: FemoralFrame) -> IntArray:
    """Return the region of every point of a whole femur, shape (n,), indices into `REGIONS`.

    Parameters
    ----------
    points : (n, 3), mm
        Surface points, LPS, the mechanical axis along z.
    frame : FemoralFrame
        Of that femur.

    Notes
    -----
    The subtrochanteric region is the 50 mm below the lesser trochanter. The distal region is a
    square whose side is the greatest width across the condyles (the rule of squares of AO/OTA,
    J Orthop Trauma 2018;32 Suppl 1:S1, doi:10.1097/BOT.0000000000001063).
    """
    r = frame.head_radius
    local = frame.to_frame(points)
    crossing = frame.to_frame(frame.shaft_point[None])[0]
    lateral, height = local[:, 0] - crossing[0], local[:, 2] - crossing[2]
    arm = points - frame.origin
    along = -arm @ frame.neck_axis
    aside = np.linalg.norm(arm + along[:, None] * frame.neck_axis, axis=1)

    lesser = _lesser_trochanter(points, local - crossing, r)
    lower_end = height[lesser].min()
    distal_top = points[:, 2].min() + np.ptp(points[points[:, 2] < _knee(points), 0])
    labels = np.full(len(points), REGIONS.index("intertrochanteric"))
    for name, where in (
        ("greater_trochanter", (lateral > _GREATER_LATERAL * r) & (height > _GREATER_END * r)),
        ("greater_trochanter", height > _GREATER_CROWN * r),
        ("neck", (along < _NECK_END * r) & (aside < _NECK_REACH * r)),
        ("head", (along < _HEAD_END * r) & (np.linalg.norm(arm, axis=1) < _HEAD_REACH * r)),
        ("subtrochanteric", height < lower_end),
        ("shaft", height < lower_end - _SUBTROCHANTERIC),
        ("distal", points[:, 2] < distal_top),
        ("lesser_trochanter", lesser),
    ):
        labels[where] = REGIONS.index(name)
    return labels


def _knee(points: FloatArray) -> float:
    """Return a height below which there are condyles only, mm."""
    return float(points[:, 2].min() + 0.08 * np.ptp(points[:, 2]))


def _lesser_trochanter(points: FloatArray, from_crossing: FloatArray, radius: float) -> BoolArray:
    """Return the points round the tip that stands out most behind and medial of the shaft."""
    low, high = (h * radius for h in _LESSER_HEIGHTS)
    lateral, anterior, height = from_crossing.T
    there = (height > low) & (height < high) & (anterior < 0.0) & (lateral < 0.0)
    tip = points[np.argmax(np.where(there, np.hypot(lateral, anterior), 0.0))]
    return np.asarray(np.linalg.norm(points - tip, axis=1) < _LESSER_REACH * radius)
