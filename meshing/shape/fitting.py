"""Pose and shape of the model that bring its points onto a surface."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from femur_fea.domain import FloatArray, IntArray
from meshing.shape.pairing import Pairs, find_pairs
from meshing.shape.start import Pose
from meshing.shape.target import Target

__all__ = ["Deformation", "Fit", "fit"]

_ALIKE = 10.0  # pairs that tell as much as one: errors of neighbours are alike
_ERROR = 1.0  # mm: standard deviation of a surface about the model


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deformation:
    """What a model may do: modes, each of one standard deviation, and a smooth local field.

    Attributes
    ----------
    mean : (n, 3), mm
        Undeformed points.
    modes : (k, n, 3), mm
        Displacements of unit coefficients.
    local : (n, r), mm
        Functions whose sum with unit normal weights is the field, one weight for each direction.
    """

    mean: FloatArray
    modes: FloatArray
    local: FloatArray

    @property
    def n_unknowns(self) -> int:
        """Number of coefficients: those of the modes, then three for each local function."""
        return len(self.modes) + 3 * int(self.local.shape[1])

    def points(self, coefficients: FloatArray) -> FloatArray:
        """Return the deformed points, (n, 3), mm."""
        k = len(self.modes)
        field = self.local @ coefficients[k:].reshape(-1, 3)
        return np.asarray(self.mean + np.tensordot(coefficients[:k], self.modes, axes=1) + field)

    def rows(self, index: IntArray, normals: FloatArray) -> FloatArray:
        """Return how far points move along directions for unit coefficients, (p, n_unknowns)."""
        by_mode = np.einsum("kpx,px->pk", self.modes[:, index], normals)
        by_field = self.local[index][:, :, None] * normals[:, None, :]
        return np.hstack([by_mode, by_field.reshape(len(index), -1)])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """A deformed model in its place.

    Attributes
    ----------
    pose : Pose
        Where it lies.
    coefficients : (n_unknowns,)
        Of the deformation.
    """

    pose: Pose
    coefficients: FloatArray


def fit(
    deformation: Deformation,
    triangles: IntArray,
    target: Target,
    start: Fit,
    *,
    steps: int,
    reaches: tuple[float, float],
) -> Fit:
    """Return the deformation nearest to the surface, weighed against its improbability.

    Parameters
    ----------
    deformation : Deformation
        What the model may do.
    triangles : (m, 3)
        Of the model.
    target : Target
        The surface.
    start : Fit
        Where to begin.
    steps : int
        Number of steps.
    reaches : (2,), mm
        How far apart pairs may be in the first step and in the last.

    Notes
    -----
    Every step pairs points anew and minimises the squared distances of the model's points from
    their planes plus the squared coefficients, pose and coefficients together.
    """
    state = start
    for reach in np.geomspace(*reaches, steps):
        points = deformation.points(state.coefficients)
        pairs = find_pairs(state.pose.to_world(points), triangles, target, reach=float(reach))
        state = _step(deformation, points, pairs, state.pose)
    return state


def _step(deformation: Deformation, points: FloatArray, pairs: Pairs, pose: Pose) -> Fit:
    to, normals = pose.to_model(pairs.points), pairs.normals @ pose.rotation
    turning = np.cross(points[pairs.index], normals)
    rows = np.hstack([turning, normals, deformation.rows(pairs.index, normals)])
    wanted = np.einsum("px,px->p", to - deformation.mean[pairs.index], normals)
    weighted = rows * pairs.weights[:, None]
    matrix = weighted.T @ rows
    prior = np.arange(6, len(matrix))
    matrix[prior, prior] += _ALIKE * _ERROR**2
    matrix[range(6), range(6)] += 1e-9 * np.trace(matrix[:6, :6])
    solution = np.linalg.solve(matrix, weighted.T @ wanted)
    turn = Rotation.from_rotvec(solution[:3]).as_matrix()
    moved = Pose(
        rotation=pose.rotation @ turn,
        translation=pose.translation + pose.rotation @ solution[3:6],
    )
    return Fit(pose=moved, coefficients=solution[6:])
