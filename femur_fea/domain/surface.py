"""Closed triangle surfaces."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import FloatArray, IntArray, check_finite, check_shape, read_only
from femur_fea.errors import OutOfRangeError

__all__ = ["TriangleSurface", "point_areas"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TriangleSurface:
    """A surface made of triangles; closed or not, see `is_closed`.

    Attributes
    ----------
    points : (n_points, 3), mm
        Corners of the triangles, LPS.
    triangles : (n_triangles, 3)
        Indices of each triangle's corners, counter-clockwise from outside.
    """

    points: FloatArray
    triangles: IntArray

    def __post_init__(self) -> None:
        points = np.asarray(self.points, dtype=float)
        check_shape("points", points, (None, 3))
        check_shape("triangles", self.triangles, (None, 3))
        check_finite("points", points)
        _check_indices(self.triangles, len(points))
        object.__setattr__(self, "points", read_only(points))
        object.__setattr__(self, "triangles", read_only(np.asarray(self.triangles)))

    @property
    def n_points(self) -> int:
        """Number of corners."""
        return len(self.points)

    @property
    def n_triangles(self) -> int:
        """Number of triangles."""
        return len(self.triangles)

    @property
    def centroids(self) -> FloatArray:
        """Centroid of every triangle, shape (n_triangles, 3), mm."""
        return np.asarray(self.points[self.triangles].mean(axis=1))

    @property
    def area_vectors(self) -> FloatArray:
        """Outward normal times area of every triangle, shape (n_triangles, 3), mm2."""
        corner = self.points[self.triangles]
        return np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]) / 2.0

    @property
    def area(self) -> float:
        """Area of all triangles, mm2."""
        return float(np.linalg.norm(self.area_vectors, axis=1).sum())

    @property
    def volume(self) -> float:
        """Enclosed volume, mm3; negative when the triangles face inwards."""
        # divergence theorem about the centroid, which keeps round-off small far from the origin
        arms = self.centroids - self.points.mean(axis=0)
        return float(np.einsum("ij,ij->", arms, self.area_vectors) / 3.0)

    @property
    def n_faulty_edges(self) -> int:
        """Number of edges not shared by exactly two triangles that run along it oppositely."""
        start = self.triangles
        end = np.roll(self.triangles, -1, axis=1)
        n = max(self.n_points, 1)
        forward = (start.astype(np.int64) * n + end).ravel()
        backward = (end.astype(np.int64) * n + start).ravel()
        directed, count = np.unique(forward, return_counts=True)
        lonely = np.setdiff1d(backward, directed, assume_unique=False).size
        return int(lonely + np.count_nonzero(count > 1))

    @property
    def is_closed(self) -> bool:
        """Whether every edge joins exactly two triangles of one orientation."""
        return self.n_triangles > 0 and self.n_faulty_edges == 0


def point_areas(facets: IntArray, area_vectors: FloatArray, n_points: int) -> FloatArray:
    """Return the area that belongs to each point, (n_points,), mm2.

    It is a third of that of its triangles, or a fourth of that of its parallelograms: the integral
    of the function that is linear, or bilinear, on each and 1 at the point.

    Parameters
    ----------
    facets : (n_facets, 3 or 4)
        Corners of the triangles or parallelograms.
    area_vectors : (n_facets, 3), mm2
        Normal times area of each.
    n_points : int
        Number of points, of which some may belong to no facet.
    """
    n_corners = facets.shape[1]
    share = np.linalg.norm(area_vectors, axis=1) / n_corners
    areas = np.bincount(facets.ravel(), weights=np.repeat(share, n_corners), minlength=n_points)
    return areas.astype(float)


def _check_indices(triangles: IntArray, n_points: int) -> None:
    if triangles.size == 0 or triangles.min() < 0 or triangles.max() >= n_points:
        raise OutOfRangeError(
            found=f"{len(triangles)} triangles that refer to points outside 0 to {n_points - 1}"
            if triangles.size
            else "a surface without triangles",
            expected="triangles whose corners are rows of points",
            remedy="check how the surface was read or made",
        )
