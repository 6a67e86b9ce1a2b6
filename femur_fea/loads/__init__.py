"""Loads in the femoral frame, and how they act on a mesh."""

from femur_fea.loads.axial import AxialLoad
from femur_fea.loads.definition import REFERENCE_FORCE, LoadDefinition
from femur_fea.loads.fall import SidewaysFall
from femur_fea.loads.hip import HipContact
from femur_fea.loads.library import LOAD_CASES

__all__ = [
    "LOAD_CASES",
    "REFERENCE_FORCE",
    "AxialLoad",
    "HipContact",
    "LoadDefinition",
    "SidewaysFall",
]
