"""From slices as they were scanned to samples on a regular, rectangular grid.

Slices of a tilted gantry are moved within their own planes; nothing is mixed between slices.
Uneven slices are interpolated along the normal. A sample that rests on one outside the measured
field is outside as well.
"""

import math
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from femur_fea.domain import BoolArray, FloatArray, IntArray
from femur_fea.io.dicom.scale import AIR, Samples

__all__ = ["UnevenSlices", "evened", "upright"]

type UnevenSlices = Literal["refuse", "interpolate"]

_ANY = 1e-6  # weight above which a sample outside counts


def upright(samples: Samples, shifts: FloatArray) -> tuple[Samples, FloatArray]:
    """Return slices moved within their planes, so that they lie above each other.

    Parameters
    ----------
    samples : Samples
        CT numbers of n slices.
    shifts : (n, 2), samples
        Where the first sample of each slice lies along columns and rows.

    Returns
    -------
    samples : Samples
        As many slices, wide enough to hold all of them; what no slice covers is air, and outside.
    first : (2,), samples
        Where the first sample of every slice lies now.
    """
    first = np.floor(shifts.min(axis=0) + _ANY)
    wide, high = (math.ceil(side - _ANY) for side in (shifts - first).max(axis=0))
    n, rows, columns = samples.hu.shape
    shape = n, rows + high, columns + wide
    hu = np.empty(shape, dtype=samples.hu.dtype)
    outside = np.empty(shape, dtype=bool)
    for k, shift in enumerate(shifts - first):
        canvas = np.full(shape[1:], AIR, dtype=np.float32)
        canvas[:rows, :columns] = samples.hu[k]
        unseen = np.ones(shape[1:], dtype=np.float32)
        unseen[:rows, :columns] = 0.0 if samples.outside is None else samples.outside[k]
        outside[k] = _moved(unseen, shift, 1.0) > _ANY
        moved = np.where(outside[k], AIR, _moved(canvas, shift, AIR))
        hu[k] = _stored(moved, hu.dtype)
    return Samples(hu=hu, outside=outside), first


def evened(samples: Samples, along: FloatArray, places: FloatArray) -> Samples:
    """Return slices at other places, linear between the slices there are.

    Parameters
    ----------
    samples : Samples
        CT numbers of n slices.
    along : (n,), mm
        Where they lie, ascending.
    places : (m,), mm
        Where slices are wanted, from the first to the last of those.
    """
    before = np.clip(np.searchsorted(along, places, side="right") - 1, 0, len(along) - 2)
    weights = (places - along[before]) / (along[before + 1] - along[before])
    hu = _mixed(samples.hu, before, weights, lambda mixed: _stored(mixed, samples.hu.dtype))
    if samples.outside is None:
        return Samples(hu=hu, outside=None)
    outside = _mixed(samples.outside, before, weights, lambda mixed: mixed > _ANY)
    hu[outside] = AIR
    return Samples(hu=hu, outside=outside)


def _mixed[A: FloatArray | IntArray | BoolArray](
    slices: A, before: IntArray, weights: FloatArray, finish: Callable[[FloatArray], A]
) -> A:
    """Return (1 - weight) * slice `before` + weight * the next one, for each place."""
    mixed = np.empty((len(before), *slices.shape[1:]), dtype=slices.dtype)
    for k, (n, weight) in enumerate(zip(before, weights.astype(np.float32), strict=True)):
        mixed[k] = finish((1 - weight) * slices[n] + weight * slices[n + 1])
    return mixed  # type: ignore[return-value] # made of the same type


def _moved(plane: FloatArray, shift: FloatArray, beyond: float) -> FloatArray:
    """Return a slice moved by fractions of samples along columns and rows, linear between them."""
    from scipy.ndimage import shift as moved_by

    along_columns, along_rows = shift
    return np.asarray(moved_by(plane, (along_rows, along_columns), order=1, cval=beyond))


def _stored(hu: FloatArray, dtype: np.dtype[Any]) -> Any:
    """Return CT numbers in the type of the scan, rounded where that is whole."""
    rounded = np.rint(hu) if np.issubdtype(dtype, np.integer) else hu
    return rounded.astype(dtype)
