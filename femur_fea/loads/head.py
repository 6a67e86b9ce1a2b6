"""A force on the femoral head of a bone whose shaft is embedded."""

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, LoadCase
from femur_fea.loads.definition import EXCLUSION_MARGIN, REFERENCE_FORCE
from femur_fea.loads.patch import head_cap, traction_of, within
from femur_fea.loads.support import embedded_distally

__all__ = ["press_on_head"]


def press_on_head(
    mesh: BoneMesh,
    frame: FemoralFrame,
    direction: FloatArray,
    *,
    name: str,
    fixed_length: float,
) -> LoadCase:
    """Return a load case of 1000 N on the head, as a cosine pressure on its cap.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its anatomical frame.
    direction : (3,)
        Unit vector of the force on the head, LPS.
    name : str
        Name of the load case.
    fixed_length : float, mm
        Length of shaft that is embedded.

    Raises
    ------
    LoadError
        If head or shaft are not where the load needs them.
    """
    weight = head_cap(mesh, frame, direction)
    fixed = embedded_distally(mesh, frame, length=fixed_length)
    return LoadCase.on_fixed_points(
        name=name,
        traction=traction_of(mesh, weight, REFERENCE_FORCE * direction),
        fixed=fixed,
        magnitude=REFERENCE_FORCE,
        excluded=within(mesh, (weight > 0.0) | fixed, EXCLUSION_MARGIN),
    )
