"""A smooth implicit function whose zero level is the surface of a mask."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage
from scipy.interpolate import make_interp_spline

from femur_fea.domain import BoolArray, FloatArray, IntArray, LabelMask
from femur_fea.errors import EmptyMaskError, SegmentationError, SeveralBonesError

__all__ = ["ImplicitBone", "check_one_solid", "signed_distance", "smooth_distance"]

_SMOOTHING = 0.8  # standard deviation of the smoothing, in units of the largest voxel spacing
_MARGIN_VOXELS = 4  # the smoothing kernel's reach, so that the padding's edge is not felt
_FEWEST_VOXELS = 100
_TOUCHING = np.ones((3, 3, 3), dtype=bool)  # voxels that share a corner are connected


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ImplicitBone:
    """A function on a lattice, negative inside the bone.

    Attributes
    ----------
    distance : (ni, nj, nk), mm
        Smoothed signed distance to the side of the bone, continued beyond the scan's border.
    beyond : (ni, nj, nk), mm
        Distance beyond the nearest face of the scan, negative within it.
    affine : (4, 4), mm
        Maps lattice indices to LPS.
    """

    distance: FloatArray
    beyond: FloatArray
    affine: FloatArray

    def at_level(self, level: float) -> FloatArray:
        """Return the function whose zero is the bone grown by `level` and cut flat by the scan."""
        return np.asarray(np.maximum(self.distance - level, self.beyond))


def check_one_solid(mask: LabelMask) -> None:
    """Raise unless a mask is one connected piece without enclosed cavities.

    Raises
    ------
    EmptyMaskError
        If it holds too few voxels to be a bone.
    SeveralBonesError
        If it falls into pieces that do not touch.
    SegmentationError
        If it encloses cavities.
    """
    n_voxels = int(mask.inside.sum())
    if n_voxels < _FEWEST_VOXELS:
        raise EmptyMaskError(
            found=f"a mask of {n_voxels} voxels",
            expected=f"at least {_FEWEST_VOXELS}",
            remedy="check the label value and the segmentation",
        )
    pieces, n_pieces = ndimage.label(mask.inside, structure=_TOUCHING)
    if n_pieces > 1:
        sizes = np.sort(np.bincount(pieces.ravel())[1:])[::-1]
        raise SeveralBonesError(
            found=f"{n_pieces} separate pieces, the largest of {sizes[0]} and {sizes[1]} voxels",
            expected="one bone",
            remedy="keep the femur only and remove stray voxels",
        )
    _, n_outside = ndimage.label(np.pad(~mask.inside, 1, constant_values=True))
    if n_outside > 1:
        raise SegmentationError(
            found=f"{n_outside - 1} cavities enclosed by the mask",
            expected="a solid mask that includes marrow and lesion",
            remedy="fill the holes of the mask",
        )


def smooth_distance(mask: LabelMask, *, lattice_spacing: float) -> ImplicitBone:
    """Return a smoothed signed distance to the surface of a mask on a finer or coarser lattice.

    Where the mask touches the border of its grid it is continued past it, so that smoothing
    does not round the cut, and `ImplicitBone.beyond` closes it with the plane of the border.

    Parameters
    ----------
    mask : LabelMask
        The bone, solid and in one piece.
    lattice_spacing : float, mm
        Distance between lattice points, rounded so that they end with the image.
    """
    box, offset = _crop(mask.inside)
    spacing = mask.grid.spacing
    sigma = _SMOOTHING * spacing.max() / spacing
    margin = np.ceil(_MARGIN_VOXELS * sigma).astype(int)
    solid = np.pad(box, [(m, m) for m in margin])
    _continue_past_border(solid, margin, offset, mask.inside.shape)
    distance = signed_distance(solid, spacing)
    distance = ndimage.gaussian_filter(distance, sigma)
    index, fine_to_padded = _lattice(solid.shape, spacing, lattice_spacing)
    fine = _interpolate(distance, index)
    to_mask = _index_shift(offset - margin) @ fine_to_padded
    beyond = _beyond_scan(index, offset - margin, mask.inside.shape, spacing)
    return ImplicitBone(distance=fine, beyond=beyond, affine=mask.grid.affine @ to_mask)


def _index_shift(offset: IntArray) -> FloatArray:
    """Return the (4, 4) matrix that adds `offset` to an index."""
    matrix = np.eye(4)
    matrix[:3, 3] = offset
    return matrix


def _crop(inside: BoolArray) -> tuple[BoolArray, IntArray]:
    """Return the box round the mask and the index of its first voxel."""
    filled = np.argwhere(inside)
    low, high = filled.min(axis=0), filled.max(axis=0) + 1
    return inside[low[0] : high[0], low[1] : high[1], low[2] : high[2]], low


def _continue_past_border(
    solid: BoolArray, margin: IntArray, offset: IntArray, shape: tuple[int, ...]
) -> None:
    """Repeat the outermost slice into the padding wherever the mask reaches the scan's border."""
    for axis in range(3):
        slices = np.moveaxis(solid, axis, 0)
        m = int(margin[axis])
        if offset[axis] == 0:
            slices[:m] = slices[m]
        if offset[axis] + len(slices) - 2 * m == shape[axis]:
            slices[-m:] = slices[-m - 1]


def signed_distance(solid: BoolArray, spacing: FloatArray) -> FloatArray:
    """Return the distance to the border of a solid, negative inside, shape (ni, nj, nk), mm.

    Its zero lies midway between voxel centres in and out of the solid; the border of the image is
    no border of the solid.

    Parameters
    ----------
    solid : (ni, nj, nk), bool
        Voxels of the solid.
    spacing : (3,), mm
        Distance between voxels.
    """
    outside = ndimage.distance_transform_edt(~solid, sampling=spacing)
    inside = ndimage.distance_transform_edt(solid, sampling=spacing)
    return np.asarray(outside - inside)


def _lattice(
    shape: tuple[int, ...], spacing: FloatArray, lattice_spacing: float
) -> tuple[list[FloatArray], FloatArray]:
    """Return the lattice's positions along each axis, in voxel indices, and the matrix for them."""
    steps = [
        max(1, round((n - 1) * s / lattice_spacing)) for n, s in zip(shape, spacing, strict=True)
    ]
    index: list[FloatArray] = [
        np.asarray(np.linspace(0.0, n - 1.0, k + 1)) for n, k in zip(shape, steps, strict=True)
    ]
    return index, np.asarray(np.diag([*(x[1] - x[0] for x in index), 1.0]))


def _interpolate(values: FloatArray, index: list[FloatArray]) -> FloatArray:
    """Cubic-spline interpolation on a lattice given by its positions along each axis."""
    for axis, positions in enumerate(index):
        spline = make_interp_spline(np.arange(values.shape[axis]), values, k=3, axis=axis)
        values = spline(positions)
    return values


def _beyond_scan(
    index: list[FloatArray], first: IntArray, shape: tuple[int, ...], spacing: FloatArray
) -> FloatArray:
    """Distance beyond the faces of the scan, which lie half a voxel off the outermost centres."""
    per_axis = [
        np.maximum(-0.5 - (x + f), (x + f) - (n - 0.5)) * s
        for x, f, n, s in zip(index, first, shape, spacing, strict=True)
    ]
    grid = np.meshgrid(*per_axis, indexing="ij")
    return np.asarray(np.maximum(np.maximum(grid[0], grid[1]), grid[2]))
