"""A force from the head centre towards the knee, as in axial laboratory tests."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, LoadCase, Provenance
from femur_fea.loads.head import HeadContact, load_head

__all__ = ["AxialLoad"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AxialLoad:
    """A force on the head along the line to the knee.

    The knee is seldom in the scan: its centre is taken to lie on the shaft axis at a stated
    distance from the head, so that the direction does not depend on where the scan ends.

    Attributes
    ----------
    name : str
        Name of the load case.
    knee_distance : float, mm
        From the head centre to the level of the knee, along the shaft.
    contact : {"pressure cap", "guided cup"}
        How the force acts on the head, as in `load_head`.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    knee_distance: float
    contact: HeadContact = "pressure cap"
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        return (
            f"a force on the head towards a knee {self.knee_distance:g} mm below it, by a "
            f"{self.contact}"
        )

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`.

        Raises
        ------
        LoadError
            If head or shaft are not where the load needs them.
        """
        shaft = frame.axes[2]
        on_axis = frame.shaft_point - frame.origin
        knee = on_axis - (float(on_axis @ shaft) + self.knee_distance) * shaft
        direction = knee / np.linalg.norm(knee)
        return load_head(
            mesh,
            frame,
            direction,
            contact=self.contact,
            name=self.name,
            fixed_length=fixed_length,
        )
