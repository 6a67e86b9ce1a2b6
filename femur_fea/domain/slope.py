"""Where a curve that is known at a few states has become as flat as a given slope."""

import numpy as np

from femur_fea.domain.arrays import FloatArray

__all__ = ["force_at_slope"]

_STEEPEST = 3.0  # times a chord: a cubic between such slopes rises with its ends


def force_at_slope(displacement: FloatArray, force: FloatArray, slope: float) -> float | None:
    """Return the force at which a curve has flattened to a slope; None where it stays steeper.

    Parameters
    ----------
    displacement : (n_steps,), mm
        Of the states, growing. The first step is straight.
    force : (n_steps,), N
        Of the same states.
    slope : float, N/mm
        Less than that of the first step.

    Notes
    -----
    Between two states the curve is the cubic with given slopes at both. The slope at a state
    follows from the chords on either side: their logarithms, which belong to their middles, lie on
    a straight line, which is also continued to the last state that is looked at, the end of the
    first step that is so flat. At first yield it is that of the straight step, for bone begins to
    yield at one point. None is more than three times that of a chord beside it, so that the cubic
    does not overshoot (Fritsch and Carlson 1980, doi:10.1137/0717021).
    """
    run = np.diff(displacement)
    chord = np.diff(force) / run
    flat = np.flatnonzero(chord <= slope)
    if not flat.size:
        return None
    step = int(flat[0])
    slopes = _slopes(displacement[: step + 2], chord[: step + 1])
    if slopes[step] <= slope:
        step -= 1
    if step == 0:  # nothing rises beyond the straight step
        return float(force[1])
    first, last = slopes[step : step + 2]
    rise = run[step] * _rise(first, last, chord[step], slope)
    return float(force[step] + rise)


def _slopes(displacement: FloatArray, chord: FloatArray) -> FloatArray:
    """Return the slope at every state."""
    middle = 0.5 * (displacement[1:] + displacement[:-1])
    # a chord that falls has no logarithm; with the least positive slope in its place the curve is
    # flat at the state before, so that the slope is met in the step before, which rises
    logarithm = np.log(np.maximum(chord, np.finfo(float).tiny))
    steepness = np.diff(logarithm) / np.diff(middle)
    from_middle = displacement[2:] - middle[1:]
    ahead = np.append(steepness[1:], steepness[-1:])
    slopes = np.exp(logarithm[1:] + ahead * from_middle)
    slopes = np.minimum(slopes, _STEEPEST * chord[1:])
    slopes[:-1] = np.minimum(slopes[:-1], _STEEPEST * chord[2:])
    return np.concatenate([chord[:1], np.minimum(chord[:1], _STEEPEST * chord[1:2]), slopes])


def _rise(first: float, last: float, chord: float, slope: float) -> float:
    """Return how far a cubic over [0, 1] rises until its slope has fallen to a given one."""
    square, linear = 3.0 * (first + last - 2.0 * chord), 6.0 * chord - 4.0 * first - 2.0 * last
    above = first - slope
    x = 2.0 * above / (np.sqrt(linear**2 - 4.0 * square * above) - linear)
    return float(x * (first + x * (0.5 * linear + x * square / 3.0)))
