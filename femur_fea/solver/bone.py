"""A bone with its material, and the machine that loads it."""

from dataclasses import dataclass

from femur_fea.domain import BoolArray, ElasticField, FloatArray, YieldField
from femur_fea.solver.kinematics import Kinematics
from femur_fea.solver.machine import Machine, machine
from femur_fea.solver.plasticity import PlasticMaterial, plastic_material
from femur_fea.solver.softening import PointSoftening, point_softening
from femur_fea.solver.space import DisplacementSpace
from femur_fea.solver.system import elastic_system
from femur_fea.solver.tangent import TangentStiffness, tangent_stiffness

__all__ = ["Bone", "prepare_bone"]

_ELASTIC_TOLERANCE = 1e-8  # of the elastic solution, which is the first step of the curve


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bone:
    """What does not change along the path.

    Attributes
    ----------
    kinematics : Kinematics
        Geometry of the integration points.
    material : PlasticMaterial
        Elasticity and strength there.
    softening : PointSoftening or None
        How the strength falls; None where plasticity is perfect.
    machine : Machine
        What loads the bone.
    tangent : TangentStiffness
        What the tangent is made from.
    """

    kinematics: Kinematics
    material: PlasticMaterial
    softening: PointSoftening | None
    machine: Machine
    tangent: TangentStiffness


def prepare_bone(
    space: DisplacementSpace,
    elastic: ElasticField,
    strength: YieldField,
    held: BoolArray,
    pattern: FloatArray,
    *,
    machine_stiffness: float,
) -> Bone:
    """Prepare the elastic stiffness, set up its multigrid and solve the elastic bone.

    Parameters
    ----------
    space : DisplacementSpace
        The displacement.
    elastic, strength
        On the cells of `space.mesh`.
    held : (n_nodes, 3)
        Unknowns of `space.V` that are held at rest.
    pattern : (n_nodes, 3), dimensionless
        Nodal forces for a force of 1 N.
    machine_stiffness : float
        Stiffness of the machine over the elastic one of the bone.
    """
    system = elastic_system(space, elastic, held, tolerance=_ELASTIC_TOLERANCE)
    geometry, cells = system.stiffness.kinematics, space.share.cells
    return Bone(
        kinematics=geometry,
        material=plastic_material(elastic, strength, cells, geometry.n_samples),
        softening=None
        if strength.softening is None
        else point_softening(strength.softening, cells, geometry.n_samples),
        machine=machine(system, pattern, relative_stiffness=machine_stiffness),
        tangent=tangent_stiffness(system.stiffness),
    )
