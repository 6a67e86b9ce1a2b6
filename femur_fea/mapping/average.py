"""The mean of an image over the volume of each cell."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, FloatArray, ImageGrid, IntArray, read_only
from femur_fea.errors import NotConvergedError
from femur_fea.mapping.quadrature import composite_rule
from femur_fea.mapping.sampling import index_inside, interpolate

__all__ = ["AVERAGE_TOLERANCE", "CellAverage", "average_over_cells"]

AVERAGE_TOLERANCE = 0.01  # relative, of every cell

_FINEST = 6  # halvings: a quarter of a million parts of a cell
_AT_ONCE = 1_000_000  # samples held in memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellAverage:
    """Means over cells, and how exactly they were integrated.

    Attributes
    ----------
    mean : (n_cells,)
        Mean of the image over each cell, in the unit of the image.
    largest_change : float, dimensionless
        Largest relative change of a cell's mean when the cell was last cut finer.
    """

    mean: FloatArray
    largest_change: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", read_only(self.mean))


def average_over_cells(
    grid: ImageGrid, values: FloatArray, mesh: BoneMesh, *, tolerance: float = AVERAGE_TOLERANCE
) -> CellAverage:
    r"""Return the mean of a positive image, trilinear between its samples, over every cell.

    Parameters
    ----------
    grid : ImageGrid
        Where the samples lie.
    values : (ni, nj, nk)
        Positive samples.
    mesh : BoneMesh
        The cells, inside the image.
    tolerance : float, dimensionless
        Largest relative change of a cell's mean by its last cut.

    Raises
    ------
    GridMismatchError
        If a point of the mesh lies more than one voxel outside the image.
    NotConvergedError
        If means still change by more at the finest level.

    Notes
    -----
    Every cell is cut into equal parts with a rule of degree 2 on each; the first cut leaves four
    points or more to the volume of a voxel. All edges are halved until the mean of the cell changes
    by less than the tolerance. A trilinear image is continuous with kinks, so each halving divides
    the error by four or more and what remains is a fraction of the last change. That holds on
    average; two levels may also agree by chance. In voxels of pure noise, uniform from 0.2 to 2,
    the error of a cell was nowhere above 1.5 %, and 0.2 % in the root mean square.
    """
    cells = _cells_by_index(grid, mesh)
    first = _first_level(mesh, grid)
    mean, change = np.full(mesh.n_cells, np.nan), np.full(mesh.n_cells, np.inf)
    for level in range(int(first.min()), _FINEST + 1):
        rough = np.flatnonzero((first <= level) & (change > tolerance))
        finer = _mean(values, cells[rough], composite_rule(mesh.kind, level))
        change[rough] = np.where(first[rough] < level, np.abs(finer / mean[rough] - 1.0), np.inf)
        mean[rough] = finer
        if change.max() <= tolerance:
            return CellAverage(mean=mean, largest_change=float(change.max()))
    raise NotConvergedError(
        found=f"{int((change > tolerance).sum())} cells whose mean still changes by more than "
        f"{tolerance:g} with {mesh.cell_shape.n_samples * 8**_FINEST} points each",
        expected="cells of less than a few hundred thousand voxels",
        remedy="use a finer mesh",
    )


def _first_level(mesh: BoneMesh, grid: ImageGrid) -> IntArray:
    """Return how often the edges of each cell are halved at first.

    Four points or more then lie in the volume of a voxel, and eight or more in the cell.
    """
    points = np.maximum(4.0 * mesh.cell_volumes / grid.voxel_volume, 8.0)
    halvings = np.log2(points / mesh.cell_shape.n_samples) / 3.0
    return np.asarray(np.maximum(np.ceil(halvings), 0.0), dtype=np.int64)


def _cells_by_index(grid: ImageGrid, mesh: BoneMesh) -> FloatArray:
    """Return first corner and edges of every cell in fractional indices, (n_cells, 4, 3)."""
    index = index_inside(grid, mesh.points)
    first = index[mesh.cells[:, :1]]
    return np.concatenate([first, index[mesh.cells[:, mesh.cell_shape.spanning]] - first], axis=1)


def _mean(values: FloatArray, cells: FloatArray, rule: FloatArray) -> FloatArray:
    """Return the mean over the points of a rule in cells from `_cells_by_index`, (n_cells,)."""
    cells_at_once = max(1, _AT_ONCE // len(rule))
    pieces = np.array_split(cells, max(1, -(-len(cells) // cells_at_once)))
    return np.concatenate([_mean_at_once(values, piece, rule) for piece in pieces])


def _mean_at_once(values: FloatArray, cells: FloatArray, rule: FloatArray) -> FloatArray:
    index = (cells[:, :1] + rule @ cells[:, 1:]).reshape(-1, 3)
    return np.asarray(interpolate(values, index).reshape(len(cells), len(rule)).mean(axis=1))
