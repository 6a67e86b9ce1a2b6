"""Fields as XDMF."""

from pathlib import Path

import numpy as np
import pytest
import pyvista as pv

from femur_fea.domain import BoneMesh, ElementKind
from femur_fea.errors import ShapeError
from femur_fea.io import write_xdmf


def bone(kind: ElementKind) -> BoneMesh:
    """Return a sheared brick, whole or as the tetrahedra of two opposite corners."""
    layer = np.array([[0.0, 0, 0], [2, 0.5, 0], [2.2, 3, 0.4], [0.2, 2.5, 0.4]])
    points = np.concatenate([layer, layer + np.array([0.3, 0.1, 1.5])])
    cells = np.arange(8)[None] if kind == "hex8" else np.array([[0, 1, 3, 4], [6, 5, 7, 2]])
    return BoneMesh(points=points, cells=cells, kind=kind, side=None)


@pytest.mark.parametrize(("kind", "cell"), [("tet10", "TETRA"), ("hex8", "HEXAHEDRON")])
def test_vtk_reads_mesh_and_fields_to_the_last_digit(
    tmp_path: Path, kind: ElementKind, cell: str
) -> None:
    mesh, rng = bone(kind), np.random.default_rng(0)
    u, E = rng.random((8, 3)), rng.random(mesh.n_cells).astype(np.float32)
    strain, is_fixed = rng.random((mesh.n_cells, 6)), rng.random(8) > 0.5
    write_xdmf(
        tmp_path / "field.xdmf",
        mesh,
        point_data={"u_mm": u, "is_fixed": is_fixed},
        cell_data={"E_MPa": E, "strain": strain, "number": np.arange(mesh.n_cells)},
    )
    grid = pv.read(tmp_path / "field.xdmf")
    np.testing.assert_array_equal(np.asarray(grid.points), mesh.points)
    np.testing.assert_array_equal(grid.cells_dict[pv.CellType[cell]], mesh.cells)
    np.testing.assert_array_equal(grid.point_data["u_mm"], u)
    np.testing.assert_array_equal(grid.point_data["is_fixed"], is_fixed)
    np.testing.assert_array_equal(grid.cell_data["E_MPa"], E)
    np.testing.assert_array_equal(grid.cell_data["number"], np.arange(mesh.n_cells))
    for column, name in enumerate(("xx", "yy", "zz", "yz", "xz", "xy")):
        np.testing.assert_array_equal(grid.cell_data[f"strain_{name}"], strain[:, column])


def test_arrays_lie_in_one_file_beside_it(tmp_path: Path) -> None:
    write_xdmf(tmp_path / "field.xdmf", bone("hex8"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["field.bin", "field.xdmf"]


def test_a_field_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match="u_mm"):
        write_xdmf(tmp_path / "field.xdmf", bone("hex8"), point_data={"u_mm": np.zeros((7, 3))})
    assert not list(tmp_path.iterdir())
