"""The load path of one bone: steps of the machine, longer or shorter as Newton's method goes."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from femur_fea.domain import CurveEnd, LoadDisplacementCurve
from femur_fea.errors import NotConvergedError
from femur_fea.solver.between import state_at
from femur_fea.solver.bone import Bone
from femur_fea.solver.equilibrium import advance
from femur_fea.solver.plasticity import first_yield_factor
from femur_fea.solver.settings import NonlinearSettings
from femur_fea.solver.state import Equilibrium, at_rest, elastic_state

__all__ = ["LoadPath", "follow_path"]

_FIRST_STEP = 0.5  # over the machine's way to first yield
_CUT = 0.4
_QUICK = 5  # Newton iterations up to which the next step may be longer
_SHORTEST = 0.3  # a step over the one before, where the curve bends
_STALLED = 1e-6  # step over the way so far at which the path counts as blocked
_FINEST = 0.01  # step over the way so far below which it is not shortened for the curve's shape
_FALL = 0.05  # of the largest force, up to which the force may fall in a longer step

type _Numbers = tuple[float, float, int, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadPath:
    """How a bone was loaded, and where it ended.

    Attributes
    ----------
    curve : LoadDisplacementCurve
        All states of equilibrium, by their numbers.
    first_yield_force : float, N
        Force at which the bone ceases to be elastic.
    last : Equilibrium
        The last state.
    failed : Equilibrium
        The state at the strength: at the peak or, on a plateau, between two of the last states.
    """

    curve: LoadDisplacementCurve
    first_yield_force: float
    last: Equilibrium
    failed: Equilibrium


def follow_path(bone: Bone, settings: NonlinearSettings) -> LoadPath:
    """Load a bone until its force no longer rises or, if its yield stress falls, past its peak.

    Up to first yield the bone is elastic and one step is exact.

    Raises
    ------
    NotConvergedError
        If a step failed after it was shortened as often as allowed.
    """
    elastic_strain = bone.kinematics.strain(bone.machine.elastic_u)
    factors = first_yield_factor(bone.material, elastic_strain)
    first_yield = bone.kinematics.share.smallest(float(factors.min()))
    farthest = settings.max_displacement * bone.machine.elastic_stiffness
    before, now = at_rest(bone), elastic_state(bone, min(first_yield, farthest))
    rows, latest, largest = [_numbers(before), _numbers(now)], deque([before, now], maxlen=3), now
    flat = None
    step = _FIRST_STEP * now.position
    while (end := _end(bone, rows, settings)) is None:
        step = min(step, _way_left(bone, now, settings))
        tolerated_fall = _FALL * largest.force
        following = _next(bone, before, now, step, settings, tolerated_fall=tolerated_fall)
        rows.append(_numbers(following))
        step = _next_step(bone, (before, now, following), rows, settings)
        before, now = now, following
        latest.append(now)
        largest = max(largest, now, key=attrgetter("force"))
        flat = flat or _flat_state(rows, latest)
    curve = _curve(rows, end)
    failed = flat if flat is not None and curve.strength.criterion == "plateau force" else largest
    return LoadPath(curve=curve, first_yield_force=first_yield, last=now, failed=failed)


def _flat_state(rows: list[_Numbers], latest: Iterable[Equilibrium]) -> Equilibrium | None:
    """Return the bone where the curve has become flat, if that is among the latest states."""
    criterion, strength = _curve(rows, "maximum displacement").strength
    return state_at(strength, latest) if criterion == "plateau force" else None


def _next(
    bone: Bone,
    before: Equilibrium,
    now: Equilibrium,
    step: float,
    settings: NonlinearSettings,
    *,
    tolerated_fall: float,
) -> Equilibrium:
    """Return the state after a step, or after a shorter one where Newton's method fails.

    A long step may find a bone that has collapsed although one that has not is nearer: a force that
    falls much is looked at again by a shorter one.
    """
    for _ in range(settings.max_cuts + 1):
        ahead = step / (now.position - before.position)
        guess = now.u + ahead * (now.u - before.u)
        following = advance(bone, now, now.position + step, guess, settings.newton)
        is_fine = step <= _FINEST * now.position
        if following is not None and (is_fine or now.force - following.force <= tolerated_fall):
            return following
        step *= _CUT
        if step < _STALLED * now.position:
            break
    raise NotConvergedError(
        found=f"no equilibrium beyond {now.displacement:.3f} mm and {now.force:.1f} N, with a step "
        f"of {step / _CUT:.1e} mm",
        expected=f"Newton's method to converge after at most {settings.max_cuts} cuts of the step, "
        f"and at {_STALLED:.0e} of the way so far",
        remedy="check the mesh for slivers and the strength for extreme contrast",
    )


def _next_step(
    bone: Bone,
    last: tuple[Equilibrium, Equilibrium, Equilibrium],
    rows: list[_Numbers],
    settings: NonlinearSettings,
) -> float:
    """Return how far the machine moves next, mm, after the `last` three states.

    Where the curve of a softening bone bends, steps are shorter: the distance of the force from the
    straight continuation goes with the square of the step.
    """
    before, now, following = last
    step = following.position - now.position
    longest = settings.growth * step if following.newton_iterations <= _QUICK else step
    if bone.softening is None:
        return longest
    slope = (now.force - before.force) / (now.position - before.position)
    bent = abs(following.force - now.force - slope * step)
    allowed = settings.bend * max(force for _, force, _, _ in rows)
    shortest = max(_SHORTEST * step, min(step, _FINEST * following.position))
    if bent * (longest / step) ** 2 <= allowed:
        return longest
    return max(shortest, step * float(np.sqrt(allowed / bent)))


def _numbers(state: Equilibrium) -> _Numbers:
    return state.displacement, state.force, state.newton_iterations, state.krylov_iterations


def _end(bone: Bone, rows: list[_Numbers], settings: NonlinearSettings) -> CurveEnd | None:
    if bone.softening is None:
        run, rise = np.diff(np.array(rows)[-2:, :2], axis=0)[0]
        if rise < settings.plateau_slope * bone.machine.elastic_stiffness * run:
            return "plateau"
    elif rows[-1][1] <= settings.fallen * max(force for _, force, _, _ in rows):
        return "past the peak"
    reached = rows[-1][0] >= settings.max_displacement * (1.0 - 1e-9)
    return "maximum displacement" if reached else None


def _way_left(bone: Bone, now: Equilibrium, settings: NonlinearSettings) -> float:
    """Return how far the machine moves if the bone stays elastic up to the largest displacement."""
    compliance = 1.0 + bone.machine.elastic_stiffness / bone.machine.stiffness
    return compliance * (settings.max_displacement - now.displacement)


def _curve(rows: list[_Numbers], end: CurveEnd) -> LoadDisplacementCurve:
    displacement, force, newton, krylov = np.array(rows).T
    return LoadDisplacementCurve(
        displacement=displacement,
        force=force,
        newton_iterations=newton.astype(int),
        krylov_iterations=krylov.astype(int),
        end=end,
    )
