"""The edge of a mask, where a voxel holds both bone and muscle."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from femur_fea.domain import DensityField, LabelMask, check_same_grid
from femur_fea.errors import OutOfRangeError
from femur_fea.mapping.extension import extend_outward

__all__ = ["BoneDensity", "bone_density"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BoneDensity:
    """Density as it is sampled: without the muscle beside the bone.

    Attributes
    ----------
    density : DensityField
        Density in the bone, continued outward from it.
    edge_fraction : float
        Fraction of the bone's volume whose density was raised to that of the bone further in.
    """

    density: DensityField
    edge_fraction: float


def bone_density(density: DensityField, femur: LabelMask, *, edge_voxels: int) -> BoneDensity:
    """Return the density with its partial volumes at the surface corrected, continued outward.

    The outermost layers of the mask are eroded, the density of what remains is continued outward,
    and each eroded voxel takes that density if it is higher than its own: muscle beside the bone
    only ever lowers what a voxel of its edge shows. Where the cortex is as thin as the layers, the
    voxel itself is the densest and stays as it is.

    Parameters
    ----------
    density : DensityField
        Any density, g/cm3.
    femur : LabelMask
        The bone, on the same grid.
    edge_voxels : int
        Layers of voxels that are not trusted, counted through faces; 0 takes the mask as it is.
        Where the scan ends in the bone there is no layer.

    Raises
    ------
    GridMismatchError
        If mask and density differ in grid.
    OutOfRangeError
        If the number is negative, or nothing of the bone is left.
    """
    check_same_grid("the density", density.grid, "the femur mask", femur.grid)
    if edge_voxels == 0:
        return BoneDensity(density=extend_outward(density, femur), edge_fraction=0.0)
    trusted = _eroded(femur, edge_voxels)
    from_within = extend_outward(density, trusted).rho
    raised = femur.inside & ~trusted.inside & (from_within > density.rho)
    corrected = DensityField(
        grid=density.grid, rho=np.where(raised, from_within, density.rho), kind=density.kind
    )
    return BoneDensity(
        density=extend_outward(corrected, femur),
        edge_fraction=float(np.count_nonzero(raised) / np.count_nonzero(femur.inside)),
    )


def _eroded(femur: LabelMask, layers: int) -> LabelMask:
    if layers < 0:
        raise OutOfRangeError(
            found=f"{layers} layers of voxels at the edge of the mask",
            expected="0 or more",
            remedy="use 0 to take the mask as it is",
        )
    # border_value: beyond the end of the image the bone goes on
    inside = ndimage.binary_erosion(femur.inside, iterations=layers, border_value=1)
    if not inside.any():
        raise OutOfRangeError(
            found=f"a mask of {int(femur.inside.sum())} voxels of which none lies deeper than "
            f"{layers} layers below its surface",
            expected="bone below the layers that are not trusted",
            remedy="use fewer layers",
        )
    return LabelMask(grid=femur.grid, inside=inside)
