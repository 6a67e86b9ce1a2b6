"""The six rigid motions of a set of points, which multigrid must know of."""

import numpy as np

from femur_fea.domain import FloatArray

__all__ = ["rigid_motions"]

_PASSES = 2  # a second one takes off what round-off left of the first


def rigid_motions(points: FloatArray) -> FloatArray:
    """Return three translations and three rotations of points, orthonormal.

    Their sums are NumPy's own. Those of PETSc go through a BLAS whose last digit depends on where
    in memory an array begins, and with it every solution would differ from run to run.

    Parameters
    ----------
    points : (n, 3), mm
        Where they are; at least three, not on one line.

    Returns
    -------
    (6, n, 3), dimensionless
        The motions, each of norm 1 and orthogonal to the others.
    """
    arm = points - points.mean(axis=0)
    axes = np.eye(3)
    shifts = [np.broadcast_to(axis, arm.shape) for axis in axes]
    turns = [np.cross(axis, arm) for axis in axes]
    found: list[FloatArray] = []
    for motion in (*shifts, *turns):
        for _ in range(_PASSES):
            for other in found:
                motion = motion - other * float((other * motion).sum())
        found.append(motion / np.sqrt(float((motion * motion).sum())))
    return np.stack(found)
