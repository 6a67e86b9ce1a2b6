"""Hip contact force on a femur whose shaft is embedded."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, LoadCase, Provenance
from femur_fea.loads.head import HeadContact, load_head

__all__ = ["HipContact"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HipContact:
    """A hip contact force measured with instrumented implants.

    Attributes
    ----------
    name : str
        Name of the load case.
    force_percent_BW : (3,), percent of body weight
        Force on the head in the femoral frame: +x lateral, +y anterior, +z proximal.
    contact : {"pressure cap", "guided cup"}
        How it acts on the head, as in `load_head`.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    force_percent_BW: tuple[float, float, float]
    contact: HeadContact = "pressure cap"
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        x, y, z = self.force_percent_BW
        return f"({x:.1f}, {y:.1f}, {z:.1f}) % of body weight on the head, by a {self.contact}"

    @property
    def body_weights(self) -> float:
        """Resultant force of the activity, in body weights."""
        return float(np.linalg.norm(self.force_percent_BW)) / 100.0

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`.

        Parameters
        ----------
        mesh : BoneMesh
            The bone.
        frame : FemoralFrame
            Its anatomical frame.
        fixed_length : float, mm
            Length of shaft that is embedded.

        Raises
        ------
        LoadError
            If head or shaft are not where the load needs them.
        """
        force = np.asarray(self.force_percent_BW)
        return load_head(
            mesh,
            frame,
            frame.direction_to_world(force / np.linalg.norm(force)),
            contact=self.contact,
            name=self.name,
            fixed_length=fixed_length,
        )
