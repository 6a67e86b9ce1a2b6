"""Facts about tetrahedral meshes."""

import signal
from collections.abc import Callable

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, LabelMask, TriangleSurface
from femur_fea.errors import NotWatertightError
from meshing import measure_quality, mesh_mask
from meshing.handmade import VirtualPatient
from meshing.quality import dihedral_angles, scaled_inverse_condition
from meshing.tetrahedra import fill_with_tetrahedra

REGULAR = np.array([[[1.0, 1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, -1.0, -1.0], [-1.0, -1.0, 1.0]]])
OCTAHEDRON = np.array(
    [[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float
)
OCTAHEDRON_FACES = np.array(
    [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4], [1, 0, 5], [2, 1, 5], [3, 2, 5], [0, 3, 5]]
)


def tetrahedron(corners: np.ndarray) -> BoneMesh:
    return BoneMesh(points=corners, cells=np.arange(4)[None], kind="tet4", side=None)


def condition(corners: np.ndarray) -> float:
    return float(scaled_inverse_condition(corners[None, 1:] - corners[:1], "tet4")[0])


def test_a_cube_is_perfect_and_a_sheared_one_is_not() -> None:
    sheared = np.array([[[1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]])
    assert scaled_inverse_condition(2.5 * np.eye(3)[None], "hex8") == pytest.approx(1.0, rel=1e-12)
    # A with singular values 1.618, 0.618 and 1: |A| |A^-1| = |A|^2 = 4
    assert scaled_inverse_condition(sheared, "hex8") == pytest.approx(0.75, rel=1e-12)


def test_a_regular_tetrahedron_is_perfect() -> None:
    assert condition(REGULAR[0]) == pytest.approx(1.0, rel=1e-12)
    assert dihedral_angles(tetrahedron(REGULAR[0])) == pytest.approx(
        np.arccos(1.0 / 3.0), rel=1e-12
    )


def test_a_corner_of_a_cube_has_three_right_angles() -> None:
    corner = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    angles = np.sort(np.degrees(dihedral_angles(tetrahedron(corner))[0]))
    acute = np.degrees(np.arccos(1.0 / np.sqrt(3.0)))
    assert angles == pytest.approx([acute] * 3 + [90.0] * 3, rel=1e-12)


def test_flattening_a_cell_drives_its_quality_to_zero() -> None:
    assert 0.0 < condition(REGULAR[0] * [1.0, 1.0, 1e-6]) < 1e-5


def test_cells_fill_the_surface_exactly_and_keep_its_triangles() -> None:
    surface = TriangleSurface(points=OCTAHEDRON, triangles=OCTAHEDRON_FACES)
    points, cells = fill_with_tetrahedra(surface, edge_length=1.0)
    edges = points[cells][:, 1:] - points[cells][:, :1]
    assert np.linalg.det(edges).sum() / 6.0 == pytest.approx(4.0 / 3.0, rel=1e-9)


def test_an_open_surface_is_refused() -> None:
    surface = TriangleSurface(points=OCTAHEDRON, triangles=OCTAHEDRON_FACES[1:])
    with pytest.raises(NotWatertightError, match="3 faulty edges"):
        fill_with_tetrahedra(surface, edge_length=1.0)


def test_meshing_twice_gives_the_same_mesh_and_keeps_signal_handlers(
    draw: Callable[..., LabelMask],
) -> None:
    mask = draw(lambda x: np.linalg.norm(x - 30.0, axis=1) < 15.0)
    before = signal.getsignal(signal.SIGINT)
    first, second = (mesh_mask(mask, edge_length=4.0, kind="tet4", side="left") for _ in range(2))
    assert np.array_equal(first.points, second.points)
    assert np.array_equal(first.cells, second.cells)
    assert signal.getsignal(signal.SIGINT) is before


def test_the_virtual_femur_meshes_well(patient: VirtualPatient) -> None:
    mesh = mesh_mask(patient.femur, edge_length=4.0, kind="tet10", side=patient.side)
    quality = measure_quality(mesh, patient.femur)
    assert abs(quality.volume_ratio - 1.0) < 0.03  # the limit set for a faithful mesh
    assert quality.smallest_inverse_condition > 0.1
    assert quality.percentile_1_inverse_condition > 0.3  # as HXT gave on femora before
    assert quality.smallest_dihedral_deg > 5.0
