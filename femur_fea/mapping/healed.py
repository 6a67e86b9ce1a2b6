"""The lesion-free twin: a lesion filled with the density of its healthy surroundings."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from femur_fea.domain import (
    BoolArray,
    DensityField,
    FloatArray,
    IntArray,
    LabelMask,
    check_same_grid,
)
from femur_fea.errors import SegmentationError
from femur_fea.mapping.rim import LESION_RIM, distance_from

__all__ = ["HEALING_METHOD", "HealedDensity", "heal"]

HEALING_METHOD = "inpainted from healthy bone at the same depth below the surface"

_SUPERFICIAL = 6.0  # mm below the surface within which depth tells cortex from trabecular bone
_DEPTH_WEIGHT = 10.0  # one millimetre of depth counts as many of distance
_NEIGHBOURS = 16
_REACH = 40.0  # mm around the lesion within which healthy bone is looked for


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HealedDensity:
    """Density of the lesion-free twin.

    Attributes
    ----------
    density : DensityField
        The density with the lesion filled.
    method : str
        How it was filled.
    filled_voxels : int
        Voxels that were replaced: the lesion and its rim.
    """

    density: DensityField
    method: str
    filled_voxels: int


def heal(density: DensityField, femur: LabelMask, lesion: LabelMask) -> HealedDensity:
    """Return the density that the bone would have without the lesion.

    Each voxel of the lesion, and of a rim 2 mm wide, takes the inverse-distance mean of the 16
    healthy voxels nearest to it, where 1 mm of difference in depth below the surface counts as
    10 mm of distance, within the outer 6 mm. So cortex is filled from cortex and trabecular bone
    from trabecular bone. Weights, depth and rim are modelling choices.

    Parameters
    ----------
    density : DensityField
        Equivalent density, g/cm3.
    femur : LabelMask
        The bone as it was before the lesion: the mask must include the lesion.
    lesion : LabelMask
        The lesion.

    Raises
    ------
    GridMismatchError
        If the three do not share a grid.
    SegmentationError
        If less healthy bone than a neighbourhood lies within 40 mm of the lesion.
    """
    check_same_grid("the density", density.grid, "the femur mask", femur.grid)
    check_same_grid("the density", density.grid, "the lesion mask", lesion.grid)
    spacing = density.grid.spacing
    from_lesion = distance_from(lesion)
    filled = femur.inside & (from_lesion <= LESION_RIM)
    healthy = femur.inside & (from_lesion > LESION_RIM) & (from_lesion <= _REACH)
    _check_enough(healthy)
    features = _features(femur.inside, spacing)
    donors = np.argwhere(healthy)
    distance, nearest = cKDTree(features(donors)).query(
        features(np.argwhere(filled)), k=_NEIGHBOURS
    )
    weight = 1.0 / np.maximum(distance, 1e-6)
    rho = density.rho.copy()
    rho[filled] = (weight * density.rho[healthy][nearest]).sum(axis=1) / weight.sum(axis=1)
    return HealedDensity(
        density=DensityField(grid=density.grid, rho=rho, kind=density.kind),
        method=HEALING_METHOD,
        filled_voxels=int(filled.sum()),
    )


def _features(femur: BoolArray, spacing: FloatArray) -> Callable[[IntArray], FloatArray]:
    """Return a function from voxel indices to position and weighted depth, in mm."""
    # the end of the image is no background to the transform, so a scan that ends in the bone
    # makes no surface there
    depth = ndimage.distance_transform_edt(femur, sampling=spacing)
    shallow = _DEPTH_WEIGHT * np.minimum(depth, _SUPERFICIAL)

    def features(index: IntArray) -> FloatArray:
        return np.column_stack([index * spacing, shallow[tuple(index.T)]])

    return features


def _check_enough(healthy: BoolArray) -> None:
    count = int(healthy.sum())
    if count < _NEIGHBOURS:
        raise SegmentationError(
            found=f"{count} voxels of healthy bone within {_REACH:.0f} mm of the lesion",
            expected=f"at least {_NEIGHBOURS} to fill the lesion from",
            remedy="check that the lesion mask is smaller than the femur mask",
        )
