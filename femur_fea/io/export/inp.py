"""Input files of CalculiX and Abaqus."""

from pathlib import Path
from typing import TextIO

import numpy as np

from femur_fea.domain import FloatArray, IntArray, TransverseRatios
from femur_fea.io.atomic import atomic_path
from femur_fea.io.export.model import ExportModel, describe

__all__ = ["write_inp"]

_ELEMENT = {"tet10": "C3D10", "tet4": "C3D4", "hex8": "C3D8"}
_REAL = "%.12e"  # CalculiX reads 20 characters of a number
_ID_PER_LINE = 8  # Abaqus admits 16 entries in a line

_STEP_END = """*NODE FILE
U
*EL FILE
S
*NODE PRINT, NSET=ALL
U
*END STEP
"""


def write_inp(path: Path, model: ExportModel) -> None:
    """Write a model for CalculiX or Abaqus, in ASCII, whole or not at all.

    Node n is row n - 1 of `model.nodes`, element n is row n - 1 of `model.cells`. CalculiX prints
    the displacement of all nodes to the .dat file, and fields to the .frd file.

    Parameters
    ----------
    path : Path
        File name that ends in .inp.
    model : ExportModel
        From `export_model`.

    Raises
    ------
    DiskSpaceError
        If the disk is full.
    """
    with atomic_path(path) as temporary, temporary.open("w", encoding="ascii") as file:
        file.write("*HEADING\nfemur-fea\n")
        file.writelines(f"** {line}\n" for line in describe(model))
        _write_nodes(file, model)
        _write_elements(file, model)
        _write_orientation(file, model)
        _write_materials(file, model)
        file.write("*STEP\n*STATIC\n")
        _write_prescribed(file, model)
        _write_forces(file, model)
        file.write(_STEP_END)


def _write_nodes(file: TextIO, model: ExportModel) -> None:
    file.write("*NODE, NSET=ALL\n")
    _write_rows(file, np.arange(len(model.nodes)), model.nodes)
    if len(model.fixed):
        file.write("*NSET, NSET=FIXED\n")
        _write_ids(file, model.fixed)
        file.write("*BOUNDARY\nFIXED, 1, 3\n")


def _write_elements(file: TextIO, model: ExportModel) -> None:
    element = _ELEMENT[model.kind]
    for material, cells in enumerate(model.materials.cells_by_material(), start=1):
        file.write(f"*ELEMENT, TYPE={element}, ELSET=M{material}\n")
        rows = np.column_stack([cells, model.cells[cells]]) + 1
        np.savetxt(file, rows, fmt="%d", delimiter=", ")


def _write_orientation(file: TextIO, model: ExportModel) -> None:
    """Write a system whose first axis is that of the cortex."""
    if model.cortex is not None:
        axes = np.concatenate([model.cortex.axis, model.cortex.across[0]])
        file.write("*ORIENTATION, NAME=SHAFT, SYSTEM=RECTANGULAR\n")
        file.write(", ".join(_REAL % component for component in axes) + "\n")


def _write_materials(file: TextIO, model: ExportModel) -> None:
    materials = zip(model.materials.E_modulus, model.materials.in_cortex, strict=True)
    for number, (E, in_cortex) in enumerate(materials, start=1):
        file.write(f"*MATERIAL, NAME=M{number}\n")
        section = f"*SOLID SECTION, ELSET=M{number}, MATERIAL=M{number}"
        if model.cortex is not None and in_cortex:
            _write_directed(file, float(E), model.cortex.ratios)
            file.write(f"{section}, ORIENTATION=SHAFT\n")
        else:
            file.write(f"*ELASTIC\n{_REAL % E}, {_REAL % model.nu}\n{section}\n")


def _write_directed(file: TextIO, E: float, ratios: TransverseRatios) -> None:
    """Write E1 E2 E3 nu12 nu13 nu23 G12 G13, then G23; the first axis is the stiff one."""
    across = E * ratios.E_transverse
    shear = E * ratios.G_axial
    poisson = [ratios.nu_axial, ratios.nu_axial, ratios.nu_transverse]
    first = [E, across, across, *poisson, shear, shear]
    file.write("*ELASTIC, TYPE=ENGINEERING CONSTANTS\n")
    file.write(", ".join(_REAL % constant for constant in first) + "\n")
    file.write(f"{_REAL % (0.5 * across / (1.0 + ratios.nu_transverse))}\n")


def _write_prescribed(file: TextIO, model: ExportModel) -> None:
    """Write what is prescribed beside the fixed nodes; CalculiX takes motion in a step only."""
    nodes, axes = np.nonzero(model.prescribed)
    if not nodes.size:
        return
    file.write("*BOUNDARY\n")
    values = model.displacement[nodes, axes]
    rows = np.column_stack([nodes + 1, axes + 1, axes + 1, values])
    np.savetxt(file, rows, fmt=["%d", "%d", "%d", _REAL], delimiter=", ")


def _write_forces(file: TextIO, model: ExportModel) -> None:
    nodes, axes = np.nonzero(model.forces)
    if not nodes.size:
        return
    file.write("*CLOAD\n")
    rows = np.column_stack([nodes + 1, axes + 1, model.forces[nodes, axes]])
    np.savetxt(file, rows, fmt=["%d", "%d", _REAL], delimiter=", ")


def _write_rows(file: TextIO, nodes: IntArray, values: FloatArray) -> None:
    rows = np.column_stack([nodes + 1, values])
    np.savetxt(file, rows, fmt=["%d", _REAL, _REAL, _REAL], delimiter=", ")


def _write_ids(file: TextIO, nodes: IntArray) -> None:
    for start in range(0, len(nodes), _ID_PER_LINE):
        row = nodes[start : start + _ID_PER_LINE] + 1
        file.write(", ".join(str(n) for n in row.tolist()) + "\n")
