"""Virtual patients: geometry, density and CT of bones that are known exactly."""

from meshing.virtual.patient import VirtualPatient, demo_patient

__all__ = ["VirtualPatient", "demo_patient"]
