"""Whether the slices of a stack follow each other as they should."""

import warnings
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from femur_fea.errors import FemurFEAWarning, ImageError
from femur_fea.io.dicom.header import SliceHeader
from femur_fea.io.dicom.samples import stored_samples
from femur_fea.io.dicom.stack import Stack
from femur_fea.io.image import SPACING_RANGE_MM

__all__ = ["check_steps", "is_even", "without_doubles"]

_SAME_PLACE = 0.01  # mm, below which no scanner moves
_STEP_TOLERANCE = 0.05  # of the step; a missing slice makes 1
_FARTHEST_OFF = 0.5  # of the step, from where an even stack would have a slice
_WIDEST_GAP = 2.0  # steps that interpolation may bridge: one slice is missing
_MIN_SLICES = 2
_MOST_LISTED = 5


def without_doubles(stack: Stack) -> Stack:
    """Return the stack with each place once; slices that repeat another are dropped.

    Those are reported with a `FemurFEAWarning`.

    Raises
    ------
    ImageError
        If two different slices lie at one place.
    """
    is_double = np.diff(stack.along, prepend=-np.inf) < _SAME_PLACE
    dropped: list[str] = []
    for n in np.flatnonzero(is_double):
        before, item = stack.slices[n - 1], stack.slices[n]
        _check_equal(before, item)
        dropped.append(f"{item.name} repeats {before.name}")
    if not dropped:
        return stack
    warnings.warn(
        f"dropped {len(dropped)} doubled slice(s): {_listed(dropped)}",
        FemurFEAWarning,
        stacklevel=2,
    )
    kept = np.flatnonzero(~is_double)
    return replace(stack, slices=tuple(stack.slices[n] for n in kept), along=stack.along[kept])


def check_steps(stack: Stack, *, may_interpolate: bool) -> None:
    """Raise unless slices are evenly spaced, or uneven steps are small and may be bridged.

    Raises
    ------
    ImageError
        With the places where slices are missing, or with the range of steps.
    """
    if len(stack.slices) < _MIN_SLICES:
        raise ImageError(
            found=f"{len(stack.slices)} slice in the CT series",
            expected=f"at least {_MIN_SLICES} slices",
            remedy="give the whole series",
        )
    low, high = SPACING_RANGE_MM
    if not low <= stack.step <= high:
        raise ImageError(
            found=f"slices {stack.step:.3g} mm apart",
            expected=f"between {low:g} and {high:g} mm",
            remedy="correct the positions, or their unit, in the header",
        )
    if is_even(stack):
        return
    steps = np.diff(stack.along) / stack.step
    if may_interpolate and steps.max() <= _WIDEST_GAP + _STEP_TOLERANCE:
        return
    raise _missing(stack) if _are_multiples(stack) else _uneven(stack)


def is_even(stack: Stack) -> bool:
    """Whether all steps of a stack are the same, and small differences do not add up."""
    steps = np.diff(stack.along)
    even = np.linspace(stack.along[0], stack.along[-1], len(stack.along))
    return bool(
        np.all(np.abs(steps - stack.step) <= _STEP_TOLERANCE * stack.step)
        and np.all(np.abs(stack.along - even) <= _FARTHEST_OFF * stack.step)
    )


def _are_multiples(stack: Stack) -> bool:
    steps = np.diff(stack.along) / stack.step
    whole = np.round(steps)
    near = np.all(np.abs(steps - whole) <= _STEP_TOLERANCE)
    return bool(near and whole.min() >= 1.0 and whole.max() > 1.0)


def _check_equal(one: SliceHeader, other: SliceHeader) -> None:
    ours, theirs = stored_samples((one, other))
    if one.rescale != other.rescale or not np.array_equal(ours, theirs):
        raise ImageError(
            found=f"{one.name} and {other.name} at one place, with different content",
            expected="one slice at each place",
            remedy="keep one of the two scans or phases of the series",
        )


def _missing(stack: Stack) -> ImageError:
    counts = np.round(np.diff(stack.along) / stack.step).astype(int) - 1
    gaps = [
        f"{counts[n]} between {stack.slices[n].name} and {stack.slices[n + 1].name}"
        for n in np.flatnonzero(counts)
    ]
    return ImageError(
        found=f"{counts.sum()} slice(s) missing: {_listed(gaps)}",
        expected=f"a slice every {stack.step:.3g} mm",
        remedy="export the whole series again",
    )


def _uneven(stack: Stack) -> ImageError:
    steps = np.diff(stack.along)
    n = int(np.argmax(np.abs(steps - stack.step)))
    return ImageError(
        found=f"slices {steps.min():.3g} to {steps.max():.3g} mm apart; from"
        f" {stack.slices[n].name} to {stack.slices[n + 1].name} it is {steps[n]:.3g} mm",
        expected=f"even steps of {stack.step:.3g} mm",
        remedy="export the series with even steps; or, where no gap is wider than"
        f" {_WIDEST_GAP:g} steps, set uneven_slices = 'interpolate' under [input]",
    )


def _listed(texts: Sequence[str]) -> str:
    more = f" and {len(texts) - _MOST_LISTED} more" if len(texts) > _MOST_LISTED else ""
    return f"{', '.join(texts[:_MOST_LISTED])}{more}"
