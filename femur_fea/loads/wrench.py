"""Tractions with a given force and a given moment, both exact on the mesh."""

import numpy as np

from femur_fea.domain import BoneMesh, FloatArray
from femur_fea.loads.patch import check_patch

__all__ = ["wrench_of", "wrench_traction"]


def wrench_of(
    mesh: BoneMesh, traction: FloatArray, about: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the resultant force (3,), N, and moment (3,), N mm, of a traction.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    traction : (n_points, 3), MPa
        Traction at the points, linear over each triangle of the boundary or bilinear over each
        parallelogram.
    about : (3,), mm
        Point about which the moment is taken, LPS.
    """
    forces = _corner_forces(mesh, traction)
    arms = mesh.points[mesh.facets] - about
    return forces.sum(axis=(0, 1)), np.cross(arms, forces).sum(axis=(0, 1))


def wrench_traction(
    mesh: BoneMesh, weight: FloatArray, *, force: FloatArray, moment: FloatArray, about: FloatArray
) -> FloatArray:
    r"""Return a traction on a patch with a given resultant, shape (n_points, 3), MPa.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    weight : (n_points,), dimensionless
        Relative size of the traction at the points.
    force : (3,), N
        Resultant force, LPS.
    moment : (3,), N mm
        Resultant moment about `about`, LPS.
    about : (3,), mm
        Point about which the moment is taken, LPS.

    Raises
    ------
    LoadOutsideBoneError
        If the bone has less than 20 mm2 of surface under the load.

    Notes
    -----
    The traction is that of a bed of equal springs that a rigid grip moves,
    :math:`w (a + b \times (r - r_0))`, with the two vectors that give the six resultants.
    """
    check_patch(mesh, weight)
    motions = _rigid_motions(mesh.points - about)
    wrenches = [
        np.concatenate(wrench_of(mesh, weight[:, None] * motion, about)) for motion in motions
    ]
    amounts = np.linalg.solve(np.array(wrenches).T, np.concatenate([force, moment]))
    return np.asarray(weight[:, None] * np.einsum("m,mpx->px", amounts, motions))


def _rigid_motions(arms: FloatArray) -> FloatArray:
    """Return three translations and three rotations of points (n, 3), shape (6, n, 3)."""
    ones = np.ones((len(arms), 1))
    moved = [axis * ones for axis in np.eye(3)]
    turned = [np.cross(axis, arms) for axis in np.eye(3)]
    return np.array([*moved, *turned])


def _corner_forces(mesh: BoneMesh, traction: FloatArray) -> FloatArray:
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)
    return np.asarray(area[:, None, None] * (mesh.cell_shape.face_products @ traction[mesh.facets]))
