"""How far the direction of a measured load scatters between patients."""

from dataclasses import dataclass, replace

import numpy as np

from femur_fea.domain import FloatArray, Provenance
from femur_fea.loads.hip import HipContact
from femur_fea.loads.library import LOAD_CASES
from femur_fea.registry import Registry

__all__ = ["DIRECTION_SCATTER", "DirectionScatter", "turned"]

_ANTERIOR = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionScatter:
    """Scatter between patients of the direction of the force on the head.

    Attributes
    ----------
    frontal, sagittal : float, rad
        Standard deviation of its angle in the frontal plane, and out of it.
    source : str
        Citation, and how the numbers were derived.
    provenance : {"published", "unverified"}
        Whether the scatter was checked against a published text.
    """

    frontal: float
    sagittal: float
    source: str
    provenance: Provenance


DIRECTION_SCATTER: Registry[DirectionScatter] = Registry("scatter of a load's direction")


def turned(load: HipContact, frontal: float, sagittal: float) -> HipContact:
    """Return a hip contact force of the same size in another direction.

    Parameters
    ----------
    load : HipContact
        The force.
    frontal : float
        Tangent of the angle in the frontal plane; positive turns a force that points down
        medially.
    sagittal : float
        Tangent of the angle out of that plane; positive turns it towards anterior.
    """
    force = np.asarray(load.force_percent_BW)
    size = float(np.linalg.norm(force))
    across, out = _tangents(force / size)
    moved = force / size + frontal * across + sagittal * out
    x, y, z = (float(part) for part in size * moved / np.linalg.norm(moved))
    return replace(load, force_percent_BW=(x, y, z))


def _tangents(direction: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return two unit vectors across a direction: in the frontal plane, and nearly anterior."""
    across = np.cross(_ANTERIOR, direction)
    across = across / np.linalg.norm(across)
    return across, np.cross(direction, across)


def _scatter(load: str, sd_percent_BW: tuple[float, float, float], source: str) -> DirectionScatter:
    """Return the scatter of direction from that of the components, to first order."""
    record = LOAD_CASES[load]
    if not isinstance(record, HipContact):
        raise TypeError(f"{load!r} is no hip contact force")
    force = np.asarray(record.force_percent_BW)
    size = float(np.linalg.norm(force))
    angles = [
        float(np.linalg.norm(tangent * np.asarray(sd_percent_BW))) / size
        for tangent in _tangents(force / size)
    ]
    return DirectionScatter(
        frontal=angles[0],
        sagittal=angles[1],
        source=f"{source}; from the standard deviations of the components over patients, "
        f"{sd_percent_BW} % of body weight, to first order as if they were independent",
        provenance="published",
    )


_ORTHOLOAD = "OrthoLoad Hip III, Bergmann et al. 2016, doi:10.1371/journal.pone.0155612"
_STANCE_SD = (19.5, 13.9, 27.3)

DIRECTION_SCATTER.add(
    "stance", _scatter("stance", _STANCE_SD, f"one-legged stance, 10 hips, {_ORTHOLOAD}")
)
DIRECTION_SCATTER.add(
    "stance_cup", _scatter("stance_cup", _STANCE_SD, f"one-legged stance, 10 hips, {_ORTHOLOAD}")
)
DIRECTION_SCATTER.add(
    "walking",
    _scatter("walking", (14.3, 14.5, 19.0), f"level walking, 10 hips, {_ORTHOLOAD}"),
)
