"""Anatomical regions of the proximal femur."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from femur_fea.domain import FemoralFrame, FloatArray

__all__ = ["Region", "region_of", "regions_of"]

type Region = Literal["head", "neck", "intertrochanteric", "subtrochanteric", "shaft"]

# Borders in head radii: modelling choices that follow the usual anatomy; the subtrochanteric
# region is the 50 mm of shaft below the lesser trochanter by definition.
_HEAD_END = 0.7  # behind the head centre, along the neck
_TROCHANTER_BEGIN = 0.8  # before the shaft axis, along the neck
_SUBTROCHANTERIC_LENGTH = 50.0  # mm


def region_of(frame: FemoralFrame, point: FloatArray) -> Region:
    """Return the anatomical region in which an LPS point, shape (3,), mm, lies."""
    region: Region = regions_of(frame, point[None])[0]
    return region


def regions_of(frame: FemoralFrame, points: FloatArray) -> NDArray[np.str_]:
    """Return the anatomical region in which each LPS point, (n, 3), mm, lies, (n,)."""
    arm = points - frame.origin
    along_neck = -arm @ frame.neck_axis
    neck_length = -float((frame.shaft_point - frame.origin) @ frame.neck_axis)
    below = (frame.lesser_trochanter - points) @ frame.axes[2]
    radius = np.linalg.norm(arm, axis=1) / frame.head_radius
    in_head = (radius < 1.5) & (along_neck < _HEAD_END * frame.head_radius)
    in_neck = along_neck < neck_length - _TROCHANTER_BEGIN * frame.head_radius
    return np.select(
        [below > _SUBTROCHANTERIC_LENGTH, below > 0.0, in_head, in_neck],
        ["shaft", "subtrochanteric", "head", "neck"],
        "intertrochanteric",
    )
