"""A femur-like solid of capsules, in voxels cut into tetrahedra, and its mirror image."""

from itertools import permutations
from typing import NamedTuple

import numpy as np
import pytest

from femur_fea.domain import (
    BoneMesh,
    ElementKind,
    FemoralFrame,
    FloatArray,
    IntArray,
    LoadCase,
    Side,
)

HEAD_RADIUS = 22.0
SHAFT_X = 45.0
FLOOR_Z = -110.0
VOXEL = 5.0
START = np.array([-30.0, -30.0, -115.0])
# corners that span a cell from its first one, and its corners in an order that turns it inside out
SPANNING: dict[ElementKind, list[int]] = {"tet4": [1, 2, 3], "hex8": [1, 3, 4]}
TURNED: dict[ElementKind, list[int]] = {
    "tet4": [0, 2, 1, 3],
    "hex8": [1, 0, 3, 2, 5, 4, 7, 6],
}


class Bone(NamedTuple):
    """A mesh with its frame."""

    mesh: BoneMesh
    frame: FemoralFrame


def _distance_to_segment(points: FloatArray, a: FloatArray, b: FloatArray) -> FloatArray:
    share = np.clip((points - a) @ (b - a) / ((b - a) @ (b - a)), 0.0, 1.0)
    return np.linalg.norm(points - a - share[:, None] * (b - a), axis=1)


def _inside(points: FloatArray) -> FloatArray:
    head = np.zeros(3)
    base = np.array([SHAFT_X, 0.0, -35.0])
    foot = np.array([SHAFT_X, 0.0, FLOOR_Z - 30.0])
    trochanter = np.array([SHAFT_X + 8.0, 0.0, -12.0])
    parts = (
        _distance_to_segment(points, head, head + 1e-9) < HEAD_RADIUS,
        _distance_to_segment(points, head, base) < 14.0,
        _distance_to_segment(points, base, foot) < 15.0,
        _distance_to_segment(points, base, trochanter) < 14.0,
    )
    return np.any(parts, axis=0) & (points[:, 2] > FLOOR_Z)


def _voxels() -> IntArray:
    """Return the indices of the voxels inside, shape (n, 3)."""
    voxels = np.argwhere(np.ones((21, 12, 29), dtype=bool))
    return voxels[_inside(START + VOXEL * (voxels + 0.5))]


def _hexahedra() -> tuple[FloatArray, IntArray]:
    """Return points and cells in the frame, one cell a voxel."""
    square = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])
    brick = np.concatenate([square, square + np.array([0, 0, 1])])
    cells = _voxels()[:, None] + brick
    corners, index = np.unique(cells.reshape(-1, 3), axis=0, return_inverse=True)
    return START + VOXEL * corners, index.reshape(-1, 8)


def _tetrahedra() -> tuple[FloatArray, IntArray]:
    """Return points and cells in the frame; each voxel is cut into six (Kuhn)."""
    voxels = _voxels()
    cells = []
    for order in permutations(range(3)):
        steps = np.zeros((4, 3), dtype=int)
        for k, axis in enumerate(order):
            steps[k + 1 :, axis] += 1
        cells.append(voxels[:, None] + steps)
    corners, index = np.unique(np.concatenate(cells).reshape(-1, 3), axis=0, return_inverse=True)
    return START + VOXEL * corners, index.reshape(-1, 4)


def _build(side: Side, kind: ElementKind) -> Bone:
    points, cells = _hexahedra() if kind == "hex8" else _tetrahedra()
    lateral = -1.0 if side == "right" else 1.0
    turn = np.radians(12.0) * -lateral
    x = np.array([lateral * np.cos(turn), -np.sin(turn) * lateral, 0.0])
    z = np.array([0.0, 0.0, 1.0])
    y = np.cross(z, x) * (1.0 if side == "right" else -1.0)
    neck = np.array([-SHAFT_X, 0.0, 35.0]) / np.hypot(SHAFT_X, 35.0)
    axes = np.stack((x, y, z))
    origin = np.array([80.0 * lateral, 15.0, -400.0])
    frame = FemoralFrame(
        origin=origin,
        axes=axes,
        side=side,
        head_radius=HEAD_RADIUS,
        neck_axis=neck @ axes,
        shaft_point=np.array([SHAFT_X, 0.0, -35.0]) @ axes + origin,
        neck_shaft_angle=np.radians(128.0),
        shaft_length=75.0,
        shaft_reference="shaft",
    )
    world = frame.to_world(points)
    corner = world[cells]
    inverted = np.linalg.det(corner[:, SPANNING[kind]] - corner[:, :1]) < 0.0
    cells[inverted] = cells[inverted][:, TURNED[kind]]
    return Bone(BoneMesh(points=world, cells=cells, kind=kind, side=side), frame)


@pytest.fixture(scope="session")
def bone() -> Bone:
    """A right femur."""
    return _build("right", "tet4")


@pytest.fixture(scope="session")
def mirrored_bone() -> Bone:
    """The left femur that is its mirror image, cell by cell."""
    return _build("left", "tet4")


@pytest.fixture(scope="session")
def voxel_bone() -> Bone:
    """The right femur in voxels that are not cut."""
    return _build("right", "hex8")


@pytest.fixture(scope="session")
def stance(bone: Bone) -> LoadCase:
    """A push of 1000 N on top of the head and a smaller pull on the trochanter; foot held."""
    mesh, frame = bone
    local = frame.to_frame(mesh.points)
    corner = np.unique(mesh.facets)
    surface = np.zeros(mesh.n_points, dtype=bool)
    surface[corner] = True
    cap = surface & (local[:, 2] > 0.7 * HEAD_RADIUS) & (local[:, 0] < 20.0)
    pulled = surface & (local[:, 0] > SHAFT_X + 14.0) & (local[:, 2] > -30.0)
    traction = np.zeros((mesh.n_points, 3))
    traction[cap] = frame.direction_to_world(np.array([0.0, 0.0, -1.0]))
    traction[pulled] = frame.direction_to_world(np.array([0.2, 0.0, 0.1]))
    held = local[:, 2] < FLOOR_Z + 10.0
    return LoadCase.on_fixed_points(
        name="stance", traction=traction, fixed=held, magnitude=1000.0, excluded=held | cap
    )
