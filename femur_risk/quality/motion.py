"""Motion between slices: an outline of the bone that jumps where it should go on smoothly."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import (
    CHOSEN_THRESHOLD,
    BoolArray,
    CTVolume,
    FloatArray,
    LabelMask,
    QualityFlag,
)
from femur_risk.segmentation import crop

__all__ = ["jumps", "motion_flags"]

MAX_JUMP_MM = 1.0
# a smooth bone bends by more between slices that are farther apart
MAX_JUMP_PER_SLICE_MM = 0.75  # of the distance between slices
SEVERE_JUMPS = 2.0  # of them: as much as the cortex is thick, whose sheet tears there
_REACH = 8.0  # mm round the bone
_BAND = 3.0  # mm outside the bone that take part
_SMOOTH = 1.5  # mm in the plane
_ROUNDS = 8
_HUBER = 1.345  # robust standard deviations; 95 % as sharp as least squares where noise is normal
_MEDIAN_OF_NORMAL = 0.6745  # of the absolute value, in standard deviations
_LEAST_HU = 1.0  # below which a change is none, as in an image without noise
_NEIGHBOURS = 3  # steps before and after, of which the median is the smooth course
_ENDS = 4  # slices at either end of the bone, where it begins or ends


def motion_flags(ct: CTVolume, femur: LabelMask) -> tuple[QualityFlag, ...]:
    """Return a flag if the bone jumps from one slice to the next."""
    near = crop(ct, femur, margin=_REACH)
    found = jumps(near.ct, near.masks[0])
    distance = float(near.ct.grid.spacing[2])
    allowed = max(MAX_JUMP_MM, MAX_JUMP_PER_SLICE_MM * distance)
    count = int(np.count_nonzero(found > allowed))
    if not count:
        return ()
    text = f"the bone jumps sideways by up to {found.max():.1f} mm between slices, {count} time(s)"
    expected = f"at most {allowed:.3g} mm off its smooth course"
    return (
        QualityFlag(
            name="motion",
            severity="severe" if found.max() > SEVERE_JUMPS * allowed else "caution",
            found=text,
            expected=expected,
            effect=CHOSEN_THRESHOLD,
        ),
    )


def jumps(ct: CTVolume, femur: LabelMask) -> FloatArray:
    """Return by how much each step from slice to slice leaves the smooth course, (n,), mm.

    The shift in the plane between two neighbouring slices is found from the edges in and round
    the bone (Lucas and Kanade 1981), and compared with the median of the shifts beside it.
    """
    steps = _shifts(ct, femur)
    if len(steps) < 2 * _NEIGHBOURS + 1:
        return np.zeros(0)
    wide = 2 * _NEIGHBOURS + 1
    padded = np.pad(steps, ((_NEIGHBOURS, _NEIGHBOURS), (0, 0)), mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, wide, axis=0)
    course = np.median(np.delete(windows, _NEIGHBOURS, axis=2), axis=2)
    return np.asarray(np.linalg.norm(steps - course, axis=1))


def _shifts(ct: CTVolume, femur: LabelMask) -> FloatArray:
    """Return the shift of the bone from each slice to the next, (n, 2), mm."""
    spacing = ct.grid.spacing
    there = np.flatnonzero(femur.inside.any(axis=(0, 1)))[_ENDS:-_ENDS]
    if there.size < 2:
        return np.zeros((0, 2))
    flat = np.array([1.0, 1.0, 0.0])
    hu = ct.hu[:, :, there[0] : there[-1] + 1].astype(np.float32)
    smooth = ndimage.gaussian_filter(hu, _SMOOTH / spacing * flat)
    inside = femur.inside[:, :, there[0] : there[-1] + 1]
    size = [2 * int(np.ceil(_BAND / step)) + 1 for step in spacing[:2]]
    band = ndimage.maximum_filter(inside, size=(*size, 1))
    return np.array(
        [
            _shift(smooth[:, :, k], smooth[:, :, k + 1], band[:, :, k] | band[:, :, k + 1])
            * spacing[:2]
            for k in range(hu.shape[2] - 1)
        ]
    )


def _shift(first: FloatArray, second: FloatArray, where: BoolArray) -> FloatArray:
    """Return the shift, in voxels, that takes one slice to the next, (2,).

    Edges that begin or end between the slices, as where the neck meets the trochanter, count less
    (Huber, Ann Math Stat 1964;35:73): a body that moves moves all its edges.
    """
    shift = np.zeros(2)
    for _ in range(_ROUNDS):
        moved = ndimage.shift(first, shift, order=1, mode="nearest")
        middle = 0.5 * (moved + second)
        slopes = np.stack([np.gradient(middle, axis=axis)[where] for axis in (0, 1)], axis=1)
        change = (second - moved)[where]
        spread = np.median(np.abs(change)) / _MEDIAN_OF_NORMAL
        weight = 1.0 / np.sqrt(np.maximum(1.0, np.abs(change) / max(_HUBER * spread, _LEAST_HU)))
        step = np.linalg.lstsq(slopes * weight[:, None], -change * weight, rcond=None)[0]
        shift += step
    return shift
