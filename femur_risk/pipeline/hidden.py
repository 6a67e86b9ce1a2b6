"""Lesions that a load case cannot judge."""

import warnings
from collections.abc import Sequence

import numpy as np

from femur_fea.domain import BoneMesh, LabelMask, LoadCase
from femur_fea.errors import FemurFEAWarning

__all__ = ["hidden_fraction", "warn_of_hidden_lesion"]


def hidden_fraction(mesh: BoneMesh, loads: Sequence[LoadCase], lesion: LabelMask) -> float:
    """Return how much of a lesion lies where failure is not looked for: at a load or the support.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    loads : sequence of LoadCase
        The directions of a load, at least one; each says where failure is not looked for.
    lesion : LabelMask
        The lesion.

    Returns
    -------
    float, dimensionless
        Share of the mesh's points in the lesion, largest over the directions; 0 for a lesion that
        is so small that it holds none.
    """
    index = np.rint(lesion.grid.to_index(mesh.points)).astype(int)
    within = ((index >= 0) & (index < lesion.grid.shape)).all(axis=1)
    in_lesion = np.zeros(mesh.n_points, dtype=bool)
    in_lesion[within] = lesion.inside[tuple(index[within].T)]
    hidden = max(int(np.count_nonzero(in_lesion & load.excluded)) for load in loads)
    return hidden / max(int(np.count_nonzero(in_lesion)), 1)


def warn_of_hidden_lesion(name: str, fraction: float) -> None:
    """Warn if part of the lesion is not judged under the load `name`."""
    if fraction > 0.0:
        warnings.warn(
            f"{100.0 * fraction:.0f} % of the lesion lies under the load or next to the support of "
            f"{name!r}, or where it does not load the bone: failure is not looked for there, and "
            "its strength loss is too small",
            FemurFEAWarning,
            stacklevel=2,
        )
