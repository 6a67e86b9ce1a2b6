"""The weak forms of linear elasticity, compiled once per machine, and their assembly.

Elastic constants enter as data: no form is compiled again for another bone.
"""

from typing import Any

import basix
import basix.ufl
import numpy as np
import ufl
from cffi import VerificationError  # type: ignore[import-untyped]  # cffi ships no types
from dolfinx import fem
from dolfinx.fem import petsc
from petsc4py import PETSc

from femur_fea.domain import BoolArray, ElasticField, FloatArray, IntArray, reference_points
from femur_fea.errors import MissingDependencyError, SolverError
from femur_fea.solver.share import Share
from femur_fea.solver.space import DisplacementSpace

__all__ = [
    "assemble_stiffness",
    "compile_form",
    "linear_stiffness_form",
    "stiffness_form",
    "traction_load",
]

_QUADRATURE_DEGREE = 2
_WAIT_SECONDS = 120  # another process may be compiling the same form


def stiffness_form(space: DisplacementSpace, elastic: ElasticField) -> Any:
    """Return the stiffness of `space.V`, with the modulus at the integration points."""
    domain = space.V.mesh
    element = basix.ufl.quadrature_element(domain.basix_cell(), degree=_QUADRATURE_DEGREE)
    n_samples = space.mesh.cell_shape.n_samples
    samples = np.broadcast_to(elastic.E_modulus, (space.mesh.n_cells, n_samples))
    E = fem.Function(fem.functionspace(domain, element))
    E.x.array[E.function_space.dofmap.list] = samples[space.share.cells][:, _sample_order(space)]
    return _stiffness(space, space.V, E, elastic)


def linear_stiffness_form(space: DisplacementSpace, elastic: ElasticField) -> Any:
    """Return the stiffness of `space.V_linear` of a mesh of tetrahedra.

    The strain of a linear displacement is constant on a cell and the integration points weigh
    equally, so the mean modulus of the cell gives what the four samples would.
    """
    E = fem.Function(fem.functionspace(space.V_linear.mesh, ("Discontinuous Lagrange", 0)))
    mean = elastic.E_modulus[space.share.cells].mean(axis=1)
    E.x.array[E.function_space.dofmap.list[:, 0]] = mean
    return _stiffness(space, space.V_linear, E, elastic)


def assemble_stiffness(form: Any, share: Share, held: BoolArray) -> Any:
    """Return the PETSc matrix of `form`, held rows and columns those of a unit matrix.

    Parameters
    ----------
    form : Form
        From `stiffness_form` or `linear_stiffness_form`.
    share : Share
        Of the nodes of its space.
    held : (n_nodes, 3)
        Unknowns without freedom.
    """
    # by blocks, which is quicker; what reads the matrix wants it by rows
    matrix = petsc.create_matrix(form, "baij")
    petsc.assemble_matrix(matrix, form, _supports(form, share.local(held)))
    matrix.assemble()
    matrix = matrix.convert("aij")
    matrix.setOption(PETSc.Mat.Option.SPD, True)
    return matrix


def _supports(form: Any, held: BoolArray) -> list[Any]:
    """Return the boundary conditions that hold a rank's unknowns (n_local, 3) at rest."""
    V = form.function_spaces[0]
    return [
        fem.dirichletbc(0.0, (3 * np.flatnonzero(held[:, i]) + i).astype(np.int32), V.sub([i]))
        for i in range(3)
    ]


def traction_load(space: DisplacementSpace, traction: FloatArray) -> FloatArray:
    """Return the nodal forces of a traction on the boundary.

    Parameters
    ----------
    space : DisplacementSpace
        Whose nodes carry the forces.
    traction : (n_points, 3), MPa
        Traction at the mesh points, linear over each triangle and bilinear over each parallelogram.

    Returns
    -------
    (n_nodes, 3), N
        Consistent nodal forces.
    """
    test = ufl.TestFunction(space.V)
    form = compile_form(ufl.inner(space.linear_function(traction), test) * ufl.ds)
    vector = petsc.assemble_vector(form)
    vector.ghostUpdate(addv=PETSc.InsertMode.ADD, mode=PETSc.ScatterMode.REVERSE)
    return space.share.all_nodes(np.array(vector.array_r).reshape(-1, 3))


