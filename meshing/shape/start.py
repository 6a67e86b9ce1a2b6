"""Where to start a registration, whatever the orientation of the surface."""

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import FloatArray, IntArray, TriangleSurface, point_areas
from meshing.shape.model import ShapeModel
from meshing.shape.statistics import rigid_motion
from meshing.shape.target import Target, point_normals

__all__ = ["Pose", "find_starts"]

_FEW, _MANY = 300, 1000  # samples of the surface, in the first and in the second round
_FIRST_STEPS, _SECOND_STEPS = 15, 25
_KEPT = 4
_TRIM = 0.85  # of the samples, the nearest, move the surface
_FAR = 15.0  # mm: what a sample costs that faces the other way, or lies farther off


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pose:
    """Where a femur lies: `world = model @ rotation.T + translation`.

    Attributes
    ----------
    rotation : (3, 3)
        Rotation from the model to the world.
    translation : (3,), mm
        Where the model's origin lies.
    """

    rotation: FloatArray
    translation: FloatArray

    def to_world(self, points: FloatArray) -> FloatArray:
        """Return points of the model in the world, (n, 3), mm."""
        return np.asarray(points @ self.rotation.T + self.translation)

    def to_model(self, points: FloatArray) -> FloatArray:
        """Return points of the world in the model, (n, 3), mm."""
        return np.asarray((points - self.translation) @ self.rotation)


def find_starts(model: ShapeModel, target: Target) -> list[Pose]:
    """Return the best poses of the mean femur, best first.

    Notes
    -----
    The proximal part of the mean with the surface's area is brought to the surface's centroid and
    principal axes in the 24 ways in which axes can be exchanged; rigid iterative closest points
    from the surface to the mean follow. Every sample of the surface has a place on the whole mean,
    however short the surface is.
    """
    mean = TriangleSurface(points=model.mean, triangles=model.triangles)
    tree, normals = cKDTree(mean.points), point_normals(mean)
    few, many = target.thinned(_FEW), target.thinned(_MANY)
    first = []
    for rotation, translation in _guesses(mean, target):
        pose = _closest(target.points[few], mean.points, tree, rotation, translation, _FIRST_STEPS)
        first.append((_cost(target, few, normals, tree, *pose), pose))
    first.sort(key=lambda scored: scored[0])
    second = []
    for _, pose in first[:_KEPT]:
        finer = _closest(target.points[many], mean.points, tree, *pose, _SECOND_STEPS)
        second.append((_cost(target, many, normals, tree, *finer), finer))
    second.sort(key=lambda scored: scored[0])
    return [Pose(rotation=r.T, translation=-r.T @ t) for _, (r, t) in second]


def _guesses(mean: TriangleSurface, target: Target) -> list[tuple[FloatArray, FloatArray]]:
    """Return motions (rotation, translation) from the surface to the mean."""
    weights = point_areas(mean.triangles, mean.area_vectors, mean.n_points)
    order = np.argsort(-mean.points[:, 2])
    part = order[np.cumsum(weights[order]) <= target.surface.area]
    middle, axes = _principal_axes(mean.points[part])
    surface_middle, surface_axes = _principal_axes(target.points)
    return [
        (turn := axes.T @ exchange @ surface_axes, middle - turn @ surface_middle)
        for exchange in _exchanges()
    ]


def _principal_axes(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return centroid and principal axes, a right-handed triad in rows."""
    middle = points.mean(axis=0)
    axes = np.linalg.eigh(np.cov((points - middle).T))[1].T
    axes[2] = np.cross(axes[0], axes[1])
    return middle, axes


def _exchanges() -> list[FloatArray]:
    """Return the 24 rotations of a cube."""
    found = [
        np.eye(3)[list(order)] * np.array(signs)[:, None]
        for order in permutations(range(3))
        for signs in product((1.0, -1.0), repeat=3)
    ]
    return [turn for turn in found if np.linalg.det(turn) > 0.0]


def _closest(
    points: FloatArray,
    mean: FloatArray,
    tree: cKDTree,
    rotation: FloatArray,
    translation: FloatArray,
    steps: int,
) -> tuple[FloatArray, FloatArray]:
    """Return the motion that iterative closest points end at, the farthest left out."""
    for _ in range(steps):
        found = tree.query(points @ rotation.T + translation)
        distance, nearest = np.asarray(found[0]), np.asarray(found[1])
        near = distance <= np.quantile(distance, _TRIM)
        rotation, translation = rigid_motion(points[near], mean[nearest[near]])
    return rotation, translation


def _cost(
    target: Target,
    chosen: IntArray,
    normals: FloatArray,
    tree: cKDTree,
    rotation: FloatArray,
    translation: FloatArray,
) -> float:
    distance, nearest = tree.query(target.points[chosen] @ rotation.T + translation)
    facing = np.einsum("ij,ij->i", target.normals[chosen] @ rotation.T, normals[nearest])
    return float(np.where(facing > 0.0, np.minimum(distance, _FAR), _FAR).mean())
