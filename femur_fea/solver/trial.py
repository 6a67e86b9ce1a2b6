"""A displacement on the way to equilibrium."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.bone import Bone
from femur_fea.solver.plasticity import PlasticReturn, elastic_energy
from femur_fea.solver.state import Equilibrium
from femur_fea.solver.stress_update import update_stress

__all__ = ["Trial"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trial:
    """A displacement in a step, with its stress, its residual force and its energy.

    Attributes
    ----------
    u : (n_nodes, 3), mm
        Displacement.
    update : PlasticReturn
        Stress.
    internal : (n_nodes, 3), N
        Forces of the stress; zero at held unknowns.
    residual : (n_nodes, 3), N
        Force of the machine less these.
    energy : float, N mm
        What is stored in bone and machine and dissipated in the step. The residual is its slope
        downwards, so that a stable equilibrium is a minimum.
    """

    u: FloatArray
    update: PlasticReturn
    internal: FloatArray
    residual: FloatArray
    energy: float

    @classmethod
    def at(cls, bone: Bone, start: Equilibrium, position: float, u: FloatArray) -> Self:
        """Return the trial at a displacement, after `start` and with the machine at `position`."""
        trial_strain = bone.kinematics.strain(u) - start.plastic_strain
        update = update_stress(bone.material, bone.softening, trial_strain, start.flow)
        internal = np.where(bone.machine.system.held, 0.0, bone.kinematics.force(update.stress))
        force = bone.machine.force(position, u)
        density = elastic_energy(bone.material, update.stress)
        density[update.yielding] += update.work
        return cls(
            u=u,
            update=update,
            internal=internal,
            residual=force * bone.machine.pattern - internal,
            energy=bone.kinematics.integral(density) + 0.5 * force**2 / bone.machine.stiffness,
        )

    @property
    def imbalance(self) -> float:
        """Norm of the residual over that of the internal forces."""
        return float(np.linalg.norm(self.residual) / np.linalg.norm(self.internal))
