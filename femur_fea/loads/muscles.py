"""Hip contact force together with the muscles that balance it."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LoadCase, Provenance
from femur_fea.loads.definition import EXCLUSION_MARGIN, REFERENCE_FORCE
from femur_fea.loads.head import load_head
from femur_fea.loads.patch import traction_of, within
from femur_fea.loads.site import AttachmentSite, attachment

__all__ = ["HipWithMuscles", "MuscleForce"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MuscleForce:
    """The pull of a muscle, or of muscles that are attached at one place.

    Attributes
    ----------
    muscle : str
        Which.
    site : {"greater trochanter", "lateral shaft", "medial shaft"}
        Where it is attached.
    force_percent_BW : (3,), percent of body weight
        Force on the femur in the femoral frame: +x lateral, +y anterior, +z proximal.
    """

    muscle: str
    site: AttachmentSite
    force_percent_BW: tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HipWithMuscles:
    """A hip contact force as a pressure on the head, and muscle forces in proportion to it.

    Strength is quoted by the force on the head.

    Attributes
    ----------
    name : str
        Name of the load case.
    force_percent_BW : (3,), percent of body weight
        Force on the head in the femoral frame: +x lateral, +y anterior, +z proximal.
    muscles : tuple of MuscleForce
        What acts at the same time.
    source : str
        Citation.
    provenance : {"published", "unverified"}
        Whether the numbers were checked against a published text.
    """

    name: str
    force_percent_BW: tuple[float, float, float]
    muscles: tuple[MuscleForce, ...]
    source: str
    provenance: Provenance

    @property
    def description(self) -> str:
        """What acts on the bone, in a few words."""
        x, y, z = self.force_percent_BW
        muscles = ", ".join(muscle.muscle for muscle in self.muscles)
        return f"({x:.1f}, {y:.1f}, {z:.1f}) % of body weight on the head; {muscles}"

    @property
    def body_weights(self) -> float:
        """Resultant force on the head in the activity, in body weights."""
        return float(np.linalg.norm(self.force_percent_BW)) / 100.0

    def apply(self, mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float) -> LoadCase:
        """Return the load case on `mesh`: 1000 N on the head and the muscles' share of it.

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
        NoTrochanterError, ShortShaftError
            If the bone does not show where a muscle is attached.
        LoadError
            If head or shaft are not where the load needs them.
        """
        force = np.asarray(self.force_percent_BW)
        size = float(np.linalg.norm(force))
        pulls = [
            _pull(mesh, frame, muscle, scale=REFERENCE_FORCE / size) for muscle in self.muscles
        ]
        muscular = np.sum(pulls, axis=0)
        on_head = load_head(
            mesh,
            frame,
            frame.direction_to_world(force / size),
            contact="pressure cap",
            name=self.name,
            fixed_length=fixed_length,
        )
        attached = muscular.any(axis=1)
        return replace(
            on_head,
            traction=on_head.traction + muscular,
            excluded=on_head.excluded | within(mesh, attached, EXCLUSION_MARGIN),
        )


def _pull(mesh: BoneMesh, frame: FemoralFrame, muscle: MuscleForce, *, scale: float) -> FloatArray:
    force = scale * frame.direction_to_world(np.asarray(muscle.force_percent_BW))
    return traction_of(mesh, attachment(mesh, frame, muscle.site), force)
