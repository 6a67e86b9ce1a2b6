"""Tractions spread over a patch of the surface, with an exact resultant."""

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame, FloatArray, point_areas
from femur_fea.errors import LoadOutsideBoneError

__all__ = [
    "check_patch",
    "head_cap",
    "on_surface",
    "plate_contact",
    "resultant_point",
    "traction_of",
    "within",
]

# Half-angle of the loaded cap of the head and depth to which a plate presses into the
# trochanter: modelling choices (a cup and a pad of usual size), no measured values.
_CAP_HALF_ANGLE = np.radians(40.0)
_PLATE_DEPTH = 5.0  # mm
_MIN_PATCH_AREA = 20.0  # mm2: a smaller patch is a point load


def head_cap(mesh: BoneMesh, frame: FemoralFrame, direction: FloatArray) -> FloatArray:
    """Return the weights of a cosine pressure on the cap of the head that a force presses on.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Gives the centre and radius of the head.
    direction : (3,)
        Unit vector of the force on the head, LPS.

    Returns
    -------
    (n_points,), dimensionless
        1 where the line of the force enters the head, falling to 0 at 40 degrees from it.
    """
    arm = mesh.points - frame.origin
    distance = np.linalg.norm(arm, axis=1)
    cosine = -(arm @ direction) / np.maximum(distance, 1e-9)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    weight = np.cos(0.5 * np.pi * angle / _CAP_HALF_ANGLE)
    loaded = (angle < _CAP_HALF_ANGLE) & (distance > 0.5 * frame.head_radius)
    return np.where(loaded, weight, 0.0) * on_surface(mesh)


def plate_contact(mesh: BoneMesh, direction: FloatArray, candidates: BoolArray) -> FloatArray:
    """Return the weights of the contact with a plate that part of the bone is pressed against.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    direction : (3,)
        Unit vector from the bone into the plate, LPS.
    candidates : (n_points,), bool
        Points that the plate can meet, at least one.

    Returns
    -------
    (n_points,), dimensionless
        1 where the candidates reach farthest along `direction`, falling to 0 at 5 mm behind it.
    """
    height = mesh.points @ direction
    depth = height[candidates].max() - height
    weight = np.where(candidates, np.clip(1.0 - depth / _PLATE_DEPTH, 0.0, 1.0), 0.0)
    return weight * on_surface(mesh)


def traction_of(mesh: BoneMesh, weight: FloatArray, force: FloatArray) -> FloatArray:
    """Return the parallel traction whose resultant is `force`, shape (n_points, 3), MPa.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    weight : (n_points,), dimensionless
        Relative traction at the points, linear over each triangle of the boundary or bilinear over
        each parallelogram.
    force : (3,), N
        Resultant, LPS.

    Raises
    ------
    LoadOutsideBoneError
        If the bone has less than 20 mm2 of surface under the load.
    """
    return np.outer(weight / check_patch(mesh, weight), force)


def check_patch(mesh: BoneMesh, weight: FloatArray) -> float:
    """Return the area of a patch by its weights, mm2.

    Raises
    ------
    LoadOutsideBoneError
        If the bone has less than 20 mm2 of surface under the load.
    """
    area = float(_areas(mesh) @ weight)
    if area < _MIN_PATCH_AREA:
        raise LoadOutsideBoneError(
            found=f"a load patch of {area:.1f} mm2",
            expected=f"more than {_MIN_PATCH_AREA:.0f} mm2 of the bone's surface under the load",
            remedy="check that the part of the bone that is loaded is in the scan, or refine the "
            "mesh",
        )
    return area


def resultant_point(mesh: BoneMesh, weight: FloatArray) -> FloatArray:
    """Return the point through which the resultant of a parallel traction acts, (3,), mm."""
    share = weight[mesh.facets] @ mesh.cell_shape.face_products
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)
    moment = np.einsum("f,fc,fcx->x", area, share, mesh.points[mesh.facets])
    return np.asarray(moment / float(_areas(mesh) @ weight))


def within(mesh: BoneMesh, patch: BoolArray, distance: float) -> BoolArray:
    """Whether each point lies within `distance` mm of a point of `patch`, shape (n_points,)."""
    nearest, _ = cKDTree(mesh.points[patch]).query(mesh.points, distance_upper_bound=distance)
    return np.asarray(np.isfinite(nearest))


def _areas(mesh: BoneMesh) -> FloatArray:
    return point_areas(mesh.facets, mesh.facet_area_vectors, mesh.n_points)


def on_surface(mesh: BoneMesh) -> FloatArray:
    """Return 1 at points of the surface and 0 inside, shape (n_points,)."""
    flag = np.zeros(mesh.n_points)
    flag[mesh.facets.ravel()] = 1.0
    return flag
