"""Torsion of the shaft."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, LoadCase, Provenance
from femur_fea.loads.definition import EXCLUSION_MARGIN, REFERENCE_MOMENT
from femur_fea.loads.patch import within
from femur_fea.loads.shaft import find_free_shaft, grip
from femur_fea.loads.support import embedded_distally
from femur_fea.loads.wrench import wrench_traction

__all__ = ["ShaftTorsion"]

# Free shaft that the load needs: the uneven stress at a grip and at the support fades within about
# one diameter (Saint-Venant). A modelling choice.
_NEEDED_DIAMETERS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftTorsion:
    """A couple about the shaft on a grip above the lesser trochanter, the distal end held.

    Below the grip every section carries the same torque and nothing else. Bone above the lesser
    trochanter is not judged, for it is not loaded as in life.

    Attributes
    ----------
    name : str
        Name of the load case.
    turns : {"internal", "external"}
        How the proximal end turns against the distal one.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    turns: Literal["internal", "external"]
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        return (
            f"a couple that turns the proximal end {self.turns}ly against the distal one; needs "
            f"{_NEEDED_DIAMETERS:g} diameters of free shaft"
        )

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`: a moment of 10 N m.

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
        ShortShaftError
            If there are less than two diameters of free shaft.
        LoadError
            If head or shaft are not where the load needs them.
        """
        shaft = find_free_shaft(
            mesh,
            frame,
            fixed_length=fixed_length,
            diameters=_NEEDED_DIAMETERS,
            load=self.name,
        )
        weight = grip(mesh, frame, shaft, height=shaft.uppermost_grip)
        # internal rotation turns lateral to anterior: right-handed about the proximal axis of a
        # right femur, left-handed of a left one
        sign = (1.0 if self.turns == "internal" else -1.0) * frame.handedness
        fixed = embedded_distally(mesh, frame, length=fixed_length)
        above = frame.to_frame(mesh.points)[:, 2] > shaft.top
        return LoadCase.on_fixed_points(
            name=self.name,
            traction=wrench_traction(
                mesh,
                weight,
                force=np.zeros(3),
                moment=sign * REFERENCE_MOMENT * frame.axes[2],
                about=frame.lesser_trochanter,
            ),
            fixed=fixed,
            magnitude=REFERENCE_MOMENT,
            excluded=above | within(mesh, (weight > 0.0) | fixed, EXCLUSION_MARGIN),
            quantity="moment",
        )
