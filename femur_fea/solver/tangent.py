"""The tangent stiffness: the elastic matrix less what the yielding cells have lost."""

from dataclasses import dataclass
from typing import Any

import basix.ufl
import numpy as np
import ufl
from dolfinx import fem
from dolfinx.fem import petsc
from petsc4py import PETSc

from femur_fea.domain import IntArray
from femur_fea.solver.forms import QUADRATURE_DEGREE, compiled, sample_order, supports
from femur_fea.solver.plasticity import PlasticReturn
from femur_fea.solver.space import DisplacementSpace
from femur_fea.solver.system import ElasticSystem

__all__ = ["TangentStiffness", "assemble_tangent", "tangent_stiffness"]

_YIELDING = 1  # number of the part of the mesh that the form is integrated over


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TangentStiffness:
    """A matrix with the pattern of the elastic one, and the form of what is taken off.

    Only cells with a yielding point are integrated: elsewhere the tangent is the elastic one.

    Attributes
    ----------
    system : ElasticSystem
        The elastic matrix and the supports.
    matrix : Mat
        The tangent of the last call of `assemble_tangent`.
    form : CompiledForm
        Minus the stiffness lost, without a mesh.
    lost : Lost
        Its coefficients.
    """

    system: ElasticSystem
    matrix: Any
    form: Any
    lost: "_Lost"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lost:
    """Stiffness lost at the integration points, as coefficients of a form.

    Attributes
    ----------
    softening : Function
        Loss of twice the shear modulus, MPa.
    normal : Function
        Direction without stiffness, Voigt, sqrt(MPa).
    position : (n_points,)
        Where each point of `Kinematics` lies in the coefficients.
    cell : (n_points,)
        The DOLFINx cell of each point.
    """

    softening: Any
    normal: Any
    position: IntArray
    cell: IntArray


def tangent_stiffness(system: ElasticSystem) -> TangentStiffness:
    """Return a tangent stiffness for the space and the supports of `system`."""
    lost = _no_loss(system.space)
    V = system.space.V
    u, v = ufl.TrialFunction(V), ufl.TestFunction(V)
    normal = lost.normal
    direction = ufl.as_tensor(
        [[normal[k] for k in row] for row in ((0, 5, 4), (5, 1, 3), (4, 3, 2))]
    )
    strain, virtual_strain = ufl.sym(ufl.grad(u)), ufl.sym(ufl.grad(v))
    loss = lost.softening * ufl.inner(ufl.dev(strain), ufl.dev(virtual_strain))
    loss += ufl.inner(direction, strain) * ufl.inner(direction, virtual_strain)
    dx = ufl.dx(_YIELDING, metadata={"quadrature_degree": QUADRATURE_DEGREE})
    form = compiled(lambda options: fem.compile_form(V.mesh.comm, -loss * dx, jit_options=options))
    matrix = system.matrix.duplicate(copy=True)
    matrix.setOption(PETSc.Mat.Option.SPD, True)
    return TangentStiffness(system=system, matrix=matrix, form=form, lost=lost)


def assemble_tangent(tangent: TangentStiffness, update: PlasticReturn) -> Any:
    """Return the consistent tangent at a state of stress; it is overwritten by the next call."""
    lost, matrix = tangent.lost, tangent.matrix
    at = lost.position[update.yielding]
    lost.softening.x.array[:] = 0.0
    lost.softening.x.array[at] = update.softening
    lost.normal.x.array[:] = 0.0
    lost.normal.x.array.reshape(-1, 6)[at] = update.normal.T
    tangent.system.matrix.copy(matrix, structure=PETSc.Mat.Structure.SAME_NONZERO_PATTERN)
    form = _on_cells(tangent, np.unique(lost.cell[update.yielding]))
    petsc.assemble_matrix(matrix, form, supports(form, tangent.system.held))
    matrix.assemble()
    return matrix


def _on_cells(tangent: TangentStiffness, cells: IntArray) -> Any:
    V = tangent.system.space.V
    coefficients = {f: f for f in (tangent.lost.softening, tangent.lost.normal)}
    domain = {fem.IntegralType.cell: [(_YIELDING, cells.astype(np.int32))]}
    return fem.create_form(tangent.form, [V, V], V.mesh, domain, coefficients, {})


def _no_loss(space: DisplacementSpace) -> _Lost:
    domain = space.V.mesh
    cell = domain.basix_cell()
    scalar = basix.ufl.quadrature_element(cell, degree=QUADRATURE_DEGREE)
    vector = basix.ufl.quadrature_element(cell, value_shape=(6,), degree=QUADRATURE_DEGREE)
    softening = fem.Function(fem.functionspace(domain, scalar))
    normal = fem.Function(fem.functionspace(domain, vector))
    positions = softening.function_space.dofmap.list
    cells = np.broadcast_to(np.arange(space.mesh.n_cells)[:, None], positions.shape)
    return _Lost(
        softening=softening,
        normal=normal,
        position=_by_point(space, positions),
        cell=_by_point(space, cells),
    )


def _by_point(space: DisplacementSpace, values: IntArray) -> IntArray:
    """Return values (n_cells, n_samples) of DOLFINx in the order of `Kinematics`."""
    ordered = np.empty(values.T.shape, dtype=values.dtype)
    ordered[np.ix_(sample_order(space), space.input_cell)] = values.T
    return np.asarray(ordered.ravel())
