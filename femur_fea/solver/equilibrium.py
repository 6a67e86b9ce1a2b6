"""One step of the load path: Newton's method to the next state of equilibrium."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.bone import Bone
from femur_fea.solver.machine import LinearStep, solve_tangent
from femur_fea.solver.plasticity import PlasticReturn, elastic_stress, equivalent
from femur_fea.solver.settings import NewtonSettings
from femur_fea.solver.stress_update import update_stress
from femur_fea.solver.tangent import tangent_operator

__all__ = ["Equilibrium", "advance", "at_rest", "elastic_state"]

_MAX_SEARCH = 5
_STEEP = 0.8  # slope at the end of a step, over that at its beginning


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Equilibrium:
    """A state of the bone on the path.

    Attributes
    ----------
    position : float, mm
        How far the machine has moved.
    displacement, force : float, mm and N
        Displacement of the load, and the load.
    u : (n_nodes, 3), mm
        Displacement of the nodes.
    plastic_strain : (6, n_points), dimensionless
        With engineering shear, at the integration points.
    flow : (n_points,), dimensionless
        Equivalent plastic strain so far, which never falls.
    stress : (6, n_points), MPa
        At the integration points.
    dissipated : (n_points,), N mm per mm3
        Plastic work done so far.
    imbalances : tuple of float
        Norm of the forces out of balance over that of the internal ones, before each Newton
        iteration and at the end.
    krylov_iterations : int
        Iterations of conjugate gradients that this state took.
    """

    position: float
    displacement: float
    force: float
    u: FloatArray
    plastic_strain: FloatArray
    flow: FloatArray
    stress: FloatArray
    dissipated: FloatArray
    imbalances: tuple[float, ...]
    krylov_iterations: int

    @property
    def newton_iterations(self) -> int:
        """Newton iterations that this state took."""
        return len(self.imbalances) - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Trial:
    """A displacement on the way to equilibrium, with its stress and its residual force."""

    u: FloatArray
    update: PlasticReturn
    internal: FloatArray
    residual: FloatArray

    @classmethod
    def at(cls, bone: Bone, start: Equilibrium, position: float, u: FloatArray) -> Self:
        strain = bone.kinematics.strain(u)
        trial_strain = strain - start.plastic_strain
        update = update_stress(bone.material, bone.softening, trial_strain, start.flow)
        held = bone.machine.system.held
        internal = np.where(held, 0.0, bone.kinematics.force(update.stress))
        residual = bone.machine.force(position, u) * bone.machine.pattern - internal
        return cls(u=u, update=update, internal=internal, residual=residual)

    @property
    def imbalance(self) -> float:
        """Norm of the residual over that of the internal forces."""
        return float(np.linalg.norm(self.residual) / np.linalg.norm(self.internal))


def at_rest(bone: Bone) -> Equilibrium:
    """Return the bone before it is loaded."""
    n_points = bone.material.shear.size
    return Equilibrium(
        position=0.0,
        displacement=0.0,
        force=0.0,
        u=np.zeros_like(bone.machine.pattern),
        plastic_strain=np.zeros((6, n_points)),
        flow=np.zeros(n_points),
        stress=np.zeros((6, n_points)),
        dissipated=np.zeros(n_points),
        imbalances=(0.0,),
        krylov_iterations=0,
    )


def elastic_state(bone: Bone, force: float) -> Equilibrium:
    """Return the bone under a force, N, below that of first yield."""
    rest = at_rest(bone)
    u = force * bone.machine.elastic_u
    strain = bone.kinematics.strain(u)
    displacement = bone.machine.displacement(u)
    return replace(
        rest,
        position=displacement + force / bone.machine.stiffness,
        displacement=displacement,
        force=force,
        u=u,
        stress=elastic_stress(bone.material, strain),
        krylov_iterations=bone.machine.elastic_iterations,
    )


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
    trial = _Trial.at(bone, start, position, guess)
    imbalances, krylov = [trial.imbalance], 0
    while not imbalances[-1] <= settings.tolerance:
        if len(imbalances) > settings.max_iterations:
            return None
        step = _direction(bone, trial, rtol=_forcing(imbalances, settings))
        if step is None:
            return None
        krylov += step.iterations
        trial = _search(bone, start, position, trial, step.u)
        imbalances.append(trial.imbalance)
    return _accept(bone, start, position, trial, tuple(imbalances), krylov)


def _direction(bone: Bone, trial: _Trial, *, rtol: float) -> LinearStep | None:
    """Return a direction in which the energy of the step falls, or None where there is none.

    Where the yield stress falls, the consistent tangent may have negative stiffness on the way to
    an equilibrium that is stable. That of a yield stress that rises as steeply has none.
    """
    step = _solve(bone, trial, trial.update, rtol=rtol)
    if step.converged:
        return step
    if bone.softening is None:
        return None
    safe = _solve(bone, trial, trial.update.stabilised(), rtol=rtol)
    return replace(safe, iterations=step.iterations + safe.iterations) if safe.converged else None


def _solve(bone: Bone, trial: _Trial, update: PlasticReturn, *, rtol: float) -> LinearStep:
    matrix = tangent_operator(bone.tangent, update)
    step = solve_tangent(bone.machine, matrix, trial.residual, rtol=rtol)
    matrix.destroy()  # on several ranks petsc4py keeps what is merely dropped
    return step


def _forcing(imbalances: Sequence[float], settings: NewtonSettings) -> float:
    """Return how exactly to solve: as the last step predicts (Eisenstat and Walker, choice 2).

    Never much more exactly than the step's own tolerance asks for; 1996,
    doi:10.1137/0917003.
    """
    ratios = np.divide(imbalances[1:], imbalances[:-1])
    wanted = 0.9 * ratios[-1] ** 2 if ratios.size else settings.loosest
    enough = 0.3 * settings.tolerance / imbalances[-1]
    return float(min(max(wanted, enough, settings.tightest), settings.loosest))


def _search(
    bone: Bone, start: Equilibrium, position: float, trial: _Trial, direction: FloatArray
) -> _Trial:
    """Return the end of the Newton step, drawn back where the energy rises steeply there.

    The residual's product with the direction is the slope downwards of the energy, which is convex
    unless the yield stress falls; the secant through it is followed.
    """
    slope = float(np.vdot(trial.residual, direction))
    length = 1.0
    for _ in range(_MAX_SEARCH):
        found = _Trial.at(bone, start, position, trial.u + length * direction)
        beyond = float(np.vdot(found.residual, direction))
        if beyond >= -_STEEP * slope:
            break
        length *= slope / (slope - beyond)
    return found


def _accept(
    bone: Bone,
    start: Equilibrium,
    position: float,
    trial: _Trial,
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
