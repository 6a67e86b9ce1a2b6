"""Bone meshes with their fields as XDMF, the other format that ParaView reads.

The XML file says where each array lies in a binary file beside it (XDMF 3.0, format Binary:
https://www.xdmf.org/index.php/XDMF_Model_and_Format). HDF5 would need one more library.
ParaView and VTK read it. meshio 5.3 does not: its reader of XDMF needs h5py, knows no Time, takes
names relative to the working directory and ignores Seek; VTU is there for it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent

import numpy as np

from femur_fea.domain import BoneMesh
from femur_fea.io.atomic import atomic_path
from femur_fea.io.fields import AnyArray, stored_fields

__all__ = ["write_xdmf"]

_TOPOLOGY = {"tet4": "Tetrahedron", "tet10": "Tetrahedron", "hex8": "Hexahedron"}
_NUMBER = {"f": "Float", "i": "Int", "u": "UChar"}
_VOIGT = ("xx", "yy", "zz", "yz", "xz", "xy")


def write_xdmf(
    path: Path,
    mesh: BoneMesh,
    *,
    point_data: Mapping[str, AnyArray] | None = None,
    cell_data: Mapping[str, AnyArray] | None = None,
) -> None:
    """Write a mesh as XDMF, its arrays into a file of the same name that ends in .bin.

    Parameters
    ----------
    path : Path
        File name that ends in .xdmf.
    mesh : BoneMesh
        The mesh, LPS, mm; cells are written on their corners.
    point_data : mapping of (n_points,) or (n_points, c), optional
        Fields on the points; booleans are stored as 0 and 1. Fields of one and three components
        are scalars and vectors; of any other number, one scalar for each, by Voigt names if six.
    cell_data : mapping of (n_cells,) or (n_cells, c), optional
        Fields on the cells, likewise.

    Raises
    ------
    ShapeError
        If a field does not fit the mesh.
    DiskSpaceError
        If the disk is full.
    """
    on_points = stored_fields(point_data, mesh.n_points)
    on_cells = stored_fields(cell_data, mesh.n_cells)
    root = Element("Xdmf", Version="3.0")
    grid = SubElement(SubElement(root, "Domain"), "Grid", Name="bone", GridType="Uniform")
    SubElement(grid, "Time", Value="0")  # PyVista asks for one
    heavy = path.with_suffix(".bin")
    with atomic_path(heavy) as temporary, temporary.open("wb") as file:
        kind, count = _TOPOLOGY[mesh.kind], str(mesh.n_cells)
        topology = SubElement(grid, "Topology", TopologyType=kind, NumberOfElements=count)
        _add(topology, mesh.cells.astype("<i8"), file, heavy.name)
        _add(SubElement(grid, "Geometry", GeometryType="XYZ"), mesh.points, file, heavy.name)
        for centre, fields in (("Node", on_points), ("Cell", on_cells)):
            for name, array in _readable(fields):
                of = "Vector" if array.ndim == 2 else "Scalar"
                attribute = SubElement(
                    grid, "Attribute", Name=name, AttributeType=of, Center=centre
                )
                _add(attribute, array, file, heavy.name)
    with atomic_path(path) as temporary:
        indent(root)
        ElementTree(root).write(temporary, encoding="utf-8", xml_declaration=True)


def _readable(fields: Mapping[str, AnyArray]) -> Iterator[tuple[str, AnyArray]]:
    """Yield scalars and vectors; readers of XDMF do not agree on anything else."""
    for name, array in fields.items():
        if array.ndim == 1 or array.shape[1] == 3:
            yield name, array
            continue
        n = array.shape[1]
        names = _VOIGT if n == len(_VOIGT) else tuple(str(k) for k in range(n))
        for component, column in zip(names, array.T, strict=True):
            yield f"{name}_{component}", column


def _add(parent: Element, array: AnyArray, file: BinaryIO, name: str) -> None:
    """Append an array to the binary file and say below `parent` where it lies."""
    item = SubElement(
        parent,
        "DataItem",
        Dimensions=" ".join(str(n) for n in array.shape),
        NumberType=_NUMBER[array.dtype.kind],
        Precision=str(array.dtype.itemsize),
        Format="Binary",
        Endian="Little",
        Seek=str(file.tell()),
    )
    item.text = name
    little = array.dtype.newbyteorder("<")
    file.write(np.ascontiguousarray(array, dtype=little).tobytes())
