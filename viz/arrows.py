"""Load arrows: where a load case pushes, pulls or turns, and how hard."""

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femur_fea.domain import BoneMesh, FloatArray, IntArray, LoadCase

__all__ = ["Arrow", "load_arrows"]

_LONGEST_MM = 32.0
_SHORTEST_MM = 14.0
_CANCELLED = 1e-6  # resultant over the sum of the sizes: what round-off leaves of a couple
_GAP_MM = 5.0  # from the end of the bone to the arrow of a couple
_AXIS_MM = 15.0  # from the axis of a couple: what of the bone the arrow stands beyond
_AROUND = 0.1  # net pull over all push and pull, below which a patch does not pull


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrow:
    """The resultant of one loaded patch.

    Attributes
    ----------
    start, tip : (3,), mm
        Ends of the arrow, LPS. A push ends on the bone, a pull starts there; what turns stands
        beyond the end of the bone, on the axis about which it turns it right-handed.
    force : float, N
        Magnitude of the resultant; NaN where the bone is driven, by a force that follows only from
        the solution, and zero of a couple.
    turns : bool
        Whether the patch turns the bone instead of pushing or pulling it.
    """

    start: FloatArray
    tip: FloatArray
    force: float
    turns: bool = False


def load_arrows(mesh: BoneMesh, load: LoadCase) -> tuple[Arrow, ...]:
    """Return one arrow for each connected patch of the surface that is loaded or driven.

    The longest arrow stands for the largest resultant; the others are in proportion, down to a
    length that can still be seen. A patch whose forces cancel has an arrow along its moment.
    """
    pulled = _arrows(mesh, load.traction)
    driven = _arrows(mesh, load.displacement)
    turned = _turns(mesh, load.traction)
    return (*pulled, *(replace(arrow, force=math.nan) for arrow in driven), *turned)


def _arrows(mesh: BoneMesh, field: FloatArray) -> tuple[Arrow, ...]:
    """Return one arrow for each patch on which a field (n_points, 3) is not zero."""
    patches = [_resultant(mesh, field, facets) for facets in _patches(mesh, field)]
    seen = [patch for patch in patches if patch is not None]
    largest = max((float(np.linalg.norm(force)) for _, force, _ in seen), default=0.0)
    return tuple(_arrow(*patch, largest) for patch in seen)


def _turns(mesh: BoneMesh, field: FloatArray) -> tuple[Arrow, ...]:
    """Return one arrow for each patch on which a traction (n_points, 3) is a couple."""
    couples = [f for f in _patches(mesh, field) if _resultant(mesh, field, f) is None]
    return tuple(_turn(mesh, field, facets) for facets in couples)


def _turn(mesh: BoneMesh, field: FloatArray, facets: IntArray) -> Arrow:
    """Return the arrow of a couple, on its axis beyond the nearer end of the bone."""
    forces, centroids = _facet_forces(mesh, field, facets), mesh.facet_centroids[facets]
    middle = centroids.mean(axis=0)
    moment = np.cross(centroids - middle, forces).sum(axis=0)
    along = moment / np.linalg.norm(moment)
    from_middle = mesh.facet_centroids - middle
    height = from_middle @ along
    near_axis = np.linalg.norm(from_middle - np.outer(height, along), axis=1) < _AXIS_MM
    low, high = height[near_axis].min(), height[near_axis].max()
    begin = high + _GAP_MM if high < -low else low - _GAP_MM - _LONGEST_MM
    start = middle + begin * along
    return Arrow(start=start, tip=start + _LONGEST_MM * along, force=0.0, turns=True)


def _facet_forces(mesh: BoneMesh, field: FloatArray, facets: IntArray) -> FloatArray:
    """Return the force on each facet, (n, 3): the mean of a linear field is that of its corners."""
    area = np.linalg.norm(mesh.facet_area_vectors[facets], axis=1)
    return np.asarray(field[mesh.facets[facets]].mean(axis=1) * area[:, None])


def _patches(mesh: BoneMesh, field: FloatArray) -> list[IntArray]:
    """Return the facets of each patch whose facets share points where the field is not zero."""
    is_loaded = np.any(field != 0.0, axis=1)
    facets = np.flatnonzero(is_loaded[mesh.facets].any(axis=1))
    corner = mesh.facets[facets]
    row = np.repeat(np.arange(len(facets)), corner.shape[1])
    joint = is_loaded[corner.ravel()]
    shares = coo_array(
        (np.ones(int(joint.sum())), (row[joint], corner.ravel()[joint])),
        shape=(len(facets), mesh.n_points),
    ).tocsr()
    count, patch = connected_components(shares @ shares.T, directed=False)
    return [facets[patch == k] for k in range(count)]


def _resultant(
    mesh: BoneMesh, field: FloatArray, facets: IntArray
) -> tuple[FloatArray, FloatArray, bool] | None:
    """Return where a patch's force meets the bone, the force, and whether it pushes.

    None if the forces cancel, as those of a couple do. A grip that goes all round pushes and pulls
    alike, and is shown to push.
    """
    vectors, centroids = mesh.facet_area_vectors[facets], mesh.facet_centroids[facets]
    forces = _facet_forces(mesh, field, facets)
    weight = np.linalg.norm(forces, axis=1)
    force = forces.sum(axis=0)
    if np.linalg.norm(force) < _CANCELLED * weight.sum():
        return None
    facing = vectors @ force * weight
    pushes = bool(facing.sum() < _AROUND * np.abs(facing).sum())
    off_centre = centroids - np.average(centroids, axis=0, weights=weight)
    # the centre of a curved patch lies inside the bone: take the facet on the line of action
    distance = np.linalg.norm(np.cross(off_centre, force), axis=1)
    distance[(facing < 0.0) != pushes] = np.inf
    return centroids[np.argmin(distance)], force, pushes


def _arrow(foot: FloatArray, force: FloatArray, pushes: bool, largest: float) -> Arrow:
    magnitude = float(np.linalg.norm(force))
    along = force / magnitude * max(_LONGEST_MM * magnitude / largest, _SHORTEST_MM)
    if pushes:
        return Arrow(start=foot - along, tip=foot, force=magnitude)
    return Arrow(start=foot, tip=foot + along, force=magnitude)
