"""Virtual patients: geometry, density and CT of bones that are known exactly."""

from meshing.handmade.outline import handmade_geometry
from meshing.handmade.patient import VirtualPatient, handmade_patient

__all__ = ["VirtualPatient", "handmade_geometry", "handmade_patient"]
