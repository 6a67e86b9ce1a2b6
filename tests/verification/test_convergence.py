"""The error falls with the edge length as theory says."""

import numpy as np
import pytest

from femur_fea.domain import ElasticField, integration_points
from femur_fea.solver.environment import require_dolfinx

THEME = "convergence order"
NU = 0.3
DIVISIONS = (3, 5, 8)


def _exact(x):
    """Return a smooth displacement at points (..., 3)."""
    a, b, c = np.moveaxis(x, -1, 0)
    return np.stack([np.sin(2 * a + b), np.cos(a - 2 * c), np.sin(b * c + a)], axis=-1)


def _exact_strain(x):
    a, b, c = np.moveaxis(x, -1, 0)
    cos_last = np.cos(b * c + a)
    ux, uy = 2 * np.cos(2 * a + b), np.cos(2 * a + b)
    vx, vz = -np.sin(a - 2 * c), 2 * np.sin(a - 2 * c)
    zero = np.zeros_like(a)
    return np.stack([ux, zero, b * cos_last, vz + c * cos_last, cos_last, uy + vx], axis=-1)


def _modulus(x):
    return 1.0 + x[..., 0] + 0.5 * x[..., 1] ** 2


def _body_force_load(space):
    """Return the nodal forces of minus the divergence of the exact stress, by UFL."""
    import ufl
    from dolfinx.fem import petsc

    from femur_fea.solver.forms import compile_form

    x = ufl.SpatialCoordinate(space.V.mesh)
    a, b, c = x[0], x[1], x[2]
    u = ufl.as_vector([ufl.sin(2 * a + b), ufl.cos(a - 2 * c), ufl.sin(b * c + a)])
    strain = ufl.sym(ufl.grad(u))
    lame, shear = NU / ((1 + NU) * (1 - 2 * NU)), 0.5 / (1 + NU)
    E = 1.0 + a + 0.5 * b**2
    stress = E * (lame * ufl.tr(strain) * ufl.Identity(3) + 2 * shear * strain)
    dx = ufl.dx(metadata={"quadrature_degree": 5})
    form = compile_form(ufl.inner(-ufl.div(stress), ufl.TestFunction(space.V)) * dx)
    return petsc.assemble_vector(form).array_r.reshape(-1, 3)


def _corner_values(kind, reference):
    """Return the functions that are linear, or trilinear, and 1 at one corner each."""
    if kind == "hex8":
        x, y, z = reference.T[..., None]
        low = np.array([1, 0, 0, 1, 1, 0, 0, 1]), np.array([1, 1, 0, 0, 1, 1, 0, 0])
        bottom = np.array([1, 1, 1, 1, 0, 0, 0, 0])
        return np.prod(
            [b * (1 - a) + (1 - b) * a for a, b in zip((x, y, z), (*low, bottom), strict=True)],
            axis=0,
        )
    return np.column_stack([1 - reference.sum(axis=1), reference])


def _shape_values(kind, corner_values):
    from femur_fea.solver.element import EDGES

    if kind != "tet10":
        return corner_values
    corner = corner_values * (2 * corner_values - 1)
    edge = 4 * corner_values[:, EDGES[:, 0]] * corner_values[:, EDGES[:, 1]]
    return np.concatenate([corner, edge], axis=1)


def _errors(box, kind, n):
    """Return the L2 errors of displacement and strain on a unit cube."""
    import basix

    from femur_fea.solver.kinematics import kinematics
    from femur_fea.solver.recovery import corner_strain
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.system import elastic_system, solve_system

    mesh = box((n, n, n), (1.0, 1.0, 1.0), kind, jitter=0.15, seed=n)
    space = displacement_space(mesh)
    elastic = ElasticField(E_modulus=_modulus(integration_points(mesh)), nu=NU)
    nodes = space.node_coordinates
    surface = (np.isclose(nodes, 0.0) | np.isclose(nodes, 1.0)).any(axis=1)
    held = np.repeat(surface[:, None], 3, axis=1)
    system = elastic_system(space, elastic, held, tolerance=1e-10)
    u = solve_system(system, _body_force_load(space), _exact(nodes)).u

    cell = basix.CellType.hexahedron if kind == "hex8" else basix.CellType.tetrahedron
    reference, weights = basix.make_quadrature(cell, 6)
    corner_values = _corner_values(kind, reference)
    x = corner_values @ mesh.points[mesh.cells]
    measure = mesh.cell_volumes[:, None] * weights / weights.sum()
    u_error = _shape_values(kind, corner_values) @ u[
        space.share.all_cells(space.cell_nodes)
    ] - _exact(x)
    strain_error = corner_values @ corner_strain(kinematics(space), u) - _exact_strain(x)
    return [
        float(np.sqrt((measure * (error**2).sum(axis=-1)).sum()))
        for error in (u_error, strain_error)
    ]


@pytest.mark.parametrize(
    ("kind", "orders"), [("tet10", (3.0, 2.0)), ("tet4", (2.0, 1.0)), ("hex8", (2.0, 1.0))]
)
def test_errors_of_a_manufactured_solution_fall_with_the_order_of_the_element(
    box, agree, kind, orders
):
    require_dolfinx()
    errors = np.array([_errors(box, kind, n) for n in DIVISIONS])
    slopes = np.polyfit(np.log(1.0 / np.array(DIVISIONS)), np.log(errors), 1)[0]
    for quantity, slope, order in zip(("displacement", "strain"), slopes, orders, strict=True):
        agree(
            f"order of the L2 error of {quantity}",
            found=slope,
            expected=order,
            atol=0.2,
            origin=f"irregular meshes of {DIVISIONS} divisions, not nested: about a tenth of "
            "scatter",
            source="a priori estimate for the element; manufactured solution, graded modulus",
        )
