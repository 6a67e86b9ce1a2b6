"""The model's points: a coarser surface on the mean of femora that already correspond."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import FemoralFrame, FloatArray, IntArray, TriangleSurface
from meshing.anatomy import find_frame
from meshing.remesh import remesh_uniformly
from meshing.shape.landmarks import Landmarks
from meshing.shape.regions import REGIONS, label_regions

__all__ = ["Resampling", "find_landmarks", "knee_pose", "resample"]

_RING = 10.0  # mm of the shaft
_PATCH = 8  # points round an extreme point of a condyle
_NECK_RING = 0.12  # head radii to either side of the middle of a ring
_NECK_RINGS = (0.85, 1.6, 0.05)  # head radii from the head's centre: first, last, apart
_CANDIDATES = 12  # triangles near a point of which one holds its projection
_POSE_STEPS = 5
_CONDYLES = 0.08  # of the length, from the distal end up


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Resampling:
    """Points of a coarse surface as weighted means of corners of a fine one.

    Attributes
    ----------
    triangles : (m, 3)
        Of the coarse surface.
    corners : (n, 3)
        Points of the fine surface.
    weights : (n, 3)
        Their shares, which sum to 1.
    """

    triangles: IntArray
    corners: IntArray
    weights: FloatArray

    def apply(self, fine: FloatArray) -> FloatArray:
        """Return the coarse points (..., n, 3) of fine ones (..., p, 3)."""
        return np.asarray(np.einsum("nc,...ncx->...nx", self.weights, fine[..., self.corners, :]))


def resample(surface: TriangleSurface, *, edge_length: float) -> Resampling:
    """Return a closed surface of nearly equilateral triangles whose points follow the fine one.

    Parameters
    ----------
    surface : TriangleSurface
        Closed.
    edge_length : float, mm
        Mean edge of the new triangles.
    """
    finer = _split(_split(surface))
    coarse = remesh_uniformly(finer, edge_length=edge_length)
    corners, weights = _place(coarse.points, surface)
    return Resampling(triangles=coarse.triangles, corners=corners, weights=weights)


def _split(surface: TriangleSurface) -> TriangleSurface:
    """Return the surface with every triangle cut into four."""
    sides = surface.triangles[:, [[0, 1], [1, 2], [2, 0]]]
    pairs, which = np.unique(np.sort(sides, axis=2).reshape(-1, 2), axis=0, return_inverse=True)
    middle = surface.n_points + which.reshape(-1, 3)
    a, b, c = surface.triangles.T
    ab, bc, ca = middle.T
    quarters = [(a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca)]
    return TriangleSurface(
        points=np.vstack([surface.points, surface.points[pairs].mean(axis=1)]),
        triangles=np.vstack([np.stack(quarter, axis=1) for quarter in quarters]),
    )


def _place(points: FloatArray, surface: TriangleSurface) -> tuple[IntArray, FloatArray]:
    """Return the triangle of the surface next to each point, and where in it, as corner shares."""
    near = cKDTree(surface.centroids).query(points, k=_CANDIDATES)[1]
    corner = surface.points[surface.triangles[near]]
    share = np.clip(_barycentric(points[:, None], corner), 0.0, None)
    share /= share.sum(axis=-1, keepdims=True)
    off = np.linalg.norm(np.einsum("nkc,nkcx->nkx", share, corner) - points[:, None], axis=2)
    best = off.argmin(axis=1)
    rows = np.arange(len(points))
    return surface.triangles[near[rows, best]], share[rows, best]


def _barycentric(points: FloatArray, corner: FloatArray) -> FloatArray:
    """Return shares (..., 3) of the projections of points on the planes of triangles."""
    u, v = corner[..., 1, :] - corner[..., 0, :], corner[..., 2, :] - corner[..., 0, :]
    w = points - corner[..., 0, :]
    uu, vv, uv = (u * u).sum(-1), (v * v).sum(-1), (u * v).sum(-1)
    wu, wv = (w * u).sum(-1), (w * v).sum(-1)
    scale = uu * vv - uv**2
    second, third = (vv * wu - uv * wv) / scale, (uu * wv - uv * wu) / scale
    return np.stack([1.0 - second - third, second, third], axis=-1)


def knee_pose(surface: TriangleSurface) -> tuple[FloatArray, FloatArray]:
    """Return rotation (3, 3) and translation (3,) that put a whole right femur on its axes.

    The moved points are `points @ rotation.T + translation`: origin at the head's centre, z from
    the middle of the most distal points of both condyles to it, and x medial, along the line that
    touches both condyles from behind.
    """
    points = surface.points
    centre = find_frame(surface, "right").origin
    rotation = np.eye(3)
    for _ in range(_POSE_STEPS):
        behind_medial, behind_lateral, low_medial, low_lateral = _condyles(points @ rotation.T)
        z = centre - points[[low_medial, low_lateral]].mean(axis=0)
        z /= np.linalg.norm(z)
        x = points[behind_medial] - points[behind_lateral]
        x -= (x @ z) * z
        x /= np.linalg.norm(x)
        rotation = np.stack([x, np.cross(z, x), z])
    return rotation, -rotation @ centre


def _condyles(points: FloatArray) -> tuple[int, int, int, int]:
    """Return the points most posterior and most distal of the medial and the lateral condyle."""
    x, y, z = points.T
    condyles = z < z.min() + _CONDYLES * np.ptp(z)
    middle = x[condyles].mean()
    sides = [condyles & (x > middle), condyles & (x < middle)]
    behind = [int(np.argmax(np.where(side, y, -np.inf))) for side in sides]
    low = [int(np.argmin(np.where(side, z, np.inf))) for side in sides]
    return behind[0], behind[1], low[0], low[1]


def find_landmarks(surface: TriangleSurface) -> tuple[IntArray, Landmarks]:
    """Return regions (n,) and landmarks of the mean femur, which lies as `knee_pose` says."""
    points = surface.points
    frame = find_frame(surface, "right")
    regions = label_regions(points, frame)
    arm = points - frame.origin
    patches = [_patch(points, extreme) for extreme in _condyles(points)]
    return regions, Landmarks(
        head=np.flatnonzero(regions == REGIONS.index("head")),
        neck=_neck_ring(arm, frame, regions),
        shaft=_rings(points, regions),
        medial_posterior=patches[0],
        lateral_posterior=patches[1],
        medial_distal=patches[2],
        lateral_distal=patches[3],
    )


def _patch(points: FloatArray, extreme: int) -> IntArray:
    return np.asarray(cKDTree(points).query(points[extreme], k=_PATCH)[1])


def _neck_ring(arm: FloatArray, frame: FemoralFrame, regions: IntArray) -> IntArray:
    """Return the points of the ring round the neck whose middle lies nearest to the neck axis.

    So the axis through that middle is the one of the femoral frame.
    """
    along = -arm @ frame.neck_axis
    aside = arm + along[:, None] * frame.neck_axis
    on_neck = regions == REGIONS.index("neck")
    centres, half = np.arange(*_NECK_RINGS) * frame.head_radius, _NECK_RING * frame.head_radius
    rings = [np.flatnonzero(on_neck & (np.abs(along - t) < half)) for t in centres]
    return min(rings, key=lambda ring: float(np.linalg.norm(aside[ring].mean(axis=0))))


def _rings(points: FloatArray, regions: IntArray) -> IntArray:
    """Return the ring round the shaft that each point belongs to, -1 for none, shape (n,)."""
    shaft = np.isin(regions, [REGIONS.index("subtrochanteric"), REGIONS.index("shaft")])
    depth = points[shaft, 2].max() - points[:, 2]
    n_rings = int(np.ptp(points[shaft, 2]) // _RING)
    return np.where(shaft, np.minimum(depth // _RING, n_rings - 1).astype(int), -1)
