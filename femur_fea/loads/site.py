"""Places on the femur at which loads act, found from its anatomical frame."""

from typing import Literal

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame, FloatArray
from femur_fea.errors import NoTrochanterError, ShortShaftError
from femur_fea.loads.patch import on_surface

__all__ = ["AttachmentSite", "attachment", "greater_trochanter"]

type AttachmentSite = Literal["greater trochanter", "lateral shaft", "medial shaft"]

_TROCHANTER_END = 3.3  # head radii below the head centre, where the lesser trochanter has faded
_PATCH_RADIUS = 10.0  # mm, of a muscle's attachment: modelling choice
# where to look for the middle of an attachment: lateral, anterior, proximal
_OUTWARD: dict[AttachmentSite, tuple[float, float, float]] = {
    "greater trochanter": (1.0, 0.0, 1.0),
    "lateral shaft": (1.0, 0.0, 0.0),
    "medial shaft": (-1.0, 0.0, 0.0),
}


def greater_trochanter(mesh: BoneMesh, frame: FemoralFrame) -> BoolArray:
    """Return the points among which the greater trochanter is, shape (n_points,).

    Raises
    ------
    NoTrochanterError
        If there are none.
    """
    lateral, _, height = frame.to_frame(mesh.points).T / frame.head_radius
    candidates = (lateral > 1.0) & (height > -_TROCHANTER_END)
    if not candidates.any():
        raise NoTrochanterError(
            found=f"a bone that ends {frame.head_radius * lateral.max():.0f} mm lateral of the "
            "head centre",
            expected="a greater trochanter, more than the head's radius of "
            f"{frame.head_radius:.0f} mm lateral and near the height of the head",
            remedy="use a scan that shows the whole trochanter, or a load that does not need it",
        )
    return np.asarray(candidates)


def attachment(mesh: BoneMesh, frame: FemoralFrame, site: AttachmentSite) -> FloatArray:
    """Return the weights of a muscle's attachment, (n_points,).

    Its middle is the point of the greater trochanter that lies farthest laterally and proximally,
    or the point farthest laterally or medially on the shaft within 10 mm of the height of the
    lesser trochanter.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its anatomical frame.
    site : str
        Where the muscle is attached.

    Returns
    -------
    (n_points,), dimensionless
        1 at the middle of the attachment, falling to 0 at 10 mm from it.

    Raises
    ------
    NoTrochanterError, ShortShaftError
        If the bone does not show the site.
    """
    candidates = on_surface(mesh) * _candidates(mesh, frame, site)
    outward = frame.direction_to_world(np.array(_OUTWARD[site]))
    reach = np.where(candidates > 0.0, mesh.points @ outward, -np.inf)
    middle = mesh.points[np.argmax(reach)]
    distance = np.linalg.norm(mesh.points - middle, axis=1)
    return np.asarray(np.clip(1.0 - distance / _PATCH_RADIUS, 0.0, 1.0) * on_surface(mesh))


def _candidates(mesh: BoneMesh, frame: FemoralFrame, site: AttachmentSite) -> BoolArray:
    if site == "greater trochanter":
        return greater_trochanter(mesh, frame)
    along = (mesh.points - frame.lesser_trochanter) @ frame.axes[2]
    if along.min() > -_PATCH_RADIUS:
        raise ShortShaftError(
            found=f"a bone that ends {max(-along.min(), 0.0):.0f} mm below the lesser trochanter",
            expected=f"more than {_PATCH_RADIUS:.0f} mm, for a muscle on the {site}",
            remedy="use a scan that shows more of the shaft, or a load without muscles",
        )
    return np.asarray(np.abs(along) < _PATCH_RADIUS)
