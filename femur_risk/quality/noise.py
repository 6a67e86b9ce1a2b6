"""Level and grain of the noise: how certain a voxel is, and how sharp the kernel was."""

import numpy as np

from femur_fea.domain import CHOSEN_THRESHOLD, QualityFlag
from femur_risk.quality.effects import KERNEL
from femur_risk.quality.muscle import MuscleNoise

__all__ = ["correlation_at", "noise_flags"]

# HU: 5 % of the density of trabecular bone by 0.8e-3 g/cm3 per HU
MAX_NOISE_HU = 40.0
GRAIN_MM = 1.0
# correlation of the noise at that distance; a kernel for soft tissue has about a half
MIN_CORRELATION = 0.2
_COARSEST_MM = 1.2  # voxels in which the grain of the noise can be told
_FEWEST = 500  # voxels of muscle


def noise_flags(muscle: MuscleNoise) -> tuple[QualityFlag, ...]:
    """Return flags of noise and of the kernel that the noise betrays; none without muscle."""
    if np.count_nonzero(muscle.there) < _FEWEST:
        return ()
    return (*_level(muscle), *_grain(muscle))


def _level(muscle: MuscleNoise) -> tuple[QualityFlag, ...]:
    level = muscle.level
    if level <= MAX_NOISE_HU:
        return ()
    found = f"noise of {level:.0f} HU in muscle near the bone"
    return (
        QualityFlag(
            name="noise",
            severity="caution",
            found=found,
            expected=f"at most {MAX_NOISE_HU:g} HU",
            effect=CHOSEN_THRESHOLD,
        ),
    )


def _grain(muscle: MuscleNoise) -> tuple[QualityFlag, ...]:
    if muscle.spacing[:2].max() > _COARSEST_MM:
        return ()
    correlation = correlation_at(muscle, GRAIN_MM)
    if correlation is None or correlation >= MIN_CORRELATION:
        return ()
    found = f"noise whose correlation is {correlation:.2f} at {GRAIN_MM:g} mm, as of a sharp kernel"
    expected = f"at least {MIN_CORRELATION:g}"
    return (
        QualityFlag(
            name="kernel, from its noise",
            severity="caution",
            found=found,
            expected=expected,
            effect=KERNEL,
        ),
    )


def correlation_at(muscle: MuscleNoise, distance: float) -> float | None:
    """Return the correlation of the noise at a distance in the plane, mm; None without pairs."""
    found = [_along(muscle, axis, distance) for axis in (0, 1)]
    known = [value for value in found if value is not None]
    return float(np.mean(known)) if known else None


def _along(muscle: MuscleNoise, axis: int, distance: float) -> float | None:
    """Interpolate between the correlations at the two nearest whole numbers of voxels."""
    steps = distance / float(muscle.spacing[axis])
    low = int(np.floor(steps))
    ends = [_at_lag(muscle, axis, lag) for lag in (low, low + 1)]
    if ends[0] is None or ends[1] is None:
        return None
    return ends[0] + (steps - low) * (ends[1] - ends[0])


def _at_lag(muscle: MuscleNoise, axis: int, lag: int) -> float | None:
    if lag == 0:
        return 1.0
    n = muscle.there.shape[axis]
    first, second = (
        tuple(part if a == axis else slice(None) for a in range(3))
        for part in (slice(0, n - lag), slice(lag, n))
    )
    both = muscle.there[first] & muscle.there[second]
    if np.count_nonzero(both) < _FEWEST:
        return None
    return float(np.corrcoef(muscle.noise[first][both], muscle.noise[second][both])[0, 1])
