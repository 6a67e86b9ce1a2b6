"""How far to go along a direction in which the energy of a step falls."""

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.bone import Bone
from femur_fea.solver.state import Equilibrium
from femur_fea.solver.trial import Trial

__all__ = ["search"]

_MAX_TRIALS = 8
_STEEP = 0.8  # slope upwards at the end of a step, over that downwards at its beginning
_DOWNHILL = 0.6  # slope downwards at the end, over that at the beginning
_FARTHER = 4.0  # step over the one before, where it still leads downhill
_DESCENT = 1e-4  # fall of the energy over that along its slope
_ROUND_OFF = 1e-10  # of the energy


def search(
    bone: Bone, start: Equilibrium, position: float, trial: Trial, direction: FloatArray
) -> Trial | None:
    """Return the end of a Newton step of the length at which the energy has fallen enough.

    None where it had to be shortened too often: the direction is a poor one.

    The energy is convex unless the yield stress falls. Where it rises steeply at the end, the
    secant through its slopes is followed; where it lies too high, as it may beyond a hill, the
    parabola through it; where it still falls as steeply, as it does while a bone collapses, the
    step is made longer.
    """
    slope = float(np.vdot(trial.residual, direction))
    length, reached = 1.0, None
    for _ in range(_MAX_TRIALS):
        found = Trial.at(bone, start, position, trial.u + length * direction)
        beyond = float(np.vdot(found.residual, direction))
        risen = found.energy - trial.energy
        is_low = risen <= _ROUND_OFF * trial.energy - _DESCENT * length * slope
        if is_low and beyond > _DOWNHILL * slope:
            reached, length = found, _FARTHER * length
        elif reached is not None:
            return found if is_low and found.energy < reached.energy else reached
        elif not is_low:
            length *= float(np.clip(0.5 * length * slope / (risen + length * slope), 0.1, 0.5))
        elif beyond < -_STEEP * slope:
            length *= slope / (slope - beyond)
        else:
            return found
    return reached
