"""Points of the model that sizes and angles are measured at."""

from dataclasses import dataclass, fields

import numpy as np

from femur_fea.domain import FloatArray, IntArray, read_only

__all__ = ["Axes", "Landmarks", "find_axes", "fit_line", "fit_sphere", "ring_centroids"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """Points of the model by what is measured at them; they keep their place on any femur.

    Attributes
    ----------
    head : (i,)
        Points of the spherical part of the head.
    neck : (j,)
        Points of a ring round the narrowest stretch of the neck.
    shaft : (n,)
        For every point of the model the ring round the shaft that it belongs to, counted from
        the lesser trochanter down, -1 for none.
    medial_posterior, lateral_posterior, medial_distal, lateral_distal : (p,)
        Points of each condyle that lie most posterior and most distal on the mean.
    """

    head: IntArray
    neck: IntArray
    shaft: IntArray
    medial_posterior: IntArray
    lateral_posterior: IntArray
    medial_distal: IntArray
    lateral_distal: IntArray

    def __post_init__(self) -> None:
        for name, points in self.as_arrays().items():
            object.__setattr__(self, name, read_only(np.asarray(points)))

    def as_arrays(self) -> dict[str, IntArray]:
        """Return the points by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @property
    def n_rings(self) -> int:
        """Number of rings round the shaft."""
        return int(self.shaft.max()) + 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Axes:
    """Lines and points of a right femur.

    Attributes
    ----------
    head_centre : (3,), mm
        Centre of the sphere of the head.
    head_radius : float, mm
        Its radius.
    neck : (3,)
        Unit vector from the neck's narrowest stretch to the head's centre.
    shaft_point : (3,), mm
        A point of the line of the shaft.
    shaft : (3,)
        Unit vector of that line, proximal.
    """

    head_centre: FloatArray
    head_radius: float
    neck: FloatArray
    shaft_point: FloatArray
    shaft: FloatArray


def find_axes(points: FloatArray, landmarks: Landmarks, *, rings: IntArray) -> Axes:
    """Return head, neck and shaft of a femur in correspondence with the model.

    Parameters
    ----------
    points : (n, 3), mm
        Points of the femur.
    landmarks : Landmarks
        Of the model.
    rings : (r,)
        Rings to which the line of the shaft is fitted, proximal first.
    """
    centre, radius = fit_sphere(points[landmarks.head])
    neck = centre - points[landmarks.neck].mean(axis=0)
    middle, shaft = fit_line(ring_centroids(points, landmarks)[rings])
    return Axes(
        head_centre=centre,
        head_radius=radius,
        neck=neck / np.linalg.norm(neck),
        shaft_point=middle,
        shaft=shaft,
    )


def ring_centroids(points: FloatArray, landmarks: Landmarks) -> FloatArray:
    """Return the mean of the points of every ring round the shaft, shape (n_rings, 3), mm."""
    on_ring = landmarks.shaft >= 0
    ring = landmarks.shaft[on_ring]
    sums = [np.bincount(ring, weights=x, minlength=landmarks.n_rings) for x in points[on_ring].T]
    return np.stack(sums, axis=1) / np.bincount(ring, minlength=landmarks.n_rings)[:, None]


def fit_sphere(points: FloatArray) -> tuple[FloatArray, float]:
    """Return centre (3,) and radius of the algebraic least-squares sphere through points."""
    middle = points.mean(axis=0)
    arm = points - middle
    design = np.column_stack([2.0 * arm, np.ones(len(arm))])
    solution = np.linalg.lstsq(design, np.einsum("ij,ij->i", arm, arm), rcond=None)[0]
    return middle + solution[:3], float(np.sqrt(solution[3] + solution[:3] @ solution[:3]))


def fit_line(points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mean (3,) and unit direction (3,) of the line of least squares.

    The direction points from the last point to the first.
    """
    middle = points.mean(axis=0)
    direction = np.linalg.svd(points - middle, full_matrices=False)[2][0]
    return middle, direction * np.sign(direction @ (points[0] - points[-1]))
