"""Values of an image at points between its samples."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray, ImageGrid
from femur_fea.errors import GridMismatchError

__all__ = ["index_inside", "interpolate", "sample"]


def sample(grid: ImageGrid, values: FloatArray, points: FloatArray) -> FloatArray:
    """Return image values at LPS points by trilinear interpolation, shape (n,).

    Parameters
    ----------
    grid : ImageGrid
        Where the samples lie.
    values : (ni, nj, nk)
        Image samples.
    points : (n, 3), mm
        Where to sample; up to one voxel outside the outermost samples' centres.

    Raises
    ------
    GridMismatchError
        If a point lies more than one voxel outside the image.
    """
    return interpolate(values, index_inside(grid, points))


def index_inside(grid: ImageGrid, points: FloatArray) -> FloatArray:
    """Return the fractional indices of LPS points (n, 3), mm.

    Raises
    ------
    GridMismatchError
        If a point lies more than one voxel outside the image.
    """
    index = grid.to_index(points)
    beyond = np.maximum(-index, index - (np.asarray(grid.shape) - 1.0)).max()
    if beyond > 1.0:
        raise GridMismatchError(
            found=f"mesh points up to {beyond:.1f} voxels outside the image",
            expected="a mesh inside the image it was made from",
            remedy="check that mesh and image belong together and share the LPS frame",
        )
    return index


def interpolate(values: FloatArray, index: FloatArray) -> FloatArray:
    """Return values (ni, nj, nk) at fractional indices (n, 3), trilinear; constant outside."""
    return np.asarray(
        ndimage.map_coordinates(values, index.T, order=1, mode="nearest", output=float)
    )
