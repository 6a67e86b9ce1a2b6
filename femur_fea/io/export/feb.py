"""Input files of FEBio, version 4.0 of its format.

The format is that of the FEBio user manual (https://febio.org, file format 4.0). FEBio separates
lists by commas: blanks would lose numbers without a message.
"""

from pathlib import Path
from typing import TextIO

import numpy as np

from femur_fea.domain import FloatArray, IntArray
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

_SUPPORT_AND_LOAD = """<Boundary>
<bc name="fixed" type="zero displacement" node_set="fixed">
<x_dof>1</x_dof>
<y_dof>1</y_dof>
<z_dof>1</z_dof>
</bc>
</Boundary>
<Loads>
<nodal_load name="load" type="nodal_force" node_set="loaded">
<value lc="1" type="map">force</value>
</nodal_load>
</Loads>
<LoadData>
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
    """
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
        _write_force_map(file, model)
        file.write(_SUPPORT_AND_LOAD)


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
    for name, nodes in (("fixed", model.fixed), ("loaded", model.loaded)):
        ids = ",".join(str(n) for n in (nodes + 1).tolist())
        file.write(f'<NodeSet name="{name}">{ids}</NodeSet>\n')
    file.write("</Mesh>\n")


def _write_domains(file: TextIO, model: ExportModel) -> None:
    file.write("<MeshDomains>\n")
    for number in range(1, len(model.materials.E_modulus) + 1):
        file.write(f'<SolidDomain name="part{number}" mat="material{number}"/>\n')
    file.write("</MeshDomains>\n")


def _write_force_map(file: TextIO, model: ExportModel) -> None:
    """Write the forces in the order of the set of loaded nodes, whose rows FEBio counts from 1."""
    loaded = model.loaded
    file.write('<MeshData>\n<NodeData name="force" node_set="loaded" data_type="vec3">\n')
    rank = np.arange(len(loaded)) + 1
    _write_rows(file, '<node lid="%d">', rank, model.forces[loaded], "</node>")
    file.write("</NodeData>\n</MeshData>\n")


def _write_rows(
    file: TextIO, tag: str, ids: IntArray, values: FloatArray | IntArray, end: str
) -> None:
    number = "%d" if np.issubdtype(values.dtype, np.integer) else _REAL
    row = tag + ",".join([number] * values.shape[1]) + end + "\n"
    file.writelines(
        row % (id_, *value) for id_, value in zip(ids.tolist(), values.tolist(), strict=True)
    )
