"""The surface that the model is registered to, as points with normals."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoolArray, FloatArray, IntArray, TriangleSurface
from femur_fea.errors import OutOfRangeError
from meshing.shape.cut import border_points, find_flat_ends

__all__ = ["Target", "point_normals", "prepare_target"]

_SPACING = 1.5  # mm between samples, at most about
_MOST_SAMPLES = 30000
_RIM = 4.0  # mm from the cut within which a sample is its rim: smoothed masks are round there
_LEAST_AREA = 3000.0  # mm2; a proximal femur cut at the lesser trochanter has 12 000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """Samples of a bone's surface, without the faces by which a scan cuts it.

    Attributes
    ----------
    surface : TriangleSurface
        The surface without its flat ends.
    points, normals : (m, 3)
        Samples, mm, and outward unit normals.
    rim : (m,)
        Whether a sample lies next to a cut, beyond which the bone goes on unseen.
    tree : cKDTree
        Of the samples.
    """

    surface: TriangleSurface
    points: FloatArray
    normals: FloatArray
    rim: BoolArray
    tree: cKDTree

    def thinned(self, n: int) -> IntArray:
        """Return the indices of about `n` samples, evenly over the surface."""
        return np.arange(0, len(self.points), max(1, len(self.points) // n))


def prepare_target(surface: TriangleSurface) -> Target:
    """Return the samples of a surface, closed or open.

    Raises
    ------
    OutOfRangeError
        If there is too little surface for a femur.
    """
    flat = find_flat_ends(surface)
    kept = surface.triangles[~flat]
    if len(kept) == 0 or TriangleSurface(points=surface.points, triangles=kept).area < _LEAST_AREA:
        raise OutOfRangeError(
            found=f"a surface of {surface.area:.0f} mm2, flat ends included",
            expected=f"at least {_LEAST_AREA:.0f} mm2 of a femur",
            remedy="check the unit of the file, mm, and what was segmented",
        )
    skin = TriangleSurface(points=surface.points, triangles=kept)
    points, normals = _samples(skin)
    return Target(
        surface=skin,
        points=points,
        normals=normals,
        rim=_next_to(surface.points[border_points(kept)], points),
        tree=cKDTree(points),
    )


def _next_to(border: FloatArray, points: FloatArray) -> BoolArray:
    if len(border) == 0:
        return np.zeros(len(points), dtype=bool)
    return np.asarray(cKDTree(border).query(points)[0] < _RIM)


def _samples(surface: TriangleSurface) -> tuple[FloatArray, FloatArray]:
    """Return points and normals, each in the middle of an equal part of a triangle."""
    corners = surface.points[surface.triangles]
    normals = point_normals(surface)[surface.triangles]
    longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
    parts = np.maximum(1, np.ceil(longest / _SPACING)).astype(int)
    found: list[tuple[FloatArray, FloatArray]] = []
    for n in np.unique(parts):
        share, chosen = _middles(int(n)), parts == n
        found.append(
            (
                np.einsum("sc,tcx->tsx", share, corners[chosen]).reshape(-1, 3),
                np.einsum("sc,tcx->tsx", share, normals[chosen]).reshape(-1, 3),
            )
        )
    points, facing = (np.vstack(part) for part in zip(*found, strict=True))
    stride = 1 + len(points) // _MOST_SAMPLES
    points, facing = points[::stride], facing[::stride]
    return points, facing / np.maximum(np.linalg.norm(facing, axis=1), 1e-12)[:, None]


def _middles(n: int) -> FloatArray:
    """Return the corner shares of the middles of the n^2 equal parts of a triangle, (n^2, 3)."""
    upright = [(i + 1 / 3, j + 1 / 3) for i in range(n) for j in range(n - i)]
    turned = [(i + 2 / 3, j + 2 / 3) for i in range(n - 1) for j in range(n - 1 - i)]
    first = np.array(upright + turned) / n
    return np.column_stack([first, 1.0 - first.sum(axis=1)])


def point_normals(surface: TriangleSurface) -> FloatArray:
    """Return the unit normal at every point: the mean of its triangles' by area, (n, 3)."""
    total = np.zeros((surface.n_points, 3))
    for corner in surface.triangles.T:
        for axis in range(3):
            total[:, axis] += np.bincount(
                corner, weights=surface.area_vectors[:, axis], minlength=surface.n_points
            )
    return total / np.maximum(np.linalg.norm(total, axis=1), 1e-12)[:, None]
