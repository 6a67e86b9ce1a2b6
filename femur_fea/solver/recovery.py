"""Strain and stress of the cells and resultants of forces, in the order of the input mesh."""

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.kinematics import Kinematics

__all__ = ["corner_strain", "mean_stress", "resultant"]


def corner_strain(geometry: Kinematics, u: FloatArray) -> FloatArray:
    """Return the strain at the corners of every cell, from that cell alone.

    Parameters
    ----------
    geometry : Kinematics
        This rank's cells.
    u : (n_nodes, 3), mm
        Displacement of the nodes.

    Returns
    -------
    (n_cells, 4 or 8, 6), dimensionless
        Voigt strain with engineering shear.
    """
    return geometry.share.all_cells(geometry.corner_strain(u).transpose(2, 1, 0))


def mean_stress(geometry: Kinematics, stress: FloatArray) -> FloatArray:
    """Return the mean over every cell, (n_cells, 6), of a stress (6, n_points) at its points."""
    means = stress.reshape(6, geometry.n_samples, -1).mean(axis=1)
    return geometry.share.all_cells(means.T)


def resultant(points: FloatArray, forces: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the force (3,), N, and the moment (3,), N mm, about the LPS origin."""
    return forces.sum(axis=0), np.cross(points, forces).sum(axis=0)
