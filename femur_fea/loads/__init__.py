"""Loads in the femoral frame, and how they act on a mesh."""

from femur_fea.loads.axial import AxialLoad
from femur_fea.loads.bending import FourPointBending
from femur_fea.loads.definition import (
    EXCLUSION_MARGIN,
    REFERENCE_FORCE,
    REFERENCE_MOMENT,
    LoadDefinition,
)
from femur_fea.loads.fall import SidewaysFall
from femur_fea.loads.family import LoadFamily, bending_directions, fall_directions
from femur_fea.loads.head import HeadContact, load_head
from femur_fea.loads.hip import HipContact
from femur_fea.loads.library import LOAD_CASES, LOAD_FAMILIES, find_load, from_hip98
from femur_fea.loads.muscles import HipWithMuscles, MuscleForce
from femur_fea.loads.scatter import DIRECTION_SCATTER, DirectionScatter, turned
from femur_fea.loads.table import loads_page
from femur_fea.loads.torsion import ShaftTorsion
from femur_fea.loads.wrench import wrench_of, wrench_traction

__all__ = [
    "DIRECTION_SCATTER",
    "EXCLUSION_MARGIN",
    "LOAD_CASES",
    "LOAD_FAMILIES",
    "REFERENCE_FORCE",
    "REFERENCE_MOMENT",
    "AxialLoad",
    "DirectionScatter",
    "FourPointBending",
    "HeadContact",
    "HipContact",
    "HipWithMuscles",
    "LoadDefinition",
    "LoadFamily",
    "MuscleForce",
    "ShaftTorsion",
    "SidewaysFall",
    "bending_directions",
    "fall_directions",
    "find_load",
    "from_hip98",
    "load_head",
    "loads_page",
    "turned",
    "wrench_of",
    "wrench_traction",
]
