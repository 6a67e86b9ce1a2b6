"""Metal elsewhere in the scan, and streaks: noise that has a direction."""

import numpy as np

from femur_fea.domain import CHOSEN_THRESHOLD, CTVolume, FloatArray, LabelMask, QualityFlag
from femur_risk.quality.muscle import MuscleNoise
from femur_risk.segmentation import METAL_HU, MIN_METAL_VOLUME_MM3

__all__ = ["anisotropy", "metal_flags", "streak_flags"]

# share of the squared slope of the noise that one direction has more than the other: noise alone
# stays below a third of this in a slice
MAX_ANISOTROPY = 0.45
MIN_SLICES = 0.1  # share of the slices with muscle
_FEWEST = 300  # voxels of muscle in a slice


def metal_flags(ct: CTVolume, femur: LabelMask) -> tuple[QualityFlag, ...]:
    """Return a flag if the scan shows metal somewhere; at the bone it was refused before."""
    bright = np.argwhere(ct.hu > METAL_HU)
    volume = len(bright) * ct.grid.voxel_volume
    if volume < MIN_METAL_VOLUME_MM3:
        return ()
    levels = np.unique(bright[:, 2])
    beside = bool(femur.inside[:, :, levels].any())
    where = "in slices that show the bone" if beside else "in other slices than the bone"
    found = f"{volume / 1000.0:.3g} cm3 above {METAL_HU:.0f} HU {where}"
    expected = f"less than {MIN_METAL_VOLUME_MM3 / 1000.0:g} cm3"
    return (
        QualityFlag(
            name="metal",
            severity="caution" if beside else "note",
            found=found,
            expected=expected,
            effect=CHOSEN_THRESHOLD,
        ),
    )


def streak_flags(muscle: MuscleNoise) -> tuple[QualityFlag, ...]:
    """Return a flag if the noise near the bone is drawn out in one direction in many slices.

    Streaks start at metal and dense bone, of which they carry wrong CT numbers through the slice.
    """
    found = anisotropy(muscle)
    known = found[np.isfinite(found)]
    drawn = float(np.mean(known > MAX_ANISOTROPY)) if known.size else 0.0
    if drawn <= MIN_SLICES:
        return ()
    text = (
        f"noise drawn out in one direction, by {float(np.max(known)):.2f} at most, in {drawn:.0%} "
        "of the slices with muscle"
    )
    expected = f"at most {MAX_ANISOTROPY:g} in all but {MIN_SLICES:.0%} of them"
    return (
        QualityFlag(
            name="streaks",
            severity="severe",
            found=text,
            expected=expected,
            effect=CHOSEN_THRESHOLD,
        ),
    )


def anisotropy(muscle: MuscleNoise) -> FloatArray:
    r"""Return the anisotropy of the noise in each slice, (nk,), dimensionless; NaN without muscle.

    Notes
    -----
    Of the structure tensor, the mean of :math:`\nabla d \otimes \nabla d` over the muscle, with
    eigenvalues :math:`\lambda_1 \ge \lambda_2`: :math:`(\lambda_1 - \lambda_2) / (\lambda_1 +
    \lambda_2)`, 0 for noise without direction and 1 for parallel stripes.
    """
    inside = muscle.there.copy()
    for axis in (0, 1):
        for step in (-1, 1):
            inside &= np.roll(muscle.there, step, axis=axis)
    slope = [
        np.where(inside, np.gradient(muscle.noise, muscle.spacing[axis], axis=axis), 0.0)
        for axis in (0, 1)
    ]
    xx, yy, xy = (
        (slope[a] * slope[b]).sum(axis=(0, 1), dtype=float) for a, b in ((0, 0), (1, 1), (0, 1))
    )
    enough = (inside.sum(axis=(0, 1)) >= _FEWEST) & (xx + yy > 0.0)
    apart = np.hypot(xx - yy, 2.0 * xy)
    return np.where(enough, apart / np.where(enough, xx + yy, 1.0), np.nan)
