"""Sizes and angles of femora in correspondence with the model."""

from dataclasses import dataclass, fields

import numpy as np

from femur_fea.domain import FloatArray
from meshing.shape.landmarks import Landmarks, find_axes, fit_line, ring_centroids

__all__ = ["Anatomy", "measure_anatomy"]

_PROXIMAL_RINGS = 12  # of 10 mm: the shaft's line, as for the femoral frame
_MIDSHAFT = (0.4, 0.6)  # of the rings


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """What a femur measures.

    Attributes
    ----------
    head_radius : float, mm
        Of the sphere of the head.
    neck_length : float, mm
        From the head's centre along the neck axis to its point nearest to the shaft axis.
    neck_shaft_angle : float, rad
        Between the neck axis and the distal direction of the shaft axis, in space.
    anteversion : float, rad
        Of the neck axis against the line behind both condyles, seen along the shaft axis;
        positive forwards.
    shaft_diameter : float, mm
        Mean outer diameter of the middle fifth of the shaft.
    bow : float, 1/mm
        Curvature of the shaft in the sagittal plane, positive where it bulges forwards; its
        inverse is the radius of the bow.
    length : float, mm
        From the top of the head to the tangent plane of both condyles, along the mechanical axis.
    """

    head_radius: float
    neck_length: float
    neck_shaft_angle: float
    anteversion: float
    shaft_diameter: float
    bow: float
    length: float

    @property
    def bow_radius(self) -> float:
        """Radius of the shaft's bow, mm."""
        return 1.0 / self.bow

    def as_array(self, names: tuple[str, ...] | None = None) -> FloatArray:
        """Return the values of the fields named, or of all, shape (k,)."""
        chosen = names or tuple(field.name for field in fields(self))
        return np.array([getattr(self, name) for name in chosen])


def measure_anatomy(points: FloatArray, landmarks: Landmarks) -> Anatomy:
    """Return what a right femur in correspondence with the model measures.

    Parameters
    ----------
    points : (n, 3), mm
        Of a right femur, or a left one mirrored to a right one; in any pose.
    landmarks : Landmarks
        Of the model.

    Notes
    -----
    All is measured at the points of the landmarks, so it changes smoothly with the shape.
    """
    axes = find_axes(points, landmarks, rings=np.arange(_PROXIMAL_RINGS))
    low = points[np.concatenate([landmarks.medial_distal, landmarks.lateral_distal])].mean(axis=0)
    mechanical = axes.head_centre - low
    to_medial = points[landmarks.medial_posterior].mean(axis=0) - points[
        landmarks.lateral_posterior
    ].mean(axis=0)
    forwards = np.cross(to_medial, axes.shaft)
    across = np.cross(axes.shaft, forwards)
    return Anatomy(
        head_radius=axes.head_radius,
        neck_length=_neck_length(axes.head_centre, axes.neck, axes.shaft_point, axes.shaft),
        neck_shaft_angle=float(np.arccos(-axes.neck @ axes.shaft)),
        anteversion=float(
            np.arctan2(
                axes.neck @ forwards / np.linalg.norm(forwards),
                axes.neck @ across / np.linalg.norm(across),
            )
        ),
        shaft_diameter=_diameter(points, landmarks),
        bow=_bow(ring_centroids(points, landmarks), forwards),
        length=float(np.linalg.norm(mechanical)) + axes.head_radius,
    )


def _neck_length(
    head: FloatArray, neck: FloatArray, shaft_point: FloatArray, shaft: FloatArray
) -> float:
    across = np.cross(neck, shaft)
    return float(np.cross(head - shaft_point, shaft) @ across / (across @ across))


def _diameter(points: FloatArray, landmarks: Landmarks) -> float:
    first, last = (round(share * landmarks.n_rings) for share in _MIDSHAFT)
    centres = ring_centroids(points, landmarks)
    _, axis = fit_line(centres[first:last])
    chosen = np.flatnonzero((landmarks.shaft >= first) & (landmarks.shaft < last))
    arm = points[chosen] - centres[landmarks.shaft[chosen]]
    return 2.0 * float(np.linalg.norm(arm - np.outer(arm @ axis, axis), axis=1).mean())


def _bow(centres: FloatArray, forwards: FloatArray) -> float:
    """Return the curvature of the parabola through the shaft's middle line, seen from the side."""
    middle, axis = fit_line(centres)
    ahead = forwards - (forwards @ axis) * axis
    ahead /= np.linalg.norm(ahead)
    arm = centres - middle
    return -2.0 * float(np.polyfit(arm @ axis, arm @ ahead, 2)[0])
