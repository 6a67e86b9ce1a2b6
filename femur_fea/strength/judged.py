"""Where failure is looked for: in bone, away from loads and supports."""

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, LoadCase

__all__ = ["cells_near_load", "judged_cells", "judged_facets"]


def cells_near_load(mesh: BoneMesh, load: LoadCase) -> BoolArray:
    """Return which cells have a corner near a load or a support, (n_cells,)."""
    return np.asarray(load.excluded[mesh.cells].any(axis=1))


def judged_cells(mesh: BoneMesh, load: LoadCase, bone: BoolArray) -> BoolArray:
    """Return in which cells failure is looked for, (n_cells,).

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    load : LoadCase
        Says what lies near loads and supports.
    bone : (n_cells,), bool
        Cells that are bone, as `femur_fea.mapping.map_elasticity` finds them.
    """
    return np.asarray(bone & ~cells_near_load(mesh, load))


def judged_facets(mesh: BoneMesh, load: LoadCase, bone: BoolArray) -> BoolArray:
    """Return on which facets of the surface failure is looked for, (n_facets,).

    Facets of bone whose corners all lie away from loads and supports; the cell behind one may
    reach nearer. Arguments are those of `judged_cells`.
    """
    return np.asarray(bone[mesh.facet_cells] & ~load.excluded[mesh.facets].any(axis=1))