def compile_form(expression: Any) -> Any:
    """Return a form compiled to machine code, from the cache where it lies there.

    Raises
    ------
    MissingDependencyError
        If there is no working C compiler.
    SolverError
        If the cache holds what an interrupted run left.
    """
    try:
        return fem.form(expression, jit_options={"timeout": _WAIT_SECONDS})
    except (VerificationError, FileNotFoundError) as error:
        raise MissingDependencyError(
            found=f"a C compiler that fails or is absent ({str(error)[:100]})",
            expected="a working C compiler: DOLFINx compiles the equations on first use",
            remedy="install gcc or clang, or set CC to one",
        ) from error
    except TimeoutError as error:
        raise SolverError(
            found=f"compiled equations not ready after {_WAIT_SECONDS} s",
            expected="another process to finish them, or none to have begun",
            remedy="delete the DOLFINx cache (~/.cache/fenics, or under XDG_CACHE_HOME)",
        ) from error


def _stiffness(space: DisplacementSpace, V: Any, E: Any, elastic: ElasticField) -> Any:
    dx = ufl.dx(metadata={"quadrature_degree": _QUADRATURE_DEGREE})
    if elastic.cortex is None:
        energy = _isotropic_energy(V, elastic.unit_stiffness)
    else:
        in_cortex = elastic.cortex.cells[space.share.cells]
        energy = _energy(V, elastic.unit_stiffness, elastic.cortex.unit_stiffness, in_cortex)
    return compile_form(E * energy * dx)


def _isotropic_energy(V: Any, unit_stiffness: FloatArray) -> Any:
    """Return the stress over E of the trial function times the strain of the test function."""
    u, v = ufl.TrialFunction(V), ufl.TestFunction(V)
    first = fem.Constant(V.mesh, unit_stiffness[0, 1])
    shear = fem.Constant(V.mesh, unit_stiffness[3, 3])
    strain, virtual_strain = ufl.sym(ufl.grad(u)), ufl.sym(ufl.grad(v))
    stress = first * ufl.tr(strain) * ufl.Identity(3) + 2.0 * shear * strain
    return ufl.inner(stress, virtual_strain)


def _energy(V: Any, isotropic: FloatArray, directed: FloatArray, in_cortex: BoolArray) -> Any:
    """Return the same for two materials (6, 6), the second in those of DOLFINx's cells."""
    share = fem.Function(fem.functionspace(V.mesh, ("Discontinuous Lagrange", 0)))
    share.x.array[share.function_space.dofmap.list[:, 0]] = in_cortex
    first, second = fem.Constant(V.mesh, isotropic), fem.Constant(V.mesh, directed)
    stiffness = (1.0 - share) * first + share * second
    strain, virtual_strain = _voigt(ufl.TrialFunction(V)), _voigt(ufl.TestFunction(V))
    return ufl.inner(ufl.dot(stiffness, strain), virtual_strain)


def _voigt(u: Any) -> Any:
    """Return the strain of a displacement as a vector with engineering shear."""
    e = ufl.sym(ufl.grad(u))
    shear = [2.0 * e[1, 2], 2.0 * e[0, 2], 2.0 * e[0, 1]]
    return ufl.as_vector([e[0, 0], e[1, 1], e[2, 2], *shear])


def _sample_order(space: DisplacementSpace) -> IntArray:
    """Return which of our integration points each point of DOLFINx's rule is, (n_samples,)."""
    ours = reference_points(space.mesh.kind)
    points, _ = basix.make_quadrature(space.V.mesh.basix_cell(), _QUADRATURE_DEGREE)
    apart = np.abs(points[:, None, :] - ours[None]).max(axis=2)
    order = apart.argmin(axis=1)
    if len(points) != len(ours) or apart.min(axis=1).max() > 1e-9:
        raise SolverError(
            found=f"integration points of DOLFINx at {points.tolist()}",
            expected="the rule of femur_fea.domain.integration_points",
            remedy="install DOLFINx 0.11",
        )
    return np.asarray(order)
