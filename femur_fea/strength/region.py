"""Anatomical regions of the proximal femur."""

from typing import Literal

import numpy as np

from femur_fea.domain import FemoralFrame, FloatArray

__all__ = ["Region", "region_of"]

type Region = Literal["head", "neck", "intertrochanteric", "subtrochanteric", "shaft"]

# Borders in head radii: modelling choices that follow the usual anatomy; the subtrochanteric
# region is the 50 mm of shaft below the lesser trochanter by definition.
_HEAD_END = 0.7  # behind the head centre, along the neck
_TROCHANTER_BEGIN = 0.8  # before the shaft axis, along the neck
_SUBTROCHANTERIC_LENGTH = 50.0  # mm


def region_of(frame: FemoralFrame, point: FloatArray) -> Region:
    """Return the anatomical region in which an LPS point, shape (3,), lies."""
    along_neck = -float((point - frame.origin) @ frame.neck_axis)
    neck_length = -float((frame.shaft_point - frame.origin) @ frame.neck_axis)
    below = float((frame.lesser_trochanter - point) @ frame.axes[2])
    radius = float(np.linalg.norm(point - frame.origin)) / frame.head_radius
    if below > 0.0:
        return "subtrochanteric" if below <= _SUBTROCHANTERIC_LENGTH else "shaft"
    if radius < 1.5 and along_neck < _HEAD_END * frame.head_radius:
        return "head"
    if along_neck < neck_length - _TROCHANTER_BEGIN * frame.head_radius:
        return "neck"
    return "intertrochanteric"
