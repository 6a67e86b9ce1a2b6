"""Bone meshes with their fields as VTU, which ParaView and PyVista read."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np

from femur_fea.domain import BoneMesh, ElementKind, Side
from femur_fea.errors import MeshError, MissingInputError
from femur_fea.io.atomic import atomic_path
from femur_fea.io.fields import AnyArray, stored_fields

__all__ = ["MeshFile", "read_mesh", "write_mesh"]

# what VTK calls the cells by their corners, as meshio writes it
_VTK_CELL = {"tet4": "tetra", "tet10": "tetra", "hex8": "hexahedron"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeshFile:
    """A mesh and the fields stored with it.

    Attributes
    ----------
    mesh : BoneMesh
        The mesh.
    point_data : mapping of (n_points,) or (n_points, c)
        Fields on the points, by name; names carry the unit.
    cell_data : mapping of (n_cells,) or (n_cells, c)
        Fields on the cells, by name.
    """

    mesh: BoneMesh
    point_data: Mapping[str, AnyArray]
    cell_data: Mapping[str, AnyArray]


def write_mesh(
    path: Path,
    mesh: BoneMesh,
    *,
    point_data: Mapping[str, AnyArray] | None = None,
    cell_data: Mapping[str, AnyArray] | None = None,
) -> None:
    """Write a mesh as compressed binary VTU, whole or not at all.

    Cells are written as linear tetrahedra or hexahedra on their corners, and the boundary is not
    stored: mid-edge nodes and facets follow from what is.

    Parameters
    ----------
    path : Path
        File name that ends in .vtu.
    mesh : BoneMesh
        The mesh, LPS, mm.
    point_data : mapping of (n_points,) or (n_points, c), optional
        Fields on the points; booleans are stored as 0 and 1.
    cell_data : mapping of (n_cells,) or (n_cells, c), optional
        Fields on the cells.

    Raises
    ------
    ShapeError
        If a field does not fit the mesh.
    DiskSpaceError
        If the disk is full.
    """
    import meshio

    cells = stored_fields(cell_data, mesh.n_cells)
    content = meshio.Mesh(
        mesh.points,
        [(_VTK_CELL[mesh.kind], mesh.cells.astype(np.int64))],
        point_data=stored_fields(point_data, mesh.n_points),
        cell_data={name: [array] for name, array in cells.items()},
    )
    # VTK's own writer crashes on a full disk; this one raises the system's error
    with atomic_path(path) as temporary:
        meshio.vtu.write(temporary, content, binary=True, compression="zlib")


def read_mesh(path: Path, *, kind: ElementKind, side: Side | None) -> MeshFile:
    """Read a mesh and its fields from VTU.

    Parameters
    ----------
    path : Path
        File name.
    kind : {"tet10", "tet4", "hex8"}
        The element; the file does not hold the order of the displacement.
    side : {"left", "right"} or None
        Which femur; None for any other bone.

    Raises
    ------
    MissingInputError
        If there is no such file.
    MeshError
        If the file is no VTU, or holds other cells than those of `kind`.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingInputError(
            found=f"no file {path.name!r}", expected="a mesh as .vtu", remedy="check the path"
        )
    content = _load(path)
    kinds = [block.type for block in content.cells]
    if kinds != [_VTK_CELL[kind]]:
        raise MeshError(
            found=f"{path.name!r} with cells of type {', '.join(kinds) or 'none'}",
            expected=f"cells of type {_VTK_CELL[kind]} only, on their corners",
            remedy="give the bone.vtu of a run, or convert the mesh",
        )
    return MeshFile(
        mesh=BoneMesh(points=content.points, cells=content.cells[0].data, kind=kind, side=side),
        point_data=dict(content.point_data),
        cell_data={name: blocks[0] for name, blocks in content.cell_data.items()},
    )


def _load(path: Path) -> Any:
    import meshio

    # meshio.read would print and leave the process; its VTU reader raises
    try:
        return meshio.vtu.read(path)
    except (meshio.ReadError, ParseError, ValueError, KeyError, AttributeError, zlib.error):
        raise MeshError(
            found=f"{path.name!r} cannot be read as VTU",
            expected="a complete unstructured grid of VTK",
            remedy="copy or write the file again",
        ) from None
