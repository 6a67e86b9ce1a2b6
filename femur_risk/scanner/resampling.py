"""What a scanner with a known point spread shows of samples that lie closer than its own.

The point spread is a product of one function along each axis, so that a scan is three products
with small matrices. Both grids have their axes along the patient's.
"""

import itertools

import numpy as np
from scipy.special import erf

from femur_fea.domain import BoolArray, FloatArray, ImageGrid, LabelMask
from femur_fea.errors import GridMismatchError

__all__ = ["axes_of", "box_weights", "gauss_weights", "in_order", "mask_on", "separable"]

_STRAIGHT = 1e-4  # sine of the angle between an axis of the image and one of the patient


def axes_of(grid: ImageGrid) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the coordinates of samples along x, y and z, ascending, mm.

    Raises
    ------
    GridMismatchError
        If the axes of the image do not run along those of the patient.
    """
    order = _axis_order(grid)
    axes = []
    for world, image in enumerate(order):
        step = float(grid.affine[world, image])
        line = float(grid.affine[world, 3]) + step * np.arange(grid.shape[image])
        axes.append(line if step > 0.0 else line[::-1])
    return axes[0], axes[1], axes[2]


def in_order[A: (FloatArray, BoolArray)](grid: ImageGrid, samples: A) -> A:
    """Return samples of an image with their axes along x, y and z, ascending; nothing is copied."""
    order = _axis_order(grid)
    steps = [grid.affine[world, image] for world, image in enumerate(order)]
    turned = samples.transpose(order)
    return turned[tuple(slice(None, None, 1 if step > 0.0 else -1) for step in steps)]


def gauss_weights(at: FloatArray, cells: FloatArray, sigma: float) -> FloatArray:
    """Return what each cell adds to a Gaussian mean at places.

    Parameters
    ----------
    at : (n,), mm
        Places.
    cells : (m,), mm
        Centres of cells of one width, ascending; values are constant within a cell.
    sigma : float, mm
        Standard deviation of the Gaussian.

    Returns
    -------
    (n, m), single precision
        Integrals of the Gaussian round each place over each cell.
    """
    ends = _ends(cells)
    scaled = (ends[None, :] - at[:, None]) / (np.sqrt(2.0) * sigma)
    return np.asarray(np.diff(0.5 * erf(scaled), axis=1), dtype=np.float32)


def box_weights(at: FloatArray, cells: FloatArray, width: float) -> FloatArray:
    """Return what each cell adds to the mean over `width` (mm) round places, shape (n, m)."""
    ends = _ends(cells)
    covered = np.clip((ends[None, :] - at[:, None]) / width + 0.5, 0.0, 1.0)
    return np.asarray(np.diff(covered, axis=1), dtype=np.float32)


def separable(
    samples: FloatArray, along_x: FloatArray, along_y: FloatArray, along_z: FloatArray
) -> FloatArray:
    """Return the sums of samples (a, b, c) with weights (i, a), (j, b), (k, c), shape (i, j, k)."""
    once = np.tensordot(samples, along_z, axes=(2, 1))
    twice = np.tensordot(along_x, once, axes=(1, 0))
    return np.asarray(np.einsum("iak,ja->ijk", twice, along_y, optimize=True))


def mask_on(mask: LabelMask, grid: ImageGrid) -> LabelMask:
    """Return a mask on another grid: whether the nearest sample is inside, outside its own grid no.

    Both grids have their axes along the patient's, the second in their order and direction.
    """
    source = in_order(mask.grid, mask.inside)
    found, valid = [], []
    for own, other in zip(axes_of(mask.grid), axes_of(grid), strict=True):
        index = np.rint((other - own[0]) / (own[1] - own[0])).astype(int)
        valid.append((index >= 0) & (index < own.size))
        found.append(np.clip(index, 0, own.size - 1))
    there = valid[0][:, None, None] & valid[1][None, :, None] & valid[2][None, None, :]
    return LabelMask(grid=grid, inside=source[np.ix_(*found)] & there)


def _ends(cells: FloatArray) -> FloatArray:
    step = (cells[-1] - cells[0]) / (cells.size - 1)
    return np.append(cells - 0.5 * step, cells[-1] + 0.5 * step)


def _axis_order(grid: ImageGrid) -> tuple[int, int, int]:
    """Return which axis of the image runs along x, y and z; raise if none does."""
    cosines = np.abs(grid.affine[:3, :3]) / grid.spacing
    i, j, k = max(
        itertools.permutations(range(3)),
        key=lambda order: float(cosines[[0, 1, 2], list(order)].sum()),
    )
    off = float(np.sqrt(max(0.0, 1.0 - float(cosines[[0, 1, 2], [i, j, k]].min()) ** 2)))
    if off > _STRAIGHT:
        raise GridMismatchError(
            found=f"an image whose axes are {np.rad2deg(np.arcsin(off)):.3g} degrees off the "
            "patient's",
            expected="axes from right to left, front to back and foot to head",
            remedy="make or resample the bone on such a grid before it is scanned",
        )
    return i, j, k
