"""Whether a lesion has taken mineral or added it."""

from typing import Literal

import numpy as np

from femur_fea.domain import DensityField, LabelMask, check_same_grid

__all__ = ["LesionKind", "lesion_kind"]

type LesionKind = Literal["lytic", "mixed", "blastic"]

# choices: Mirels looked at radiographs and gives no number
_DEADBAND = 0.05  # g/cm3, about the noise of a voxel
_SOFT = 0.12  # g/cm3: less than that may be tumour in fatty marrow, or contrast medium
_CLEAR = 0.8  # share of the changed mineral that has changed in one direction


def lesion_kind(density: DensityField, healed: DensityField, lesion: LabelMask) -> LesionKind:
    """Return whether a lesion is lytic, blastic or both, by the mineral against its twin.

    Parameters
    ----------
    density, healed : DensityField, g/cm3
        The bone as it is, and without the lesion, on one grid.
    lesion : LabelMask
        The lesion, on the same grid.

    Raises
    ------
    ShapeError
        If the grids differ.
    """
    check_same_grid("healed density", healed.grid, "density", density.grid)
    check_same_grid("lesion", lesion.grid, "density", density.grid)
    change = density.rho[lesion.inside] - healed.rho[lesion.inside]
    lost = float(np.sum(-change[change < -_DEADBAND]))
    is_mineral = (change > _DEADBAND) & (density.rho[lesion.inside] > _SOFT)
    gained = float(np.sum(change[is_mineral]))
    total = lost + gained
    if total == 0.0:
        return "mixed"
    if lost >= _CLEAR * total:
        return "lytic"
    return "blastic" if gained >= _CLEAR * total else "mixed"
