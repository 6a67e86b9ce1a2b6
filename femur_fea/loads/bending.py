"""Four-point bending of the shaft."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LoadCase, Provenance
from femur_fea.loads.definition import EXCLUSION_MARGIN, REFERENCE_MOMENT
from femur_fea.loads.patch import within
from femur_fea.loads.shaft import FreeShaft, find_free_shaft, grip
from femur_fea.loads.support import embedded_distally
from femur_fea.loads.wrench import wrench_traction

__all__ = ["FourPointBending"]

# The inner grips lie at a quarter and three quarters of the way between the outer ones: three
# diameters of free shaft leave more than one between them. Modelling choices.
_NEEDED_DIAMETERS = 3.0
_PLACES = np.array([0.0, 0.25, 0.75, 1.0])
_SENSE = np.array([-1.0, 1.0, 1.0, -1.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class FourPointBending:
    """Four grips on the shaft, the outer ones pushed one way and the inner ones the other.

    The four forces are in equilibrium, so the distal end that is held carries nothing. Between the
    inner grips the bending moment is constant and there is no shear; only bone there is judged. The
    grips are sleeves round the whole bone, so that any direction of bending is loaded alike.

    Attributes
    ----------
    name : str
        Name of the load case.
    direction : float, rad
        Direction towards which the middle of the shaft is pushed, the side that is stretched: 0 is
        lateral, pi/2 anterior, pi medial.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    direction: float
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        return (
            f"four grips on the shaft, the inner two {self.direction_words}; needs "
            f"{_NEEDED_DIAMETERS:g} diameters of free shaft"
        )

    @property
    def direction_words(self) -> str:
        """Where the middle of the shaft is pushed, round its axis."""
        return f"pushed {np.degrees(self.direction):.0f} degrees from lateral towards anterior"

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`: a moment of 10 N m between the inner grips.

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
            If there are less than three diameters of free shaft.
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
        heights = _grip_heights(shaft)
        fixed = embedded_distally(mesh, frame, length=fixed_length)
        weights = [grip(mesh, frame, shaft, height=height) for height in heights]
        gripped = np.sum(weights, axis=0) > 0.0
        along = frame.to_frame(mesh.points)[:, 2]
        outside = (along > heights[1]) | (along < heights[2])
        return LoadCase.on_fixed_points(
            name=self.name,
            traction=self._traction(mesh, frame, weights, heights),
            fixed=fixed,
            magnitude=REFERENCE_MOMENT,
            excluded=outside | within(mesh, gripped | fixed, EXCLUSION_MARGIN),
            quantity="moment",
        )

    def _traction(
        self,
        mesh: BoneMesh,
        frame: FemoralFrame,
        weights: list[FloatArray],
        heights: FloatArray,
    ) -> FloatArray:
        across = np.array([np.cos(self.direction), np.sin(self.direction), 0.0])
        force = REFERENCE_MOMENT / (heights[0] - heights[1]) * frame.direction_to_world(across)
        axis = frame.to_frame(frame.shaft_point[None])[0]
        # all four act on the straight shaft axis, also where the bone is bowed away from it
        points = frame.to_world(np.column_stack([np.tile(axis[:2], (4, 1)), heights]))
        grips = zip(weights, points, _SENSE, strict=True)
        return np.sum(
            [
                wrench_traction(mesh, weight, force=sense * force, moment=np.zeros(3), about=point)
                for weight, point, sense in grips
            ],
            axis=0,
        )


def _grip_heights(shaft: FreeShaft) -> FloatArray:
    """Return the heights of the grips' middles over the head centre, from proximal, (4,), mm."""
    lowest = shaft.bottom + shaft.half_grip
    return np.asarray(shaft.uppermost_grip + _PLACES * (lowest - shaft.uppermost_grip))
