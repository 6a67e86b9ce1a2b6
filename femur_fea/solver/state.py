"""A state of equilibrium on the load path."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.bone import Bone
from femur_fea.solver.plasticity import elastic_stress

__all__ = ["Equilibrium", "at_rest", "elastic_state"]


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
