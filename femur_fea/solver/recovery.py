"""Strain, stress and support reactions from the displacement of the nodes."""

import numpy as np

from femur_fea.domain import ElasticField, FloatArray
from femur_fea.mapping import reference_points
from femur_fea.solver.element import (
    displacement_gradient,
    reference_gradients,
    shape_derivatives,
    tensor_to_strain,
)
from femur_fea.solver.space import DisplacementSpace

__all__ = ["corner_strain", "integration_stress", "internal_force", "resultant"]

_VOIGT_TENSOR = np.array([[0, 5, 4], [5, 1, 3], [4, 3, 2]])


def corner_strain(space: DisplacementSpace, u: FloatArray) -> FloatArray:
    """Return the strain at the corners of every cell, from that cell alone.

    Returns
    -------
    (n_cells, 4 or 8, 6), dimensionless
        Voigt strain with engineering shear.
    """
    return _strain(space, u, space.mesh.cell_shape.corners)


def integration_stress(
    space: DisplacementSpace, elastic: ElasticField, u: FloatArray
) -> FloatArray:
    """Return the stress at the integration points of every cell.

    Parameters
    ----------
    space : DisplacementSpace
        The displacement.
    elastic : ElasticField
        The material.
    u : (n_nodes, 3), mm
        Displacement of the nodes.

    Returns
    -------
    (n_cells, 4 or 8, 6), MPa
        Voigt stress; the points of a cell weigh equally.
    """
    strain = _strain(space, u, reference_points(space.mesh.kind))
    return elastic.E_modulus[:, :, None] * (strain @ _unit_stiffness(elastic.nu))


def internal_force(space: DisplacementSpace, stress: FloatArray) -> FloatArray:
    """Return the nodal forces that balance a stress at the integration points.

    Parameters
    ----------
    space : DisplacementSpace
        The displacement.
    stress : (n_cells, 4 or 8, 6), MPa
        From `integration_stress`.

    Returns
    -------
    (n_nodes, 3), N
        Stiffness times displacement, with no node held.
    """
    kind = space.mesh.kind
    derivatives = shape_derivatives(kind, reference_points(kind))
    weight = space.mesh.cell_volumes / len(derivatives)
    flux = np.einsum(
        "nqij,nkj,n->nqik",
        stress[:, :, _VOIGT_TENSOR],
        reference_gradients(space.mesh),
        weight,
        optimize=True,
    )
    of_cell = np.einsum("nqik,qak->nai", flux, derivatives, optimize=True)
    nodes = space.cell_dofs.ravel()
    return np.stack(
        [
            np.bincount(nodes, weights=of_cell[..., i].ravel(), minlength=space.n_nodes)
            for i in range(3)
        ],
        axis=1,
    )


def resultant(points: FloatArray, forces: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the force (3,), N, and the moment (3,), N mm, about the LPS origin."""
    return forces.sum(axis=0), np.cross(points, forces).sum(axis=0)


def _strain(space: DisplacementSpace, u: FloatArray, reference: FloatArray) -> FloatArray:
    derivatives = shape_derivatives(space.mesh.kind, reference)
    gradients = reference_gradients(space.mesh)
    return tensor_to_strain(displacement_gradient(derivatives, gradients, u[space.cell_dofs]))


def _unit_stiffness(nu: float) -> FloatArray:
    """Return the isotropic stiffness over Young's modulus, (6, 6), for engineering shear."""
    first = nu / ((1.0 + nu) * (1.0 - 2.0 * nu))
    shear = 0.5 / (1.0 + nu)
    stiffness = np.diag(np.repeat([2.0 * shear, shear], 3))
    stiffness[:3, :3] += first
    return stiffness
