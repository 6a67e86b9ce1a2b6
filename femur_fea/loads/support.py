"""How the femur is held."""

import warnings

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame
from femur_fea.errors import FemurFEAWarning, OutOfRangeError, ShortShaftError

__all__ = ["embedded_distally"]

# Points nearer to the head centre than this many head radii are head, which is never embedded:
# where a scan ends at the trochanters, the lowest millimetres of bone hold part of it.
_HEAD = 1.1


def embedded_distally(mesh: BoneMesh, frame: FemoralFrame, *, length: float) -> BoolArray:
    """Return the points in the lowest `length` mm along the shaft, shape (n_points,).

    The femoral head is left free, also where the scan ends so high that it reaches down into
    that length. Where the support reaches above the lesser trochanter, a warning says so.

    Raises
    ------
    ShortShaftError
        If the embedding would reach the height of the head centre.
    """
    if not 0.0 < length < np.inf:
        raise OutOfRangeError(
            found=f"a support of {length:.3g} mm of the bone's length",
            expected="a positive length",
            remedy="embed 10 mm or more",
        )
    local = frame.to_frame(mesh.points)
    lowest = float(local[:, 2].min())
    if lowest + length > 0.0:
        raise ShortShaftError(
            found=f"a bone that ends {-lowest:.1f} mm below the head centre, to be embedded over "
            f"{length:.1f} mm",
            expected="the support to end below the head centre",
            remedy="use a scan that shows more of the femur, or a shorter embedding",
        )
    _warn_of_held_trochanters(frame, lowest + length, length)
    on_head = np.linalg.norm(local, axis=1) < _HEAD * frame.head_radius
    return np.asarray((local[:, 2] <= lowest + length) & ~on_head)


def _warn_of_held_trochanters(frame: FemoralFrame, top: float, length: float) -> None:
    above = top - float(frame.to_frame(frame.lesser_trochanter[None])[0, 2])
    if above > 0.0:
        warnings.warn(
            f"the support, the lowest {length:g} mm, reaches {above:.0f} mm above the lesser "
            f"trochanter; there is {frame.shaft_words}. Whatever the load, strength is that of a "
            "femur held at its trochanters",
            FemurFEAWarning,
            stacklevel=3,
        )
