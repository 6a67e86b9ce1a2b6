"""Young's modulus as a limited number of materials, one to a cell."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoolArray, ElasticField, FloatArray, IntArray, read_only
from femur_fea.errors import OutOfRangeError

__all__ = ["ModulusBins", "bin_moduli"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModulusBins:
    """A material number for every cell, and what that costs.

    Attributes
    ----------
    E_modulus : (n_bins,), MPa
        Young's modulus of each material, ascending; that along the axis in a cortex with one. Of
        two kinds of bone the isotropic materials come first.
    in_cortex : (n_bins,), bool
        Whether the material is that of a transversely isotropic cortex.
    of_cell : (n_cells,)
        The material of each cell.
    largest_error : float, dimensionless
        Largest relative difference between a material and the mean modulus of a cell that has it.
    largest_spread : float, dimensionless
        Largest relative difference between an integration point and the mean of its cell; 0 for
        moduli that are constant on the cells.
    """

    E_modulus: FloatArray
    in_cortex: BoolArray
    of_cell: IntArray
    largest_error: float
    largest_spread: float

    def __post_init__(self) -> None:
        for name in ("E_modulus", "in_cortex", "of_cell"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def cells_by_material(self) -> list[IntArray]:
        """Return the cells of each material, ascending."""
        order = np.argsort(self.of_cell, kind="stable")
        ends = np.cumsum(np.bincount(self.of_cell))
        return np.split(order, ends[:-1])


def bin_moduli(elastic: ElasticField, *, tolerance: float) -> ModulusBins:
    """Return as few materials as keep every cell's mean modulus to a relative error.

    The bins are equally wide in the logarithm of the modulus; bins without a cell are left out. A
    transversely isotropic cortex has bins of its own.

    Parameters
    ----------
    elastic : ElasticField
        Young's modulus on the cells.
    tolerance : float, dimensionless
        Largest relative error of a cell's mean modulus, below 1; 0 gives a material to each
        modulus that occurs.

    Raises
    ------
    OutOfRangeError
        If the tolerance is negative, or 1 and more.
    """
    if not 0.0 <= tolerance < 1.0:
        raise OutOfRangeError(
            found=f"a tolerance of {tolerance:.3g} for binned moduli",
            expected="a relative error from 0 to below 1",
            remedy="use 0.01 for an error of one per cent",
        )
    mean = elastic.E_modulus.mean(axis=1)
    raw = _raw_bins(mean, tolerance)
    directed = np.zeros(len(mean), dtype=bool) if elastic.cortex is None else elastic.cortex.cells
    n_raw = int(raw.max()) + 1
    used, of_cell = np.unique(raw + n_raw * directed, return_inverse=True)
    E = _centres(mean, of_cell, len(used))
    return ModulusBins(
        E_modulus=E,
        in_cortex=used >= n_raw,
        of_cell=of_cell,
        largest_error=float(np.abs(E[of_cell] / mean - 1.0).max()),
        largest_spread=float(np.abs(elastic.E_modulus / mean[:, None] - 1.0).max()),
    )


def _raw_bins(mean: FloatArray, tolerance: float) -> IntArray:
    """Return the number of every cell's bin, (n_cells,), with gaps."""
    if tolerance == 0.0:
        return np.asarray(np.unique(mean, return_inverse=True)[1])
    width = np.log((1.0 + tolerance) / (1.0 - tolerance))
    return np.asarray(np.floor(np.log(mean / mean.min()) / width), dtype=np.int64)


def _centres(mean: FloatArray, of_cell: IntArray, n_bins: int) -> FloatArray:
    """Return the modulus of every bin.

    Of all moduli for a bin from a to b, the harmonic mean 2 a b / (a + b) has the smallest
    largest relative error, (b - a) / (b + a).
    """
    lowest = np.full(n_bins, np.inf)
    highest = np.zeros(n_bins)
    np.minimum.at(lowest, of_cell, mean)
    np.maximum.at(highest, of_cell, mean)
    harmonic = 2.0 / (1.0 / lowest + 1.0 / highest)
    # a bin of one modulus keeps it to the last digit
    return np.asarray(np.where(lowest == highest, lowest, harmonic))
