"""Von Mises plasticity written in scikit-fem follows the same curve of the same bone."""

import dataclasses

import numpy as np
import pytest
import skfem
from skfem.helpers import ddot, dot, eye, sym_grad, trace

from femur_fea.domain import ElasticField, YieldField, integration_points, reference_points
from femur_fea.solver import NewtonSettings, NonlinearSettings, solve_linear, solve_nonlinear

THEME = "two programs"
NU, YIELD_STRAIN = 0.3, 0.007
EXACTLY = NewtonSettings(tolerance=1e-11, loosest=1e-9, tightest=1e-12)
ELEMENTS = {
    "tet10": (skfem.MeshTet, skfem.ElementTetP2, skfem.ElementTetP1),
    "hex8": (skfem.MeshHex, skfem.ElementHex1, skfem.ElementHex1),
}
# scikit-fem's corners of a cell, from those of VTK
CORNERS = {"tet10": [0, 1, 2, 3], "hex8": [0, 4, 3, 1, 7, 5, 2, 6]}


@skfem.LinearForm
def _load(v, w):
    return dot(w["traction"], v)


@skfem.LinearForm
def _internal_force(v, w):
    return ddot(w["stress"], sym_grad(v))


@skfem.BilinearForm
def _tangent(u, v, w):
    """K I x I + 2 G b (I_dev - n x n), with b = 1 and n = 0 where the point is elastic."""
    strain, virtual = sym_grad(u), sym_grad(v)
    volume = trace(strain)
    deviator = strain - eye(volume, 3) / 3.0
    along = ddot(w["normal"], deviator)
    stress = eye(w["bulk"] * volume, 3) + 2.0 * w["shear"] * w["share"] * (
        deviator - along * w["normal"]
    )
    return ddot(stress, virtual)


def _radial_return(strain, plastic, E, limit):
    """Return stress, plastic strain and what the tangent takes; tensors (3, 3, n_cells, n)."""
    shear, bulk = E / (2.0 * (1.0 + NU)), E / (3.0 * (1.0 - 2.0 * NU))
    volume = trace(strain)
    trial = 2.0 * shear * (strain - eye(volume, 3) / 3.0 - plastic)
    size = np.sqrt(ddot(trial, trial))
    yields = np.sqrt(1.5) * size > limit
    share = np.where(yields, limit / (np.sqrt(1.5) * np.maximum(size, 1e-30)), 1.0)
    normal = np.where(yields, trial / np.maximum(size, 1e-30), 0.0)
    stress = share * trial + eye(bulk * volume, 3)
    flow = (1.0 - share) * trial / (2.0 * shear)
    tangent = {"shear": shear, "bulk": bulk, "share": share, "normal": normal}
    return stress, plastic + flow, tangent


def _curve_by_scikit_fem(mesh, modulus, load, levels):
    """Return the work-conjugate displacement at every level and the last one of all points."""
    make_mesh, make_element, make_linear = ELEMENTS[mesh.kind]
    cells = make_mesh(mesh.points.T, mesh.cells[:, CORNERS[mesh.kind]].T)
    points = reference_points(mesh.kind)
    rule = (points.T, np.full(len(points), mesh.cell_shape.volume / len(points)))
    basis = skfem.CellBasis(cells, skfem.ElementVector(make_element()), quadrature=rule)
    E = modulus(np.moveaxis(np.asarray(basis.global_coordinates()), 0, -1))
    surface = skfem.FacetBasis(cells, skfem.ElementVector(make_element()), intorder=4)
    linear = skfem.FacetBasis(cells, skfem.ElementVector(make_linear()), intorder=4)
    traction = linear.interpolate(load.traction.ravel())
    pattern = skfem.asm(_load, surface, traction=traction) / load.magnitude
    foot = basis.get_dofs(cells.facets_satisfying(lambda x: np.isclose(x[2], 0.0)))
    free = basis.complement_dofs(foot)
    u, plastic, ways = basis.zeros(), np.zeros((3, 3, *E.shape)), []
    for level in levels:
        u, plastic = _equilibrium(basis, E, u, plastic, level * pattern, free)
        ways.append(pattern @ u)
    return np.array(ways), u[basis.nodal_dofs].T


def _equilibrium(basis, E, u, before, force, free):
    """Return displacement and plastic strain under a force, by Newton's method."""
    for _ in range(30):
        strain = sym_grad(basis.interpolate(u))
        stress, plastic, tangent = _radial_return(strain, before, E, YIELD_STRAIN * E)
        rest = (force - skfem.asm(_internal_force, basis, stress=stress))[free]
        if np.linalg.norm(rest) < 1e-12 * np.linalg.norm(force):
            return u, plastic
        matrix = skfem.asm(_tangent, basis, **tangent)
        step = basis.zeros()
        step[free] = skfem.solve(matrix[free][:, free], rest)
        u = u + step
    raise AssertionError("Newton's method did not converge")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["tet10", "hex8"])
def test_scikit_fem_finds_the_same_curve(box, end_load, wavy_modulus, agree_everywhere, kind):
    mesh = box((2, 2, 4) if kind == "tet10" else (3, 3, 5), (9.0, 10.0, 20.0), kind)
    elastic = ElasticField(E_modulus=wavy_modulus(integration_points(mesh)), nu=NU)
    limit = YIELD_STRAIN * elastic.E_modulus
    load = end_load(mesh, [4.0, 0.0, -8.0])
    force = np.linalg.norm(solve_linear(mesh, elastic, [load])[0].reaction_force)
    load = dataclasses.replace(load, magnitude=float(force))
    ours = solve_nonlinear(
        mesh,
        elastic,
        YieldField(tension=limit, compression=limit),
        load,
        settings=NonlinearSettings(max_displacement=0.5, newton=EXACTLY),
    )
    assert ours.yielded_fraction > 0.1
    ways, u = _curve_by_scikit_fem(mesh, wavy_modulus, load, ours.curve.force[1:])
    for quantity, found, expected in (
        ("way of the load on a column of uneven strength", ours.curve.displacement[1:], ways),
        ("displacement of a column of uneven strength", ours.u, u),
    ):
        agree_everywhere(
            quantity,
            found=found,
            expected=expected,
            atol=1e-8,
            origin="forces out of balance, 1e-11, times the condition number",
            source="scikit-fem, J2 with radial return, the same increments",
        )
