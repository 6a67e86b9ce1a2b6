"""Input files of FEBio, version 4.0 of its format.

The format is that of the FEBio user manual (https://febio.org, file format 4.0). FEBio separates
lists by commas: blanks would lose numbers without a message.
"""

from pathlib import Path
from typing import TextIO

import numpy as np

from femur_fea.domain import FloatArray, IntArray
from femur_fea.errors import AnisotropyError
from femur_fea.io.atomic import atomic_path
from femur_fea.io.export.model import ExportModel, describe

__all__ = ["write_feb"]

_REAL = "%.12e"

_HEAD = """<?xml version="1.0" encoding="ISO-8859-1"?>
<febio_spec version="4.0">
"""

_CONTROL = """<Module type="solid"/>
<Control>
<analysis>STATIC</analysis>
<time_steps>1</time_steps>
<step_size>1</step_size>
<solver type="solid">
<symmetric_stiffness>symmetric</symmetric_stiffness>
</solver>
</Control>
"""

_SUPPORT = """<bc name="fixed" type="zero displacement" node_set="fixed">
<x_dof>1</x_dof>
<y_dof>1</y_dof>
<z_dof>1</z_dof>
</bc>
"""

_PRESCRIBED = """<bc name="prescribed_{axis}" type="prescribed displacement"
 node_set="prescribed_{axis}">
<dof>{axis}</dof>
<value lc="1" type="map">way_{axis}</value>
<relative>0</relative>
</bc>
"""

_LOAD = """<Loads>
<nodal_load name="load" type="nodal_force" node_set="loaded">
<value lc="1" type="map">force</value>
</nodal_load>
</Loads>
"""

_END = """<LoadData>
<load_controller id="1" name="ramp" type="loadcurve">
<interpolate>LINEAR</interpolate>
<points>
<pt>0,0</pt>
<pt>1,1</pt>
</points>
</load_controller>
</LoadData>
<Output>
<plotfile type="febio">
<var type="displacement"/>
<var type="stress"/>
</plotfile>
<logfile>
<node_data data="ux;uy;uz" delim=","/>
</logfile>
</Output>
</febio_spec>
"""


def write_feb(path: Path, model: ExportModel) -> None:
    """Write a model for FEBio 4, in ASCII, whole or not at all.

    Node n is row n - 1 of `model.nodes`, element n is row n - 1 of `model.cells`. FEBio has no
    linear kinematics: its solution approaches the linear one as the load falls.

    Parameters
    ----------
    path : Path
        File name that ends in .feb.
    model : ExportModel
        From `export_model`.

    Raises
    ------
    DiskSpaceError
        If the disk is full.
    AnisotropyError
        If the cortex has a direction, which is not written for FEBio.
    """
    _check_isotropic(model)
    with atomic_path(path) as temporary, temporary.open("w", encoding="ascii") as file:
        file.write(_HEAD)
        file.writelines(f"<!-- {line} -->\n" for line in describe(model))
        file.write(
            "<!-- FEBio's strain is finite: scale the load curve down to compare with a linear"
            " solution. -->\n"
        )
        file.write(_CONTROL)
        _write_materials(file, model)
        _write_mesh(file, model)
        _write_domains(file, model)
        _write_maps(file, model)
        _write_boundary(file, model)
        if len(model.loaded):
            file.write(_LOAD)
        file.write(_END)


def _check_isotropic(model: ExportModel) -> None:
    if model.cortex is not None:
        raise AnisotropyError(
            found=f"a transversely isotropic cortex in {int(model.cortex.cells.sum())} cells",
            expected="an isotropic bone: no direction is written for FEBio",
            remedy="export for CalculiX, or use an isotropic cortex",
        )


def _write_materials(file: TextIO, model: ExportModel) -> None:
    file.write("<Material>\n")
    for number, E in enumerate(model.materials.E_modulus, start=1):
        file.write(
            f'<material id="{number}" name="material{number}" type="isotropic elastic">'
            f"<density>1</density><E>{_REAL % E}</E><v>{_REAL % model.nu}</v></material>\n"
        )
    file.write("</Material>\n")


def _write_mesh(file: TextIO, model: ExportModel) -> None:
    file.write('<Mesh>\n<Nodes name="femur">\n')
    _write_rows(file, '<node id="%d">', np.arange(len(model.nodes)) + 1, model.nodes, "</node>")
    file.write("</Nodes>\n")
    for number, cells in enumerate(model.materials.cells_by_material(), start=1):
        file.write(f'<Elements type="{model.kind}" name="part{number}">\n')
        _write_rows(file, '<elem id="%d">', cells + 1, model.cells[cells] + 1, "</elem>")
        file.write("</Elements>\n")
    for name, nodes in _node_sets(model).items():
        ids = ",".join(str(n) for n in (nodes + 1).tolist())
        file.write(f'<NodeSet name="{name}">{ids}</NodeSet>\n')
    file.write("</Mesh>\n")


def _write_domains(file: TextIO, model: ExportModel) -> None:
    file.write("<MeshDomains>\n")
    for number in range(1, len(model.materials.E_modulus) + 1):
        file.write(f'<SolidDomain name="part{number}" mat="material{number}"/>\n')
    file.write("</MeshDomains>\n")


def _node_sets(model: ExportModel) -> dict[str, IntArray]:
    """Return the sets that hold a node; those of prescribed components carry their axis."""
    prescribed = {f"prescribed_{axis}": nodes for axis, nodes in _prescribed(model).items()}
    sets = {"fixed": model.fixed, "loaded": model.loaded, **prescribed}
    return {name: nodes for name, nodes in sets.items() if len(nodes)}


def _prescribed(model: ExportModel) -> dict[str, IntArray]:
    """Return the nodes beside the fixed ones whose motion along an axis is prescribed, by axis."""
    by_axis = {axis: np.flatnonzero(model.prescribed[:, i]) for i, axis in enumerate("xyz")}
    return {axis: nodes for axis, nodes in by_axis.items() if len(nodes)}


def _write_maps(file: TextIO, model: ExportModel) -> None:
    """Write forces and ways in the order of their sets of nodes, whose rows FEBio counts from 1."""
    file.write("<MeshData>\n")
    if len(model.loaded):
        _write_map(file, "force", "loaded", "vec3", model.forces[model.loaded])
    for axis, nodes in _prescribed(model).items():
        ways = model.displacement[nodes, "xyz".index(axis)]
        _write_map(file, f"way_{axis}", f"prescribed_{axis}", "scalar", ways[:, None])
    file.write("</MeshData>\n")


def _write_map(file: TextIO, name: str, nodes: str, kind: str, values: FloatArray) -> None:
    file.write(f'<NodeData name="{name}" node_set="{nodes}" data_type="{kind}">\n')
    _write_rows(file, '<node lid="%d">', np.arange(len(values)) + 1, values, "</node>")
    file.write("</NodeData>\n")


def _write_boundary(file: TextIO, model: ExportModel) -> None:
    file.write("<Boundary>\n")
    if len(model.fixed):
        file.write(_SUPPORT)
    for axis in _prescribed(model):
        file.write(_PRESCRIBED.format(axis=axis))
    file.write("</Boundary>\n")


def _write_rows(
    file: TextIO, tag: str, ids: IntArray, values: FloatArray | IntArray, end: str
) -> None:
    number = "%d" if np.issubdtype(values.dtype, np.integer) else _REAL
    row = tag + ",".join([number] * values.shape[1]) + end + "\n"
    file.writelines(
        row % (id_, *value) for id_, value in zip(ids.tolist(), values.tolist(), strict=True)
    )
