"""Images with their third axis along the table, whatever the order in which they are stored."""

import itertools

import numpy as np

from femur_fea.domain import CTVolume, ImageGrid, LabelImage

__all__ = ["labels_along_table", "scan_along_table"]


def scan_along_table(ct: CTVolume) -> CTVolume:
    """Return a scan with its axes in the order left-right, front-back, along the table.

    No sample is moved or copied; an axis may run either way.
    """
    order = _order(ct.grid)
    return CTVolume(
        grid=_reordered(ct.grid, order),
        hu=ct.hu.transpose(order),
        acquisition=ct.acquisition,
        outside=None if ct.outside is None else ct.outside.transpose(order),
    )


def labels_along_table(image: LabelImage) -> LabelImage:
    """Return labels with their axes in the order left-right, front-back, along the table."""
    order = _order(image.grid)
    return LabelImage(grid=_reordered(image.grid, order), labels=image.labels.transpose(order))


def _order(grid: ImageGrid) -> tuple[int, int, int]:
    """Return the axes of an image that run most nearly along x, y and z of the patient."""
    cosines = np.abs(grid.affine[:3, :3]) / grid.spacing
    i, j, k = max(
        itertools.permutations(range(3)),
        key=lambda order: float(cosines[[0, 1, 2], list(order)].sum()),
    )
    return i, j, k


def _reordered(grid: ImageGrid, order: tuple[int, int, int]) -> ImageGrid:
    ni, nj, nk = (grid.shape[axis] for axis in order)
    affine = np.array(grid.affine)
    affine[:, :3] = grid.affine[:, list(order)]
    return ImageGrid(shape=(ni, nj, nk), affine=affine)
