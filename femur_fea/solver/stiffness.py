"""The stiffness as PETSc sees it: a product with it, cell by cell, and its diagonal.

A quadratic stiffness has about 80 entries for each unknown. Multiplying by the assembled matrix
costs reading all of them, and assembling it costs more than all else; the product cell by cell
reads a tenth.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from dolfinx import la
from petsc4py import PETSc

from femur_fea.domain import BoolArray, ElasticField, FloatArray, IntArray
from femur_fea.solver.kinematics import Kinematics, kinematics
from femur_fea.solver.moduli import elastic_moduli
from femur_fea.solver.space import DisplacementSpace

__all__ = ["Stiffness", "diagonal_matrix", "elastic_stiffness", "stiffness_operator"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stiffness:
    """The stiffness of an elastic bone.

    Attributes
    ----------
    space : DisplacementSpace
        The displacement.
    elastic : ElasticField
        The material.
    held : (n_nodes, 3)
        Unknowns of `space.V` whose displacement is prescribed.
    kinematics : Kinematics
        This rank's cells.
    moduli : (2 or 21, n_points), MPa
        Their moduli.
    operator : Mat
        The stiffness, held rows and columns those of a unit matrix; it can only multiply.
    """

    space: DisplacementSpace
    elastic: ElasticField
    held: BoolArray
    kinematics: Kinematics
    moduli: FloatArray
    operator: Any


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Product:
    """Product with a stiffness, held rows and columns those of a unit matrix, for PETSc.

    Attributes
    ----------
    kinematics : Kinematics
        The cells.
    packed : array
        Their moduli, from `Kinematics.packed`.
    held : (n,)
        Unknowns of this rank that are held.
    u, f : Vector
        Displacement and force at the nodes of this rank's cells.
    """

    kinematics: Kinematics
    packed: FloatArray
    held: IntArray
    u: Any
    f: Any

    def mult(self, _: Any, x: Any, y: Any) -> None:
        """Write the product with `x` to `y`."""
        given, product = x.array_r, y.array_w
        self.u.array[: given.size] = given
        self.u.array[self.held] = 0.0
        self.u.scatter_forward()
        self.f.array[:] = 0.0
        self.kinematics.add_product(self.packed, self.u.array, self.f.array)
        self.f.scatter_reverse(la.InsertMode.add)
        product[:] = self.f.array[: given.size]
        product[self.held] = given[self.held]


def elastic_stiffness(
    space: DisplacementSpace, elastic: ElasticField, held: BoolArray
) -> Stiffness:
    """Return the stiffness of `elastic` bone whose unknowns `held`, (n_nodes, 3), are held."""
    geometry = kinematics(space)
    moduli = elastic_moduli(elastic, space.share.cells, geometry.n_samples)
    return Stiffness(
        space=space,
        elastic=elastic,
        held=held,
        kinematics=geometry,
        moduli=moduli,
        operator=stiffness_operator(space, geometry, moduli, held),
    )


def stiffness_operator(
    space: DisplacementSpace, kinematics: Kinematics, moduli: FloatArray, held: BoolArray
) -> Any:
    """Return a stiffness as a PETSc matrix that can only multiply.

    Parameters
    ----------
    space : DisplacementSpace
        The displacement.
    kinematics : Kinematics
        This rank's cells.
    moduli : (2 or 21, n_points), MPa
        Their moduli; see `femur_fea.solver.moduli`.
    held : (n_nodes, 3)
        Unknowns without freedom.
    """
    nodes = space.V.dofmap.index_map
    product = _Product(
        kinematics=kinematics,
        packed=kinematics.packed(moduli),
        held=np.flatnonzero(held[space.share.own]),
        u=la.vector(nodes, bs=3),
        f=la.vector(nodes, bs=3),
    )
    matrix: Any = PETSc.Mat().createPython(_sizes(space), product, comm=space.share.comm)
    matrix.setUp()
    matrix.setOption(PETSc.Mat.Option.SPD, True)
    return matrix


def diagonal_matrix(stiffness: Stiffness) -> Any:
    """Return the 3 x 3 blocks on the diagonal of a stiffness as a PETSc matrix."""
    space, geometry = stiffness.space, stiffness.kinematics
    nodes = space.V.dofmap.index_map
    sums = la.vector(nodes, bs=9)
    sums.array[:] = geometry.diagonal(geometry.packed(stiffness.moduli)).ravel()
    sums.scatter_reverse(la.InsertMode.add)
    blocks = sums.array[: 9 * nodes.size_local].reshape(-1, 3, 3)
    free = ~stiffness.held[space.share.own]
    blocks = np.where(free[:, :, None] & free[:, None, :], blocks, np.eye(3))
    first, end = nodes.local_range
    rows = (np.arange(len(blocks) + 1, dtype=np.int32), np.arange(first, end, dtype=np.int32))
    matrix: Any = PETSc.Mat().createBAIJ(
        _sizes(space), 3, csr=(*rows, blocks.ravel()), comm=space.share.comm
    )
    matrix.assemble()
    return matrix


def _sizes(space: DisplacementSpace) -> tuple[tuple[int, int], tuple[int, int]]:
    own = space.share.own
    size = (3 * (own.stop - own.start), 3 * space.share.n_nodes)
    return size, size
