"""The sphere of the femoral head, found without a hint."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoolArray, FloatArray, TriangleSurface
from femur_fea.errors import SegmentationError

__all__ = ["Head", "find_head"]

_PROXIMAL = 120.0  # mm below the top of the bone in which the head is sought: condyles lie deeper
_RADII = np.arange(17.0, 33.0, 3.0)  # mm; adult heads measure 19 to 29 mm
_SMALLEST_RADIUS, _LARGEST_RADIUS = 17.0, 32.0
_MOST_VOTES = 1500
_VOTE_REACH = 3.0  # mm by which normals of a real head may miss its centre
_ROUGHNESS = 1.5  # mm from the sphere at which a triangle loses all weight (Tukey's biweight)
_ALIGNED = 0.85  # cosine between the normal and the radius, about 30 degrees
_STEPS, _STEP_TOLERANCE = 300, 1e-6  # mm
_FREE_STEPS = 100  # of these; then triangles that come and go by turns are kept as they are
_SLOW = 0.01  # mm; the fit to a head that is no ball creeps on, far within its residual
_LEAST_COVER = 0.2  # of the sphere; an intact head covers about 0.6, one cut by the scan 0.3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Head:
    """The sphere fitted to the femoral head.

    Attributes
    ----------
    centre : (3,), mm
        LPS.
    radius : float, mm
        Of the bone's surface, without cartilage.
    residual : float, mm
        Weighted root mean square distance of the head's surface from the sphere.
    cover : float
        Part of the sphere on which the bone's surface lies.
    towards_neck : (3,)
        Unit vector from the centre to the part of the sphere that the neck takes away.
    """

    centre: FloatArray
    radius: float
    residual: float
    cover: float
    towards_neck: FloatArray


def find_head(surface: TriangleSurface) -> Head:
    """Return the femoral head of a proximal femur in scanner orientation.

    Raises
    ------
    SegmentationError
        If no part of the proximal surface is spherical enough.

    Notes
    -----
    Every triangle votes for the centre that lies one radius behind it, along its normal. For each
    of six radii the place with most votes starts a least-squares fit that is weighted by
    Tukey's biweight, so that neck, fovea and rim drop out. The head is the fit on which most of
    the surface lies.
    """
    area_vectors = surface.area_vectors
    areas = np.linalg.norm(area_vectors, axis=1)
    top = surface.points[:, 2].max()
    used = (surface.centroids[:, 2] > top - _PROXIMAL) & (areas > 0.0)
    centroids, areas = surface.centroids[used], areas[used]
    normals = area_vectors[used] / areas[:, None]
    fits = [_fit(centroids, normals, areas, start) for start in _starts(centroids, normals, areas)]
    found = [_describe(centroids, weights, sphere) for sphere, weights in filter(None, fits)]
    if not found:
        raise SegmentationError(
            found="no sphere that settles on the proximal surface",
            expected="a femoral head",
            remedy="check that the mask holds a proximal femur in scanner orientation",
        )
    heads = [head for head in found if _SMALLEST_RADIUS <= head.radius <= _LARGEST_RADIUS]
    return _checked(max(heads or found, key=lambda head: head.cover * head.radius**2))


def _starts(centroids: FloatArray, normals: FloatArray, areas: FloatArray) -> list[FloatArray]:
    """Return, for each radius, centre and radius (4,) of the sphere on which most area lies."""
    stride = max(1, len(centroids) // _MOST_VOTES)
    c, n, a = centroids[::stride], normals[::stride], areas[::stride]
    starts = []
    for radius in _RADII:
        centre = c - radius * n
        tree = cKDTree(centre)
        # triangles of one surface are of about one size: their number stands for their area
        winner = int(tree.query_ball_point(centre, _VOTE_REACH, return_length=True).argmax())
        voters = tree.query_ball_point(centre[winner], _VOTE_REACH)
        starts.append(np.append(np.average(centre[voters], axis=0, weights=a[voters]), radius))
    return starts


def _fit(
    centroids: FloatArray, normals: FloatArray, areas: FloatArray, start: FloatArray
) -> tuple[FloatArray, FloatArray] | None:
    """Return the sphere (4,) and the weights that it settles with; None if it does not settle."""
    sphere, moved = start, np.inf
    for n in range(_STEPS):
        if n <= _FREE_STEPS:
            outward = _faces_out(centroids, normals, sphere)
        weights = areas * outward * _trust(centroids, sphere)
        counts = np.flatnonzero(weights)
        if counts.size < len(sphere):
            return None
        step = _gauss_newton_step(centroids[counts], weights[counts], sphere)
        if step is None:
            return None
        sphere = sphere + step
        moved = np.abs(step).max()
        if moved < _STEP_TOLERANCE:
            break
    if moved > _SLOW:
        return None
    outward = _faces_out(centroids, normals, sphere)
    return sphere, areas * outward * _trust(centroids, sphere)


def _faces_out(centroids: FloatArray, normals: FloatArray, sphere: FloatArray) -> BoolArray:
    """Return which triangles face away from the centre."""
    arm = centroids - sphere[:3]
    distance = np.linalg.norm(arm, axis=1)
    return np.asarray(np.einsum("ij,ij->i", arm, normals) > _ALIGNED * distance)


def _trust(centroids: FloatArray, sphere: FloatArray) -> FloatArray:
    """Return Tukey's weight of each triangle."""
    off = (np.linalg.norm(centroids - sphere[:3], axis=1) - sphere[3]) / _ROUGHNESS
    return np.asarray(np.clip(1.0 - off**2, 0.0, None) ** 2)


def _gauss_newton_step(
    centroids: FloatArray, weights: FloatArray, sphere: FloatArray
) -> FloatArray | None:
    """Return the change of the sphere (4,); None if the triangles do not determine one."""
    arm = centroids - sphere[:3]
    distance = np.maximum(np.linalg.norm(arm, axis=1), 1e-9)
    jacobian = np.column_stack([-arm / distance[:, None], -np.ones(len(arm))])
    weighted = jacobian.T * weights
    normal = weighted @ jacobian
    if np.linalg.matrix_rank(normal) < len(sphere):
        return None
    return np.asarray(np.linalg.solve(normal, -weighted @ (distance - sphere[3])))


def _describe(centroids: FloatArray, weights: FloatArray, sphere: FloatArray) -> Head:
    centre, radius = sphere[:3], float(sphere[3])
    arm = centroids - centre
    total = float(weights.sum())
    off = np.linalg.norm(arm, axis=1) - radius
    missing = -(weights @ arm)
    return Head(
        centre=centre,
        radius=radius,
        residual=float(np.sqrt((weights @ off**2) / max(total, 1e-12))),
        cover=total / (4.0 * np.pi * radius**2),
        towards_neck=missing / max(float(np.linalg.norm(missing)), 1e-12),
    )


def _checked(head: Head) -> Head:
    fits = _SMALLEST_RADIUS <= head.radius <= _LARGEST_RADIUS and head.cover >= _LEAST_COVER
    if not fits:
        raise SegmentationError(
            found=f"no femoral head: the best sphere has a radius of {head.radius:.1f} mm and the "
            f"surface covers {100 * head.cover:.0f} % of it, to {head.residual:.2f} mm",
            expected=f"a head of {_SMALLEST_RADIUS:.0f} to {_LARGEST_RADIUS:.0f} mm of which at "
            f"least {100 * _LEAST_COVER:.0f} % are seen",
            remedy="check that the mask holds the whole head and is in scanner orientation",
        )
    return head
