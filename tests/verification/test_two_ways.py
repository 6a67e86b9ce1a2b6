"""An independent finite-element code finds the same displacement on the same mesh."""

import dataclasses

import numpy as np
import pytest
import skfem
from skfem.helpers import ddot, dot, eye, sym_grad, trace

from femur_fea.domain import ElasticField, integration_points, reference_points
from femur_fea.solver import solve_linear

THEME = "two programs"
NU = 0.35
SHEAR = np.array([[1.0, 0.1, 0.0], [0.3, 0.9, 0.2], [-0.2, 0.4, 1.0]])
ELEMENTS = {
    "tet10": (skfem.MeshTet, skfem.ElementTetP2, skfem.ElementTetP1),
    "tet4": (skfem.MeshTet, skfem.ElementTetP1, skfem.ElementTetP1),
    "hex8": (skfem.MeshHex, skfem.ElementHex1, skfem.ElementHex1),
}
# scikit-fem's corners of a cell, from those of VTK
CORNERS = {"tet10": [0, 1, 2, 3], "tet4": [0, 1, 2, 3], "hex8": [0, 4, 3, 1, 7, 5, 2, 6]}


@skfem.BilinearForm
def _stiffness(u, v, w):
    lame, shear = NU / ((1 + NU) * (1 - 2 * NU)), 0.5 / (1 + NU)
    strain = sym_grad(u)
    return w["E"] * ddot(lame * eye(trace(strain), 3) + 2 * shear * strain, sym_grad(v))


@skfem.LinearForm
def _load(v, w):
    return dot(w["traction"], v)


def _solve_by_scikit_fem(mesh, modulus, load):
    """Return the displacement of the mesh points, the modulus evaluated where skfem integrates."""
    make_mesh, make_element, make_linear = ELEMENTS[mesh.kind]
    cells = make_mesh(mesh.points.T, mesh.cells[:, CORNERS[mesh.kind]].T)
    element = skfem.ElementVector(make_element())
    points = reference_points(mesh.kind)
    rule = (points.T, np.full(len(points), mesh.cell_shape.volume / len(points)))
    basis = skfem.CellBasis(cells, element, quadrature=rule)
    x = np.moveaxis(np.asarray(basis.global_coordinates()), 0, -1)
    surface = skfem.FacetBasis(cells, element, intorder=4)
    linear = skfem.FacetBasis(cells, skfem.ElementVector(make_linear()), intorder=4)
    traction = linear.interpolate(load.traction.ravel())
    matrix = skfem.asm(_stiffness, basis, E=modulus(x))
    force = skfem.asm(_load, surface, traction=traction)
    held = _held_dofs(basis, cells, load.fixed)
    u = skfem.solve(*skfem.condense(matrix, force, D=held))
    return u[basis.nodal_dofs].T


def _held_dofs(basis, cells, fixed):
    nodal = basis.nodal_dofs[:, fixed].ravel()
    if basis.edge_dofs.size == 0:
        return nodal
    return np.concatenate([nodal, basis.edge_dofs[:, fixed[cells.edges].all(axis=0)].ravel()])


@pytest.mark.parametrize("kind", ["tet10", "tet4", "hex8"])
def test_scikit_fem_finds_the_same_displacement(
    box, end_load, wavy_modulus, agree_everywhere, kind
):
    straight = box((4, 3, 6), (9.0, 8.0, 20.0), kind)
    load = end_load(straight, [1.0, 0.4, -2.0])
    mesh = dataclasses.replace(straight, points=straight.points @ SHEAR)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=NU)
    ours = solve_linear(mesh, elastic, [load], tolerance=1e-12)[0].u
    theirs = _solve_by_scikit_fem(mesh, wavy_modulus, load)
    agree_everywhere(
        "displacement of a sheared bar of uneven modulus",
        found=ours,
        expected=theirs,
        atol=1e-8,
        origin="the same discrete problem: round-off times the condition number",
        source="scikit-fem, direct solver",
    )
