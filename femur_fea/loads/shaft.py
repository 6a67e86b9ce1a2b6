"""The free shaft between lesser trochanter and support, and grips round it."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray
from femur_fea.errors import ShortShaftError
from femur_fea.loads.patch import on_surface

__all__ = ["FreeShaft", "find_free_shaft", "grip"]

_GRIP = 0.25  # diameters, half the length of a grip: modelling choice
_ABOVE = 0.75  # diameters from the lesser trochanter up to the middle of the uppermost grip
_SLAB = 5.0  # mm, over which one width of the shaft is measured
_TURNS = np.radians(np.arange(0.0, 180.0, 10.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeShaft:
    """Shaft between the lesser trochanter and the support.

    Attributes
    ----------
    top, bottom : float, mm
        Heights of the lesser trochanter and of the upper end of the support over the head centre,
        along the shaft; negative.
    diameter : float, mm
        Its width, the mean over directions and the median over heights.
    """

    top: float
    bottom: float
    diameter: float

    @property
    def uppermost_grip(self) -> float:
        """Height of the middle of a grip whose uneven stress fades above the shaft, mm."""
        return self.top + _ABOVE * self.diameter

    @property
    def half_grip(self) -> float:
        """Half the length of a grip, mm."""
        return _GRIP * self.diameter


def find_free_shaft(
    mesh: BoneMesh, frame: FemoralFrame, *, fixed_length: float, diameters: float, load: str
) -> FreeShaft:
    """Return the free shaft of a bone whose lowest `fixed_length` mm are held.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its anatomical frame.
    fixed_length : float, mm
        Length of shaft that is held.
    diameters : float
        Length that the load needs, in diameters.
    load : str
        Name of the load, for the message.

    Raises
    ------
    ShortShaftError
        If there is less.
    """
    local = frame.to_frame(mesh.points)
    top = float(frame.to_frame(frame.lesser_trochanter[None])[0, 2])
    bottom = float(local[:, 2].min()) + fixed_length
    surface = local[np.unique(mesh.facets)]
    between = surface[(surface[:, 2] < top) & (surface[:, 2] > bottom)]
    diameter = _diameter(between) if len(between) else np.inf
    if not top - bottom >= diameters * diameter:
        raise ShortShaftError(
            found=f"{max(top - bottom, 0.0):.0f} mm of free shaft, "
            f"{max(top - bottom, 0.0) / diameter:.1f} of its diameters: there is "
            f"{frame.shaft_words}, and the lowest {fixed_length:g} mm of the bone are held",
            expected=f"at least {diameters:g} diameters of free shaft for the load {load!r}",
            remedy="use a scan that shows more of the shaft, a shorter embedding, or another load",
        )
    return FreeShaft(top=top, bottom=bottom, diameter=diameter)


def grip(mesh: BoneMesh, frame: FemoralFrame, shaft: FreeShaft, *, height: float) -> FloatArray:
    """Return the weights of a grip round the bone, half a diameter long, (n_points,).

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its anatomical frame.
    shaft : FreeShaft
        Gives its length.
    height : float, mm
        Height of its middle over the head centre, along the shaft.

    Returns
    -------
    (n_points,), dimensionless
        1 at the middle of the grip, falling to 0 at its ends.
    """
    above = frame.to_frame(mesh.points)[:, 2] - height
    return np.clip(1.0 - np.abs(above) / shaft.half_grip, 0.0, 1.0) * on_surface(mesh)


def _diameter(points: FloatArray) -> float:
    """Return the width of a shaft along z, given points of its surface, (n, 3), mm."""
    reach = points[:, :2] @ np.stack([np.cos(_TURNS), np.sin(_TURNS)])
    slab = np.floor(points[:, 2] / _SLAB)
    widths = [np.ptp(reach[slab == one], axis=0).mean() for one in np.unique(slab)]
    return float(np.median(widths))
