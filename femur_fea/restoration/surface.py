"""Sites on the surface of a mask, and an image along their normals."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage, special

from femur_fea.domain import DensityField, FloatArray, IntArray, LabelMask, read_only
from femur_fea.errors import OutOfRangeError

__all__ = ["SurfaceSites", "sample_profiles", "surface_sites"]

# standard deviation, in the largest spacing, with which the stairs of a mask are smoothed
_SMOOTHING = 1.0
_TAIL = 1e-3  # share of the smoothing's bell beyond which depth is not told
_FEWEST = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SurfaceSites:
    """Points on the surface of a bone.

    Attributes
    ----------
    points : (n, 3), mm
        Where they lie, LPS.
    inward : (n, 3), dimensionless
        Unit normals into the bone.
    """

    points: FloatArray
    inward: FloatArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", read_only(self.points))
        object.__setattr__(self, "inward", read_only(self.inward))

    @property
    def n_sites(self) -> int:
        """Number of sites."""
        return len(self.points)


def surface_sites(femur: LabelMask) -> SurfaceSites:
    r"""Return a site for every voxel at the surface of a mask, moved onto the smooth surface.

    Where the image ends in the bone there is no surface.

    Raises
    ------
    OutOfRangeError
        If the mask has almost no surface.

    Notes
    -----
    A half space whose mask is smoothed by a Gaussian of standard deviation s has the value
    :math:`\Phi(d / s)` at the depth d, which gives depth to a fraction of a voxel from a mask of
    stairs.
    """
    spacing = femur.grid.spacing
    width = _SMOOTHING * float(spacing.max())
    share = ndimage.gaussian_filter(
        femur.inside.astype(np.float64), width / spacing, mode="nearest", truncate=4.0
    )
    at_surface = femur.inside & ~ndimage.binary_erosion(femur.inside, border_value=1)
    index = np.argwhere(at_surface)
    if len(index) < _FEWEST:
        raise OutOfRangeError(
            found=f"a mask with {len(index)} voxels at its surface",
            expected="the surface of a bone",
            remedy="check the mask",
        )
    depth = width * special.ndtri(np.clip(share[at_surface], _TAIL, 1.0 - _TAIL))
    slope = np.stack([_slope(share, index, axis) for axis in range(3)], axis=1)
    # from per voxel to per mm of the world: the affine's inverse, transposed
    inward = slope @ np.linalg.inv(femur.grid.affine[:3, :3])
    length = np.linalg.norm(inward, axis=1)
    sound = length > 0.0
    inward = inward[sound] / length[sound, None]
    points = femur.grid.to_world(index[sound].astype(float)) - depth[sound, None] * inward
    return SurfaceSites(points=points, inward=inward)


def _slope(values: FloatArray, index: IntArray, axis: int) -> FloatArray:
    """Return half the difference of the two neighbours along an axis, one-sided at the border."""
    low, high = index.copy(), index.copy()
    low[:, axis] = np.maximum(low[:, axis] - 1, 0)
    high[:, axis] = np.minimum(high[:, axis] + 1, values.shape[axis] - 1)
    apart = np.maximum(high[:, axis] - low[:, axis], 1)
    return np.asarray((values[tuple(high.T)] - values[tuple(low.T)]) / apart)


def sample_profiles(density: DensityField, sites: SurfaceSites, depth: FloatArray) -> FloatArray:
    """Return the density at depths (m,), mm, below every site, (n, m), by cubic splines.

    Trilinear interpolation would add a blur of its own. Beyond the image its border goes on.
    """
    points = sites.points[:, None] + depth[None, :, None] * sites.inward[:, None]
    index = density.grid.to_index(points.reshape(-1, 3))
    values = ndimage.map_coordinates(
        density.rho, index.T, order=3, mode="nearest", output=np.float64
    )
    return np.asarray(values.reshape(len(points), len(depth)))
