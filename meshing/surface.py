"""Mask to surface of uniform triangles."""

import numpy as np
from scipy import ndimage

from femur_fea.domain import FloatArray, LabelMask, TriangleSurface
from femur_fea.errors import MeshError, OutOfRangeError
from meshing.contour import contour_of_volume
from meshing.implicit import ImplicitBone, check_one_solid, smooth_distance
from meshing.remesh import remesh_uniformly

__all__ = ["extract_surface"]

_LATTICE_PER_EDGE = 3.0  # about ten lattice points to a cluster
_SHORTEST_EDGE = 0.3  # mm; the lattice of a femur would not fit in memory
_LONGEST_EDGE = 10.0  # mm; the neck would be three triangles wide
_PROJECTION_STEPS = 3


def extract_surface(mask: LabelMask, *, edge_length: float) -> TriangleSurface:
    """Return a closed, smooth surface of a mask, made of nearly equilateral triangles.

    Parameters
    ----------
    mask : LabelMask
        One solid piece; where it reaches the border of the scan it is cut there by a plane.
    edge_length : float, mm
        Mean edge of the triangles.

    Raises
    ------
    EmptyMaskError, SeveralBonesError, SegmentationError
        If the mask is not one solid bone.
    NotWatertightError
        If no closed surface results.

    Notes
    -----
    The signed distance is smoothed by 0.8 of the largest voxel spacing, the level that keeps the
    mask's volume is contoured, and the contour is gathered into triangles of one size, whose
    corners are put back onto that level.
    """
    _check_edge_length(edge_length)
    check_one_solid(mask)
    bone = smooth_distance(mask, lattice_spacing=edge_length / _LATTICE_PER_EDGE)
    fine, level = contour_of_volume(bone, mask.volume)
    coarse = remesh_uniformly(fine, edge_length=edge_length)
    points = _project(coarse.points, bone, level, reach=edge_length / _LATTICE_PER_EDGE)
    return TriangleSurface(points=points, triangles=coarse.triangles)


def _check_edge_length(edge_length: float) -> None:
    if not _SHORTEST_EDGE <= edge_length <= _LONGEST_EDGE:
        raise OutOfRangeError(
            found=f"an edge length of {edge_length:g} mm",
            expected=f"{_SHORTEST_EDGE:g} to {_LONGEST_EDGE:g} mm",
            remedy="use 2 to 4 mm",
        )


def _project(points: FloatArray, bone: ImplicitBone, level: float, *, reach: float) -> FloatArray:
    """Return the points moved along the gradient onto the zero of the implicit function."""
    values = bone.at_level(level)
    to_lattice = np.linalg.inv(bone.affine)
    index = points @ to_lattice[:3, :3].T + to_lattice[:3, 3]
    scale = np.linalg.norm(bone.affine[:3, :3], axis=0)
    slopes = [np.gradient(values, axis=axis) for axis in range(3)]
    for _ in range(_PROJECTION_STEPS):
        value = _sample(values, index)
        slope = np.stack([_sample(s, index) for s in slopes], axis=1) / scale
        step = -value[:, None] * slope / np.einsum("ij,ij->i", slope, slope)[:, None]
        length = np.linalg.norm(step, axis=1, keepdims=True)
        index = index + step * np.minimum(1.0, reach / np.maximum(length, 1e-12)) / scale
    moved = index @ bone.affine[:3, :3].T + bone.affine[:3, 3]
    if not np.isfinite(moved).all():
        raise MeshError(
            found="corners of the surface where the distance to the mask has no gradient",
            expected="a mask thicker than its voxels",
            remedy="check the mask for parts one voxel thick",
        )
    return np.asarray(moved)


def _sample(values: FloatArray, index: FloatArray) -> FloatArray:
    return np.asarray(ndimage.map_coordinates(values, index.T, order=1, mode="nearest"))
