"""One step of the load path: Newton's method to the next state of equilibrium."""

from collections.abc import Sequence

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.bone import Bone
from femur_fea.solver.line_search import search
from femur_fea.solver.machine import solve_tangent
from femur_fea.solver.plasticity import equivalent
from femur_fea.solver.settings import NewtonSettings
from femur_fea.solver.state import Equilibrium
from femur_fea.solver.tangent import tangent_operator
from femur_fea.solver.trial import Trial

__all__ = ["advance"]


def advance(
    bone: Bone, start: Equilibrium, position: float, guess: FloatArray, settings: NewtonSettings
) -> Equilibrium | None:
    """Return the equilibrium with the machine at `position`, or None where Newton fails.

    Parameters
    ----------
    bone : Bone
        What is loaded.
    start : Equilibrium
        The last state; its plastic strain is the history.
    position : float, mm
        Where the machine goes.
    guess : (n_nodes, 3), mm
        First displacement.
    settings : NewtonSettings
        Tolerances.
    """
    trial = Trial.at(bone, start, position, guess)
    imbalances, krylov = [trial.imbalance], 0
    while not imbalances[-1] <= settings.tolerance:
        if len(imbalances) > settings.max_iterations:
            return None
        rtol = _forcing(imbalances, settings)
        following, iterations = _newton(bone, start, position, trial, rtol=rtol)
        if following is None:
            return None
        trial = following
        krylov += iterations
        imbalances.append(trial.imbalance)
    return _accept(bone, start, position, trial, tuple(imbalances), krylov)


def _newton(
    bone: Bone, start: Equilibrium, position: float, trial: Trial, *, rtol: float
) -> tuple[Trial | None, int]:
    """Return a trial of lower energy, or None where there is none, and the iterations it took.

    Where the yield stress falls, the consistent tangent may have negative stiffness on the way to
    an equilibrium that is stable, or point far beyond where points unload. A positive definite one
    leads downhill then.
    """
    iterations = 0
    for update in (trial.update, trial.update.stabilised()):
        tangent = tangent_operator(bone.tangent, update)
        step = solve_tangent(bone.machine, tangent, trial.residual, rtol=rtol)
        tangent.destroy()  # on several ranks petsc4py keeps what is merely dropped
        iterations += step.iterations
        if step.converged:
            found = search(bone, start, position, trial, step.u)
            if found is not None:
                return found, iterations
    return None, iterations


def _forcing(imbalances: Sequence[float], settings: NewtonSettings) -> float:
    """Return how exactly to solve: as the last step predicts (Eisenstat and Walker, choice 2).

    Never much more exactly than the step's own tolerance asks for; 1996,
    doi:10.1137/0917003.
    """
    ratios = np.divide(imbalances[1:], imbalances[:-1])
    wanted = 0.9 * ratios[-1] ** 2 if ratios.size else settings.loosest
    enough = 0.3 * settings.tolerance / imbalances[-1]
    return float(min(max(wanted, enough, settings.tightest), settings.loosest))


def _accept(
    bone: Bone,
    start: Equilibrium,
    position: float,
    trial: Trial,
    imbalances: tuple[float, ...],
    krylov: int,
) -> Equilibrium:
    update = trial.update
    plastic_strain = start.plastic_strain.copy()
    plastic_strain[:, update.yielding] += update.plastic_increment
    mean_stress = 0.5 * (start.stress + update.stress)[:, update.yielding]
    flow = start.flow.copy()
    flow[update.yielding] += equivalent(update.plastic_increment)
    dissipated = start.dissipated.copy()
    dissipated[update.yielding] += (mean_stress * update.plastic_increment).sum(axis=0)
    return Equilibrium(
        position=position,
        displacement=bone.machine.displacement(trial.u),
        force=bone.machine.force(position, trial.u),
        u=trial.u,
        plastic_strain=plastic_strain,
        flow=flow,
        stress=update.stress,
        dissipated=dissipated,
        imbalances=imbalances,
        krylov_iterations=krylov,
    )
