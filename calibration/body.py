"""Which voxels of a CT are the patient's body, and which the air around it."""

import numpy as np

from femur_fea.domain import BoolArray, CTVolume, FloatArray, ImageGrid, LabelMask, check_same_grid

__all__ = ["find_body", "near", "surrounding_air", "thinned"]

# Choices. Between air at -1000 and fat at -100 HU; lung and foam lie on the side of air.
_BODY_ABOVE_HU = -500.0
# Air has no voxel at this CT number but by noise; the lung has -850 HU and more.
_AIR_BELOW_HU = -800.0
# A patch of one and the same number below all noisy air is what the scanner writes where it has
# measured nothing.
_PADDING_BELOW_HU = -1010.0


def thinned(ct: CTVolume, spacing: float = 3.0) -> CTVolume:
    """Return every n-th sample of a CT, so that they lie at most `spacing` (mm) apart.

    Samples are taken, not averaged: their noise and their tissue stay what they are, and a
    histogram needs no more of them.
    """
    steps = tuple(max(1, int(spacing / s)) for s in ct.grid.spacing)
    every = tuple(slice(None, None, step) for step in steps)
    return CTVolume(
        grid=_thinned_grid(ct.grid, steps),
        hu=ct.hu[every],
        acquisition=ct.acquisition,
        outside=None if ct.outside is None else ct.outside[every],
    )


def surrounding_air(ct: CTVolume) -> BoolArray:
    """Return which voxels are air around the body, one voxel away from anything else.

    Air is connected to an end of the image along i or j, where the field of view ends; padding
    is not air. A lung that the image cuts open is air by this rule, but far fewer voxels.
    """
    from scipy import ndimage

    air = (ct.hu < _AIR_BELOW_HU) & ~_padding(ct)
    labels, _ = ndimage.label(air)
    ends = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
    outside = np.unique(np.concatenate([end.ravel() for end in ends]))
    around = np.isin(labels, outside[outside > 0])
    return np.asarray(ndimage.binary_erosion(around, border_value=1), dtype=bool)


def find_body(ct: CTVolume) -> BoolArray:
    """Return which voxels are the body: the largest piece above -500 HU, without the table."""
    from scipy import ndimage

    solid = ndimage.binary_opening(ct.hu > _BODY_ABOVE_HU)
    labels, n_pieces = ndimage.label(solid)
    if n_pieces == 0:
        return np.zeros(ct.grid.shape, dtype=bool)
    sizes = np.bincount(labels.ravel())
    return np.asarray(labels == 1 + int(np.argmax(sizes[1:])))


def near(mask: LabelMask, ct: CTVolume, coarse: CTVolume, distance: float) -> BoolArray:
    """Return which voxels of a thinned CT lie outside a structure, within `distance` (mm) of it.

    Raises
    ------
    GridMismatchError
        If `mask` and `ct` are not on one grid.
    """
    from scipy import ndimage

    check_same_grid("the CT", ct.grid, "the mask", mask.grid)
    steps = np.rint(coarse.grid.spacing / ct.grid.spacing).astype(int)
    inside = mask.inside[:: steps[0], :: steps[1], :: steps[2]]
    apart: FloatArray = ndimage.distance_transform_edt(~inside, sampling=coarse.grid.spacing)
    return np.asarray((apart > 0.0) & (apart <= distance))


def _padding(ct: CTVolume) -> BoolArray:
    from scipy import ndimage

    low = ndimage.minimum_filter(ct.hu, size=3)
    high = ndimage.maximum_filter(ct.hu, size=3)
    flat = (low == high) & (ct.hu < _PADDING_BELOW_HU)
    if ct.outside is not None:
        flat |= ct.outside
    return np.asarray(ndimage.binary_dilation(flat, structure=np.ones((3, 3, 3), dtype=bool)))


def _thinned_grid(grid: ImageGrid, steps: tuple[int, ...]) -> ImageGrid:
    affine = grid.affine.copy()
    affine[:3, :3] *= steps
    ni, nj, nk = (-(-n // step) for n, step in zip(grid.shape, steps, strict=True))
    return ImageGrid(shape=(ni, nj, nk), affine=affine)
