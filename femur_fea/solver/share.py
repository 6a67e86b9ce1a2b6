"""How the cells and the nodes of one bone are shared among MPI ranks.

Every rank holds the whole input mesh, and arrays over all nodes are complete and the same on every
rank. Work on cells, matrices and PETSc's vectors are shared: a rank has the cells that `partition`
gives it, and owns a contiguous range of the nodes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from mpi4py import MPI
from numpy.typing import NDArray

from femur_fea.domain import FloatArray, IntArray

__all__ = ["Share", "partition"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Share:
    """What one rank has of a bone.

    Attributes
    ----------
    comm : Comm
        The ranks that solve the bone together.
    cells : (n_own_cells,)
        The input cells of this rank.
    nodes : (n_local,)
        All nodes at these cells: first those that this rank owns, then those of other ranks.
    own : slice
        The nodes that this rank owns.
    n_nodes : int
        Number of nodes on all ranks.
    """

    comm: Any
    cells: IntArray
    nodes: IntArray
    own: slice
    n_nodes: int

    def local[T: np.generic](self, nodal: NDArray[T]) -> NDArray[T]:
        """Return values (n_nodes, ...) at the nodes of this rank's cells, (n_local, ...)."""
        return nodal if self.comm.size == 1 else nodal[self.nodes]

    def total[T: np.generic](self, local: NDArray[T]) -> NDArray[T]:
        """Return the sum over the ranks, (n_nodes, ...), of shares (n_local, ...) of each node."""
        if self.comm.size == 1:
            return local
        shares = np.zeros((self.n_nodes, *local.shape[1:]))
        shares[self.nodes] = local
        self.comm.Allreduce(MPI.IN_PLACE, shares)
        return shares

    def all_nodes[T: np.generic](self, own: NDArray[T]) -> NDArray[T]:
        """Return values (n_nodes, ...) from those at each rank's own nodes."""
        return self._joined(own)

    def all_cells[T: np.generic](self, of_cells: NDArray[T]) -> NDArray[T]:
        """Return values (n_cells, ...) of the input cells from those of each rank's cells."""
        values = self._joined(of_cells)
        ordered = np.empty_like(values)
        ordered[self._joined(self.cells)] = values
        return ordered

    def sum(self, value: float) -> float:
        """Return the sum of a number over the ranks."""
        return float(self.comm.allreduce(value))

    def smallest(self, value: float) -> float:
        """Return the smallest of a number on each rank."""
        return float(self.comm.allreduce(value, op=MPI.MIN))

    def _joined[T: np.generic](self, rows: NDArray[T]) -> NDArray[T]:
        if self.comm.size == 1:
            return rows
        rows = np.ascontiguousarray(rows)
        counts = self.comm.allgather(rows.size)
        joined = np.empty((sum(counts) // (rows[0].size), *rows.shape[1:]), dtype=rows.dtype)
        self.comm.Allgatherv(rows, (joined, counts))
        return joined


def partition(centroids: FloatArray, n_parts: int) -> list[IntArray]:
    """Return the cells of each part: equally many, and compact.

    The cells are halved across the longest extent of their centroids (n_cells, 3), again and
    again. A cut through a femur meets few nodes, so a graph partitioner would gain nothing.
    """
    return _halved(centroids, np.arange(len(centroids)), n_parts)


def _halved(centroids: FloatArray, cells: IntArray, n_parts: int) -> list[IntArray]:
    if n_parts == 1:
        return [cells]
    first = n_parts // 2
    where = centroids[cells]
    axis = int(np.ptp(where, axis=0).argmax())
    order = cells[np.argsort(where[:, axis], kind="stable")]
    cut = len(cells) * first // n_parts
    return [
        *_halved(centroids, order[:cut], first),
        *_halved(centroids, order[cut:], n_parts - first),
    ]
