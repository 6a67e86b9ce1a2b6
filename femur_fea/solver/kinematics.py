"""Strain from displacement, nodal forces from stress and stiffness by both, many times.

Points are in the order of `femur_fea.solver.points`. The sums over the cells are compiled C, in
`cells.c` beside this module; it takes the cells in blocks of eight.
"""

import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import BoneMesh, FloatArray, IntArray, check_shape, reference_points
from femur_fea.errors import SolverError
from femur_fea.solver.element import reference_gradients, shape_derivatives
from femur_fea.solver.native import load_library
from femur_fea.solver.share import Share
from femur_fea.solver.space import DisplacementSpace

__all__ = ["Kinematics", "kinematics"]

_LANES = 8
_MAX_FUNCTIONS = 10


class _Mesh(ctypes.Structure):
    """`Mesh` of cells.c."""

    _fields_ = (
        ("n_cells", ctypes.c_int64),
        ("n_functions", ctypes.c_int64),
        ("n_samples", ctypes.c_int64),
        ("nodes", ctypes.c_void_p),
        ("geometry", ctypes.c_void_p),
        ("derivatives", ctypes.c_void_p),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Kinematics:
    """The geometry of this rank's cells, and what follows from it.

    Attributes
    ----------
    share : Share
        The cells and nodes of this rank.
    nodes : (n_blocks, n_functions, 8)
        Local nodes of each cell.
    geometry : (n_blocks, 10, 8), 1/mm and mm3
        Gradients of the reference coordinates by rows; volume that an integration point stands for.
    derivatives : (n_samples, 3, n_functions), dimensionless
        Derivatives of the shape functions by the reference coordinates at the integration points.
    corner_derivatives : (n_corners, 3, n_functions), dimensionless
        The same at the corners of a cell.
    weight : (n_own_cells,), mm3
        Volume that each integration point of a cell stands for.
    """

    share: Share
    nodes: IntArray
    geometry: FloatArray
    derivatives: FloatArray
    corner_derivatives: FloatArray
    weight: FloatArray

    @property
    def n_samples(self) -> int:
        """Integration points of a cell."""
        return len(self.derivatives)

    def strain(self, u: FloatArray) -> FloatArray:
        """Return the strain (6, n_points) of nodal displacements (n_nodes, 3), mm."""
        return self._strain(u, self.derivatives).reshape(6, -1)

    def corner_strain(self, u: FloatArray) -> FloatArray:
        """Return the strain at the corners, from each cell alone, (6, n_corners, n_own_cells)."""
        return self._strain(u, self.corner_derivatives)

    def force(self, stress: FloatArray) -> FloatArray:
        """Return the nodal forces (n_nodes, 3), N, that balance a stress (6, n_points), MPa."""
        check_shape("stress", stress, (6, self.n_samples * len(self.weight)))
        forces = np.zeros((len(self.share.nodes), 3))
        self._call("force", self.derivatives, np.ascontiguousarray(stress, dtype=float), forces)
        return self.share.total(forces)

    def packed(self, moduli: FloatArray) -> FloatArray:
        """Return moduli in the order in which `add_product` reads them.

        Parameters
        ----------
        moduli : (2 or 21, n_points), MPa
            Lame's first and the shear modulus; or the symmetric matrix from strain to stress, its
            rows from the diagonal on.
        """
        by_cell = moduli.reshape(len(moduli), self.n_samples, -1).transpose(2, 1, 0)
        blocks = _blocks(by_cell.reshape(len(by_cell), -1).astype(float))
        return blocks.reshape(len(blocks), self.n_samples, len(moduli), _LANES)

    def add_product(self, packed: FloatArray, u: FloatArray, f: FloatArray) -> None:
        """Add stiffness times `u`, mm, to `f`, N, both (n_local, 3) and of this rank's cells."""
        moduli, count = packed, ctypes.c_int64(packed.shape[2])
        self._call("stiffness_product", self.derivatives, moduli, count, u, f)

    def diagonal(self, packed: FloatArray) -> FloatArray:
        """Return this rank's part of the diagonal of the stiffness, (n_local, 3, 3), N/mm."""
        blocks = np.zeros((len(self.share.nodes), 3, 3))
        count = ctypes.c_int64(packed.shape[2])
        self._call("stiffness_diagonal", self.derivatives, packed, count, blocks)
        return blocks

    def integral(self, values: FloatArray) -> float:
        """Return the integral over the bone of values (n_points,) at the integration points."""
        own = values.reshape(self.n_samples, -1).sum(axis=0) @ self.weight
        return self.share.sum(float(own))

    def _strain(self, u: FloatArray, derivatives: FloatArray) -> FloatArray:
        check_shape("displacement", u, (self.share.n_nodes, 3))
        strain = np.empty((6, len(derivatives), len(self.weight)))
        local = np.ascontiguousarray(self.share.local(u), dtype=float)
        self._call("strain", derivatives, local, strain)
        return strain

    def _call(self, name: str, derivatives: FloatArray, *arguments: Any) -> None:
        mesh = _Mesh(
            len(self.weight),
            self.nodes.shape[1],
            len(derivatives),
            self.nodes.ctypes.data,
            self.geometry.ctypes.data,
            derivatives.ctypes.data,
        )
        passed = [
            ctypes.c_void_p(value.ctypes.data) if isinstance(value, np.ndarray) else value
            for value in arguments
        ]
        getattr(_library(), name)(ctypes.byref(mesh), *passed)


def kinematics(space: DisplacementSpace) -> Kinematics:
    """Return the geometry of this rank's cells of `space`."""
    kind = space.mesh.kind
    cells = space.share.cells
    gradients = reference_gradients(space.mesh)[cells].reshape(-1, 9)
    derivatives = _derivatives(space.mesh, reference_points(kind))
    check_shape("shape functions", derivatives, (None, 3, space.cell_nodes.shape[1]))
    weight = space.mesh.cell_volumes[cells] / len(derivatives)
    return Kinematics(
        share=space.share,
        nodes=_blocks(space.cell_nodes.astype(np.int32)),
        geometry=_blocks(np.column_stack([gradients, weight]).astype(float)),
        derivatives=derivatives,
        corner_derivatives=_derivatives(space.mesh, space.mesh.cell_shape.corners),
        weight=weight,
    )


@cache
def _library() -> ctypes.CDLL:
    library = load_library(Path(__file__).with_name("cells.c"))
    limits = [
        ctypes.c_int64.in_dll(library, name).value for name in ("lane_count", "max_functions")
    ]
    if limits != [_LANES, _MAX_FUNCTIONS]:
        raise SolverError(
            found=f"compiled code for {limits[0]} lanes and {limits[1]} functions of a cell",
            expected=f"{_LANES} and {_MAX_FUNCTIONS}, as kinematics.py has them",
            remedy="change cells.c and kinematics.py together",
        )
    return library


def _derivatives(mesh: BoneMesh, reference: FloatArray) -> FloatArray:
    at_points = shape_derivatives(mesh.kind, reference)
    return np.ascontiguousarray(at_points.transpose(0, 2, 1), dtype=float)


def _blocks[Array: (FloatArray, IntArray)](rows: Array) -> Array:
    """Return rows (n_cells, k) in blocks (n_blocks, k, 8), the last one filled up with zeros."""
    n_blocks = -(-len(rows) // _LANES)
    padded = np.zeros((n_blocks * _LANES, rows.shape[1]), dtype=rows.dtype)
    padded[: len(rows)] = rows
    return np.ascontiguousarray(padded.reshape(n_blocks, _LANES, -1).transpose(0, 2, 1))
