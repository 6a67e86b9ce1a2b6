"""Lesions that a load case cannot judge."""

import warnings
from collections.abc import Sequence

import numpy as np

from femur_fea.domain import BoneMesh, LabelMask, LoadCase
from femur_fea.errors import FemurFEAWarning

__all__ = ["warn_of_hidden_lesion"]


def warn_of_hidden_lesion(
    mesh: BoneMesh, name: str, loads: Sequence[LoadCase], lesion: LabelMask
) -> None:
    """Warn if part of the lesion lies where failure is not looked for: at a load or the support.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    name : str
        Name of the load.
    loads : sequence of LoadCase
        Its directions, at least one; each says where failure is not looked for.
    lesion : LabelMask
        The lesion.
    """
    index = np.rint(lesion.grid.to_index(mesh.points)).astype(int)
    within = ((index >= 0) & (index < lesion.grid.shape)).all(axis=1)
    in_lesion = np.zeros(mesh.n_points, dtype=bool)
    in_lesion[within] = lesion.inside[tuple(index[within].T)]
    hidden = max(int(np.count_nonzero(in_lesion & load.excluded)) for load in loads)
    if hidden:
        share = 100.0 * hidden / np.count_nonzero(in_lesion)
        warnings.warn(
            f"{share:.0f} % of the lesion lies under the load or next to the support of "
            f"{name!r}, or where it does not load the bone: failure is not looked for there, and "
            "its strength loss is too small",
            FemurFEAWarning,
            stacklevel=2,
        )
