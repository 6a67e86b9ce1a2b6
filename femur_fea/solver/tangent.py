"""The tangent stiffness: the elastic one less what the yielding points have lost."""

from dataclasses import dataclass
from typing import Any

from femur_fea.domain import FloatArray
from femur_fea.solver.moduli import general_moduli, place
from femur_fea.solver.plasticity import PlasticReturn
from femur_fea.solver.stiffness import Stiffness, stiffness_operator

__all__ = ["TangentStiffness", "tangent_operator", "tangent_stiffness"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TangentStiffness:
    """What the tangent is made from at every state.

    Attributes
    ----------
    elastic : Stiffness
        The stiffness before yield.
    moduli : (21, n_points), MPa
        Its moduli.
    """

    elastic: Stiffness
    moduli: FloatArray


def tangent_stiffness(elastic: Stiffness) -> TangentStiffness:
    """Return the tangent stiffness of a bone with an elastic one."""
    return TangentStiffness(elastic=elastic, moduli=general_moduli(elastic.moduli))


def tangent_operator(tangent: TangentStiffness, update: PlasticReturn) -> Any:
    """Return the consistent tangent at a state of stress as a PETSc matrix that can multiply."""
    moduli = tangent.moduli.copy()
    points, softening, normal = update.yielding, update.softening, update.normal
    for i in range(6):
        for j in range(i, 6):
            moduli[place(i, j), points] -= normal[i] * normal[j]
    for i in range(3):
        for j in range(i, 3):
            moduli[place(i, j), points] -= ((i == j) - 1.0 / 3.0) * softening
        moduli[place(i + 3, i + 3), points] -= 0.5 * softening
    elastic = tangent.elastic
    return stiffness_operator(elastic.space, elastic.kinematics, moduli, elastic.held)
