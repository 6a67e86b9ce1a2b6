"""The field of view: whether body or bone reach its sides."""

import numpy as np

from femur_fea.domain import CTVolume, FloatArray, LabelMask
from femur_risk.quality.effects import CHOICE
from femur_risk.quality.flag import QualityFlag
from femur_risk.quality.header import flag

__all__ = ["body_at_the_sides", "view_flags"]

TISSUE_HU = -300.0  # between air and fat
MAX_BODY_AT_SIDES = 0.01  # share of the sides' voxels: a table or a sheet may touch them
NEAR_SIDE_MM = 10.0


def view_flags(ct: CTVolume, femur: LabelMask) -> tuple[QualityFlag, ...]:
    """Return a flag if the body is cut by the sides of the image, a graver one near the bone."""
    share = body_at_the_sides(ct)
    if share <= MAX_BODY_AT_SIDES:
        return ()
    distance = _distance_to_sides(femur)
    near = distance < NEAR_SIDE_MM
    found = (
        f"tissue in {share:.0%} of the voxels at the image's sides, {distance:.0f} mm from the bone"
        " at the nearest: the scan does not show the whole body"
    )
    expected = f"at most {MAX_BODY_AT_SIDES:.0%}, or {NEAR_SIDE_MM:g} mm from the bone"
    return (flag("truncation", "caution" if near else "note", found, expected, CHOICE),)


def body_at_the_sides(ct: CTVolume) -> float:
    """Return the share of the voxels at the four sides of the slices that show tissue."""
    sides: list[FloatArray] = [
        np.take(ct.hu, end, axis=axis).ravel() for axis in (0, 1) for end in (0, -1)
    ]
    return float(np.mean(np.concatenate(sides) > TISSUE_HU))


def _distance_to_sides(femur: LabelMask) -> float:
    """Return how near the bone comes to a side of its slices, mm."""
    gaps = []
    for axis in (0, 1):
        other = tuple(a for a in range(3) if a != axis)
        there = np.flatnonzero(femur.inside.any(axis=other))
        nearest = min(int(there[0]), femur.grid.shape[axis] - 1 - int(there[-1]))
        gaps.append(nearest * float(femur.grid.spacing[axis]))
    return min(gaps)
