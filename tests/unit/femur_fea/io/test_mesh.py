"""Meshes on disk."""

from pathlib import Path

import meshio
import numpy as np
import pytest
import pyvista as pv

from femur_fea.domain import BoneMesh
from femur_fea.errors import MeshError, MissingInputError, ShapeError
from femur_fea.io import read_mesh, write_mesh


def bone() -> BoneMesh:
    """Return five tetrahedra that fill a box, moved a little."""
    corners = np.array([[x, y, z] for z in (0, 2) for y in (0, 1) for x in (0, 3)], dtype=float)
    corners += np.random.default_rng(0).normal(0.0, 0.05, corners.shape)
    cells = np.array([[0, 1, 2, 4], [3, 2, 1, 7], [5, 1, 4, 7], [6, 2, 7, 4], [1, 2, 4, 7]])
    return BoneMesh(points=corners, cells=cells, kind="tet10", side="left")


def test_a_mesh_and_its_fields_are_read_back_to_the_last_digit(tmp_path: Path) -> None:
    mesh = bone()
    rng = np.random.default_rng(1)
    points = {"u_mm": rng.random((8, 3)), "is_fixed": rng.random(8) > 0.5}
    cells = {"strain": rng.random((5, 6)), "E_MPa": np.array([1.0, np.nan, 3.0, 4.0, 5.0])}
    write_mesh(tmp_path / "bone.vtu", mesh, point_data=points, cell_data=cells)
    file = read_mesh(tmp_path / "bone.vtu", kind="tet10", side="left")
    np.testing.assert_array_equal(file.mesh.points, mesh.points)
    np.testing.assert_array_equal(file.mesh.cells, mesh.cells)
    np.testing.assert_array_equal(file.mesh.facets, mesh.facets)
    assert (file.mesh.kind, file.mesh.side) == ("tet10", "left")
    for name, array in points.items():
        np.testing.assert_array_equal(file.point_data[name], array)
    for name, array in cells.items():
        np.testing.assert_array_equal(file.cell_data[name], array)


def bricks() -> BoneMesh:
    """Return two sheared bricks, one on the other."""
    layer = np.array([[0.0, 0, 0], [2, 0.5, 0], [2.2, 3, 0.4], [0.2, 2.5, 0.4]])
    points = np.concatenate([layer + k * np.array([0.3, 0.1, 1.5]) for k in range(3)])
    cells = np.array([[0, 1, 2, 3, 4, 5, 6, 7], [4, 5, 6, 7, 8, 9, 10, 11]])
    return BoneMesh(points=points, cells=cells, kind="hex8", side=None)


def test_hexahedra_of_any_bone_are_read_back(tmp_path: Path) -> None:
    mesh = bricks()
    write_mesh(tmp_path / "bone.vtu", mesh)
    read = read_mesh(tmp_path / "bone.vtu", kind="hex8", side=None).mesh
    np.testing.assert_array_equal(read.points, mesh.points)
    np.testing.assert_array_equal(read.cells, mesh.cells)
    assert (read.kind, read.side) == ("hex8", None)


def test_vtk_finds_the_volume_of_hexahedra(tmp_path: Path) -> None:
    mesh = bricks()
    write_mesh(tmp_path / "bone.vtu", mesh)
    sizes = pv.read(tmp_path / "bone.vtu").compute_cell_sizes()
    np.testing.assert_allclose(sizes.cell_data["Volume"], mesh.cell_volumes, rtol=1e-12)


def test_hexahedra_are_not_read_as_tetrahedra(tmp_path: Path) -> None:
    write_mesh(tmp_path / "bone.vtu", bricks())
    with pytest.raises(MeshError, match="hexahedron"):
        read_mesh(tmp_path / "bone.vtu", kind="tet10", side="left")


def test_vtk_reads_the_same_mesh(tmp_path: Path) -> None:
    mesh = bone()
    write_mesh(tmp_path / "bone.vtu", mesh, cell_data={"E_MPa": np.arange(5.0)})
    grid = pv.read(tmp_path / "bone.vtu")
    np.testing.assert_array_equal(np.asarray(grid.points), mesh.points)
    np.testing.assert_array_equal(grid.cells_dict[pv.CellType.TETRA], mesh.cells)
    np.testing.assert_array_equal(grid.cell_data["E_MPa"], np.arange(5.0))


def test_a_field_that_does_not_fit_the_mesh_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match="strain"):
        write_mesh(tmp_path / "a.vtu", bone(), cell_data={"strain": np.zeros((5, 4, 6))})
    with pytest.raises(ShapeError, match="u_mm"):
        write_mesh(tmp_path / "a.vtu", bone(), point_data={"u_mm": np.zeros((7, 3))})
    assert not list(tmp_path.iterdir())


def test_a_missing_mesh_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingInputError, match=r"bone\.vtu"):
        read_mesh(tmp_path / "bone.vtu", kind="tet4", side="left")


@pytest.mark.parametrize("kept", [0.0, 0.1, 0.5, 0.9])
def test_a_truncated_mesh_is_refused(
    kept: float, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bone.vtu"
    write_mesh(path, bone(), cell_data={"E_MPa": np.arange(5.0)})
    raw = path.read_bytes()
    path.write_bytes(raw[: int(kept * len(raw))])
    with pytest.raises(MeshError, match="cannot be read"):
        read_mesh(path, kind="tet4", side="left")
    assert capfd.readouterr() == ("", "")


def test_other_cells_than_tetrahedra_are_refused(tmp_path: Path) -> None:
    mesh = bone()
    other = meshio.Mesh(mesh.points, [("triangle", mesh.facets)])
    meshio.vtu.write(tmp_path / "surface.vtu", other)
    with pytest.raises(MeshError, match="triangle"):
        read_mesh(tmp_path / "surface.vtu", kind="tet4", side="left")
