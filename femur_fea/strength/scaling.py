"""When a load case has one force by which strength may be quoted."""

import numpy as np

from femur_fea.domain import LoadCase
from femur_fea.errors import LoadError

__all__ = ["check_one_way"]

_ALIKE = 1e-9  # of the stroke: round-off of a displacement that is put together from parts


def check_one_way(load: LoadCase) -> None:
    """Refuse prescribed displacements that are not one motion along one way.

    The force that goes with a prescribed displacement is its work over the way. Where several
    parts move differently or one turns there is no such way: a rigid motion of the whole bone,
    which strains nothing, would change the force and all that is scaled by it. Strain and stress
    mean the same for every load case.

    Raises
    ------
    LoadError
        If driven points have different displacements.
    """
    ways = load.displacement[load.driven]
    if len(ways) == 0:
        return
    spread = float(np.linalg.norm(ways - ways[0], axis=1).max())
    if spread > _ALIKE * load.stroke:
        raise LoadError(
            found=f"load case {load.name!r}, whose prescribed displacements differ by {spread:.3g} "
            "mm from one another",
            expected="one displacement of all that is driven, the rest of what is held at rest, so "
            "that there is one force to quote",
            remedy="hold one part at rest and move the other without turning it, or take strain, "
            "stress and reactions of the result, which need no such force",
        )
