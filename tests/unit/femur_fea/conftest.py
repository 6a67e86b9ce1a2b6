"""Meshes and frames on which the engine's facts can be worked out by hand."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.spatial import Delaunay

from femur_fea.domain import BoneMesh, FemoralFrame

HEAD_RADIUS = 20.0


@pytest.fixture(scope="session")
def box_mesh() -> Callable[..., BoneMesh]:
    """Build a box of Kuhn tetrahedra: `box_mesh((nx, ny, nz), (lx, ly, lz))`."""

    def build(shape: tuple[int, int, int], size: tuple[float, float, float]) -> BoneMesh:
        axes = [np.linspace(0.0, length, n + 1) for n, length in zip(shape, size, strict=True)]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
        index = np.arange(len(points)).reshape([n + 1 for n in shape])
        paths = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
        cells = []
        for path in paths:
            corner = np.zeros(3, dtype=int)
            corners = [corner.copy()]
            for axis in path:
                corner[axis] += 1
                corners.append(corner.copy())
            cells.append(
                np.stack(
                    [
                        index[
                            c[0] : shape[0] + c[0], c[1] : shape[1] + c[1], c[2] : shape[2] + c[2]
                        ].ravel()
                        for c in corners
                    ],
                    axis=1,
                )
            )
        return _oriented(points, np.concatenate(cells))

    return build


@pytest.fixture(scope="session")
def ball_on_stick() -> tuple[BoneMesh, FemoralFrame]:
    """Return a caricature of a right femur in LPS: a head, a trochanter and a shaft."""
    frame = FemoralFrame(
        origin=np.zeros(3),
        axes=np.array([[-1.0, 0, 0], [0, -1.0, 0], [0, 0, 1.0]]),
        side="right",
        head_radius=HEAD_RADIUS,
        neck_axis=np.array([1.0, 0.0, 1.0]) / np.sqrt(2.0),
        shaft_point=np.array([-40.0, 0.0, -40.0]),
        neck_shaft_angle=np.radians(135.0),
        shaft_length=100.0,
        shaft_reference="shaft",
    )
    grid = np.arange(-152.0, 24.0, 4.0)
    points = np.stack(np.meshgrid(grid, grid, grid, indexing="ij"), axis=-1).reshape(-1, 3)
    x, y, z = points.T
    head = np.linalg.norm(points, axis=1) <= HEAD_RADIUS + 0.1
    along = np.clip(-(x + z) / 2.0, 0.0, 40.0)
    neck = np.sqrt((x + along) ** 2 + y**2 + (z + along) ** 2) <= 15.0
    shaft = (np.hypot(x + 45.0, y) <= 16.0) & (z <= -10.0) & (z >= -140.0)
    inside = points[head | neck | shaft]
    cells = Delaunay(inside + 1e-3 * np.random.default_rng(0).normal(size=inside.shape)).simplices
    edges = inside[cells][:, [0, 0, 0, 1, 1, 2]] - inside[cells][:, [1, 2, 3, 2, 3, 3]]
    compact = np.linalg.norm(edges, axis=2).max(axis=1) < 8.0
    return _oriented(inside, cells[compact]), frame


def _oriented(points: np.ndarray, cells: np.ndarray) -> BoneMesh:
    corner = points[cells]
    volume = np.linalg.det(corner[:, 1:] - corner[:, :1]) / 6.0
    cells = cells[np.abs(volume) > 1e-2 * np.abs(volume).max()]
    flip = np.linalg.det(points[cells][:, 1:] - points[cells][:, :1]) < 0.0
    cells[flip] = cells[flip][:, [0, 2, 1, 3]]
    used, compact = np.unique(cells, return_inverse=True)
    return BoneMesh(
        points=points[used], cells=compact.reshape(cells.shape), kind="tet10", side="right"
    )


def _resultant(mesh: BoneMesh, traction: np.ndarray) -> np.ndarray:
    """Integrate a traction that is linear over each boundary triangle, exactly."""
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)
    return (area[:, None] * traction[mesh.facets].mean(axis=1)).sum(axis=0)


def _moment(mesh: BoneMesh, traction: np.ndarray, about: np.ndarray) -> np.ndarray:
    """Integrate position times traction with the edge-midpoint rule, exact for products."""
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)
    total = np.zeros(3)
    for a, b in ((0, 1), (1, 2), (2, 0)):
        middle = mesh.points[mesh.facets][:, [a, b]].mean(axis=1) - about
        mean = traction[mesh.facets][:, [a, b]].mean(axis=1)
        total += (area[:, None] / 3.0 * np.cross(middle, mean)).sum(axis=0)
    return total


def _mirrored(mesh: BoneMesh, frame: FemoralFrame) -> tuple[BoneMesh, FemoralFrame]:
    flip = np.array([-1.0, 1.0, 1.0])
    left = BoneMesh(
        points=mesh.points * flip, cells=mesh.cells[:, [0, 2, 1, 3]], kind=mesh.kind, side="left"
    )
    return left, FemoralFrame(
        origin=frame.origin * flip,
        axes=frame.axes * flip,
        side="left",
        head_radius=frame.head_radius,
        neck_axis=frame.neck_axis * flip,
        shaft_point=frame.shaft_point * flip,
        neck_shaft_angle=frame.neck_shaft_angle,
        shaft_length=frame.shaft_length,
        shaft_reference=frame.shaft_reference,
    )


@pytest.fixture(scope="session")
def resultant() -> Callable[..., np.ndarray]:
    return _resultant


@pytest.fixture(scope="session")
def moment() -> Callable[..., np.ndarray]:
    return _moment


@pytest.fixture(scope="session")
def mirrored() -> Callable[..., tuple[BoneMesh, FemoralFrame]]:
    return _mirrored
