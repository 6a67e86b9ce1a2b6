"""How the femur is held."""

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame
from femur_fea.errors import LoadError

__all__ = ["embedded_distally"]

# Points nearer to the head centre than this many head radii are head, which is never embedded:
# where a scan ends at the trochanters, the lowest millimetres of bone hold part of it.
_HEAD = 1.1


def embedded_distally(mesh: BoneMesh, frame: FemoralFrame, *, length: float) -> BoolArray:
    """Return the points in the lowest `length` mm along the shaft, shape (n_points,).

    The femoral head is left free, also where the scan ends so high that it reaches down into
    that length.

    Raises
    ------
    LoadError
        If the embedding would reach the height of the head centre.
    """
    local = frame.to_frame(mesh.points)
    lowest = float(local[:, 2].min())
    if lowest + length > 0.0:
        raise LoadError(
            found=f"a bone that ends {-lowest:.1f} mm below the head centre, to be embedded over "
            f"{length:.1f} mm",
            expected="the support to end below the head centre",
            remedy="use a scan that shows more of the femur, or a shorter embedding",
        )
    on_head = np.linalg.norm(local, axis=1) < _HEAD * frame.head_radius
    return np.asarray((local[:, 2] <= lowest + length) & ~on_head)
