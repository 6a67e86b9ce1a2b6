"""A force on the femoral head, or a cup that drives it, on a bone whose shaft is embedded."""

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LoadCase
from femur_fea.loads.definition import EXCLUSION_MARGIN, REFERENCE_FORCE
from femur_fea.loads.patch import check_patch, head_cap, traction_of, within
from femur_fea.loads.support import embedded_distally

__all__ = ["HeadContact", "load_head"]

type HeadContact = Literal["pressure cap", "guided cup"]

_STROKE = 1.0  # mm that a cup drives the head; a linear model scales from it


def load_head(
    mesh: BoneMesh,
    frame: FemoralFrame,
    direction: FloatArray,
    *,
    contact: HeadContact,
    name: str,
    fixed_length: float,
) -> LoadCase:
    """Return a load case that acts on the cap of the head, 40 degrees round a direction.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its anatomical frame.
    direction : (3,)
        Unit vector of the force on the head, LPS.
    contact : {"pressure cap", "guided cup"}
        A parallel traction with a cosine profile, 1000 N in all, that leaves the head free to move;
        or a rigid cup that holds the cap and drives it 1 mm along the direction: it neither slides
        nor turns, and its force follows from the solution.
    name : str
        Name of the load case.
    fixed_length : float, mm
        Length of shaft that is embedded.

    Raises
    ------
    LoadError
        If head or shaft are not where the load needs them.
    """
    return _CONTACTS[contact](mesh, frame, direction, name, fixed_length)


def _press(
    mesh: BoneMesh, frame: FemoralFrame, direction: FloatArray, name: str, fixed_length: float
) -> LoadCase:
    weight = head_cap(mesh, frame, direction)
    fixed = embedded_distally(mesh, frame, length=fixed_length)
    return LoadCase.on_fixed_points(
        name=name,
        traction=traction_of(mesh, weight, REFERENCE_FORCE * direction),
        fixed=fixed,
        magnitude=REFERENCE_FORCE,
        excluded=within(mesh, (weight > 0.0) | fixed, EXCLUSION_MARGIN),
    )


def _drive(
    mesh: BoneMesh, frame: FemoralFrame, direction: FloatArray, name: str, fixed_length: float
) -> LoadCase:
    weight = head_cap(mesh, frame, direction)
    check_patch(mesh, weight)
    driven = weight > 0.0
    held = driven | embedded_distally(mesh, frame, length=fixed_length)
    return LoadCase(
        name=name,
        traction=np.zeros((mesh.n_points, 3)),
        held=np.repeat(held[:, None], 3, axis=1),
        displacement=_STROKE * np.outer(driven, direction),
        magnitude=0.0,
        excluded=within(mesh, held, EXCLUSION_MARGIN),
    )


type _Contact = Callable[[BoneMesh, FemoralFrame, FloatArray, str, float], LoadCase]

_CONTACTS: Mapping[HeadContact, _Contact] = {"pressure cap": _press, "guided cup": _drive}
