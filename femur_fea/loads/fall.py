"""A fall to the side onto the greater trochanter."""

import warnings
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame, FloatArray, LoadCase, Provenance
from femur_fea.errors import FemurFEAWarning
from femur_fea.loads.definition import EXCLUSION_MARGIN, REFERENCE_FORCE
from femur_fea.loads.patch import (
    head_cap,
    plate_contact,
    resultant_point,
    traction_of,
    within,
)
from femur_fea.loads.site import greater_trochanter
from femur_fea.loads.support import embedded_distally

__all__ = ["SidewaysFall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SidewaysFall:
    """A force on the head towards a plate under the trochanter, with a hinge at the shaft.

    The system is statically determinate: the hinge lets the shaft turn in the plane of the force
    and the shaft, so the plate's force follows from the balance of moments about it. It is
    applied as a traction, and what the hinge carries leaves through the embedded end, whose
    matrix all load cases share. The hinge lies at a stated distance from the head, whether the
    scan shows so much shaft or not, so that the load on the neck does not depend on where the scan
    ends. The hinge is one about one axis: torsion of the shaft is held by the embedding.

    Attributes
    ----------
    name : str
        Name of the load case.
    adduction : float, rad
        Angle by which the proximal end of the shaft is tilted into the plate.
    internal_rotation : float, rad
        Rotation about the shaft that turns the posterolateral side to the plate.
    hinge_distance : float, mm
        From the head centre to the hinge, along the shaft.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    adduction: float
    internal_rotation: float
    hinge_distance: float
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        return (
            f"head pressed towards a plate under the trochanter, {self.direction_words}, hinge at "
            f"the shaft {self.hinge_distance:g} mm below the head"
        )

    @property
    def direction_words(self) -> str:
        """The two angles: how far the bone is tilted into the plate and turned about its shaft."""
        adduction, turn = np.rint(np.degrees([self.adduction, self.internal_rotation]))
        turned = "external" if turn < 0.0 else "internal"
        return f"{adduction:.0f} degrees adduction, {abs(turn):.0f} degrees {turned} rotation"

    @property
    def direction(self) -> FloatArray:
        """Unit vector of the force on the head in the femoral frame, shape (3,)."""
        across = np.cos(self.adduction)
        return np.array(
            [
                across * np.cos(self.internal_rotation),
                -across * np.sin(self.internal_rotation),
                np.sin(self.adduction),
            ]
        )

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`: 1000 N on the head and the plate's force against it.

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
        NoTrochanterError
            If the scan shows no trochanter to fall on.
        LoadError
            If head or shaft are not where the load needs them.
        """
        direction = frame.direction_to_world(self.direction)
        on_head = head_cap(mesh, frame, direction)
        on_trochanter = plate_contact(mesh, direction, greater_trochanter(mesh, frame))
        force = REFERENCE_FORCE * direction
        plate = self._plate_share(
            frame, resultant_point(mesh, on_head), resultant_point(mesh, on_trochanter)
        )
        fixed = embedded_distally(mesh, frame, length=fixed_length)
        _warn_of_plate_on_support(on_trochanter, fixed)
        loaded = (on_head > 0.0) | (on_trochanter > 0.0)
        return LoadCase.on_fixed_points(
            name=self.name,
            traction=traction_of(mesh, on_head, force)
            + traction_of(mesh, on_trochanter, -plate * force),
            fixed=fixed,
            magnitude=REFERENCE_FORCE,
            excluded=within(mesh, loaded | fixed, EXCLUSION_MARGIN),
            plate_force=plate * REFERENCE_FORCE,
        )

    def _plate_share(self, frame: FemoralFrame, head: FloatArray, plate: FloatArray) -> float:
        """Return the plate's force over the force on the head, by moments about the hinge."""
        shaft = frame.axes[2]
        along = float((frame.origin - frame.shaft_point) @ shaft) - self.hinge_distance
        hinge = frame.shaft_point + along * shaft
        force = frame.direction_to_world(self.direction)
        axis = np.cross(force, shaft)
        moment_head = float(np.cross(head - hinge, force) @ axis)
        moment_plate = float(np.cross(plate - hinge, force) @ axis)
        return moment_head / moment_plate


def _warn_of_plate_on_support(on_trochanter: FloatArray, fixed: BoolArray) -> None:
    share = float(on_trochanter[fixed].sum() / on_trochanter.sum())
    if share > 0.0:
        warnings.warn(
            f"{100 * share:.0f} % of the plate's contact in the fall lies on bone that is held "
            "fixed, because the scan ends at the trochanter: the strength in a fall is a rough "
            "estimate",
            FemurFEAWarning,
            stacklevel=3,
        )
