"""Load arrows: where a load case pushes or pulls, and how hard."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from femur_fea.domain import BoneMesh, FloatArray, IntArray, LoadCase

__all__ = ["Arrow", "load_arrows"]

_LONGEST_MM = 32.0
_SHORTEST_MM = 14.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arrow:
    """The resultant of one loaded patch.

    Attributes
    ----------
    start, tip : (3,), mm
        Ends of the arrow, LPS. A push ends on the bone, a pull starts there.
    force : float, N
        Magnitude of the resultant.
    """

    start: FloatArray
    tip: FloatArray
    force: float


def load_arrows(mesh: BoneMesh, load: LoadCase) -> tuple[Arrow, ...]:
    """Return one arrow for each connected patch of the surface that carries traction.

    The longest arrow stands for the largest resultant; the others are in proportion, down to a
    length that can still be seen.
    """
    patches = [_resultant(mesh, load, facets) for facets in _loaded_patches(mesh, load)]
    largest = max(float(np.linalg.norm(force)) for _, force, _ in patches)
    return tuple(_arrow(*patch, largest) for patch in patches if np.any(patch[1]))


def _loaded_patches(mesh: BoneMesh, load: LoadCase) -> list[IntArray]:
    """Return the facets of each patch whose facets share loaded points."""
    is_loaded = np.any(load.traction != 0.0, axis=1)
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
    mesh: BoneMesh, load: LoadCase, facets: IntArray
) -> tuple[FloatArray, FloatArray, bool]:
    """Return where a patch's force meets the bone, the force, and whether it pushes."""
    vectors, centroids = mesh.facet_area_vectors[facets], mesh.facet_centroids[facets]
    # the mean of a linear or bilinear traction over a facet is that of its corners
    forces = load.traction[mesh.facets[facets]].mean(axis=1)
    forces *= np.linalg.norm(vectors, axis=1)[:, None]
    weight = np.linalg.norm(forces, axis=1)
    force = forces.sum(axis=0)
    off_centre = centroids - np.average(centroids, axis=0, weights=weight)
    # the centre of a curved patch lies inside the bone: take the facet on the line of action
    distance = np.linalg.norm(np.cross(off_centre, force), axis=1)
    pushes = bool(force @ (vectors * weight[:, None]).sum(axis=0) < 0.0)
    return centroids[np.argmin(distance)], force, pushes


def _arrow(foot: FloatArray, force: FloatArray, pushes: bool, largest: float) -> Arrow:
    magnitude = float(np.linalg.norm(force))
    along = force / magnitude * max(_LONGEST_MM * magnitude / largest, _SHORTEST_MM)
    if pushes:
        return Arrow(start=foot - along, tip=foot, force=magnitude)
    return Arrow(start=foot, tip=foot + along, force=magnitude)
