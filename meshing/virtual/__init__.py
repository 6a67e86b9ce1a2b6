"""Virtual patients: geometry, density and CT of bones that are known exactly."""

from meshing.virtual.outline import demo_geometry
from meshing.virtual.patient import VirtualPatient, demo_patient

__all__ = ["VirtualPatient", "demo_geometry", "demo_patient"]
