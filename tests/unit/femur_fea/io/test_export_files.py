"""The files that other programs read: what they hold is the model."""

import dataclasses
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from femur_fea.errors import AnisotropyError
from femur_fea.io.export import export_model, write_feb, write_inp


def _read_inp(path):
    """Return the data lines below each keyword line, in order."""
    blocks = []
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("**"):
            continue
        if line.startswith("*"):
            blocks.append((line, []))
        else:
            blocks[-1][1].append(line)
    return blocks


def test_an_inp_file_holds_the_model(tmp_path, problem):
    model = export_model(*problem, bin_tolerance=0.05)
    write_inp(tmp_path / "femur.inp", model)
    blocks = _read_inp(tmp_path / "femur.inp")
    rows = {
        name: np.array([[float(x) for x in line.split(",")] for line in data])
        for name, data in blocks
        if name in {"*NODE, NSET=ALL", "*CLOAD"}
    }
    np.testing.assert_array_equal(rows["*NODE, NSET=ALL"][:, 0], np.arange(len(model.nodes)) + 1)
    # twelve decimals are written
    np.testing.assert_allclose(rows["*NODE, NSET=ALL"][:, 1:], model.nodes, rtol=1e-12)
    node, axis, value = rows["*CLOAD"].T
    forces = np.zeros_like(model.forces)
    forces[node.astype(int) - 1, axis.astype(int) - 1] = value
    np.testing.assert_allclose(forces, model.forces, rtol=1e-12)
    fixed = next(data for name, data in blocks if name == "*NSET, NSET=FIXED")
    ids = [int(n) for line in fixed for n in line.split(",")]
    np.testing.assert_array_equal(np.array(ids) - 1, model.fixed)
    _check_inp_elements(blocks, model)


def _check_inp_elements(blocks, model):
    elastic = [float(data[0].split(",")[0]) for name, data in blocks if name == "*ELASTIC"]
    seen = 0
    for name, data in blocks:
        if not name.startswith("*ELEMENT"):
            continue
        material = int(name.rsplit("M", 1)[1])
        for line in data:
            number, *nodes = (int(n) for n in line.split(","))
            np.testing.assert_array_equal(np.array(nodes) - 1, model.cells[number - 1])
            E = model.materials.E_modulus[model.materials.of_cell[number - 1]]
            assert elastic[material - 1] == pytest.approx(E, rel=1e-12)
            seen += 1
    assert seen == len(model.cells)


def _numbers(elements):
    return np.array([[float(x) for x in element.text.split(",")] for element in elements])


def test_a_feb_file_holds_the_model(tmp_path, problem):
    model = export_model(*problem, bin_tolerance=0.05)
    write_feb(tmp_path / "femur.feb", model)
    root = ET.fromstring((tmp_path / "femur.feb").read_text(encoding="ascii"))
    np.testing.assert_allclose(_numbers(root.iter("node"))[: len(model.nodes)], model.nodes)
    sets = {s.get("name"): _numbers([s])[0].astype(int) - 1 for s in root.iter("NodeSet")}
    np.testing.assert_array_equal(sets["fixed"], model.fixed)
    forces = np.zeros_like(model.forces)
    forces[sets["loaded"]] = _numbers(root.find("MeshData/NodeData"))
    np.testing.assert_allclose(forces, model.forces, rtol=1e-12)
    modulus = {m.get("name"): float(m.find("E").text) for m in root.iter("material")}
    material = {d.get("name"): d.get("mat") for d in root.iter("SolidDomain")}
    cells = np.zeros_like(model.cells)
    E = np.zeros(len(model.cells))
    for part in root.iter("Elements"):
        rows = [int(e.get("id")) - 1 for e in part]
        cells[rows] = _numbers(part).astype(int) - 1
        E[rows] = modulus[material[part.get("name")]]
    np.testing.assert_array_equal(cells, model.cells)
    np.testing.assert_allclose(E, model.materials.E_modulus[model.materials.of_cell], rtol=1e-12)


def test_an_inp_file_holds_what_is_driven(tmp_path, driven):
    write_inp(tmp_path / "femur.inp", driven)
    blocks = _read_inp(tmp_path / "femur.inp")
    assert "*CLOAD" not in [name for name, _ in blocks]
    data = [rows for name, rows in blocks if name == "*BOUNDARY"][1]
    node, first, last, value = np.array([[float(x) for x in row.split(",")] for row in data]).T
    found = np.zeros_like(driven.displacement)
    found[node.astype(int) - 1, first.astype(int) - 1] = value
    np.testing.assert_array_equal(first, last)
    np.testing.assert_allclose(found, driven.displacement, rtol=1e-12)
    assert len(node) == driven.prescribed.sum()


def test_a_feb_file_holds_what_is_driven(tmp_path, driven):
    write_feb(tmp_path / "femur.feb", driven)
    root = ET.fromstring((tmp_path / "femur.feb").read_text(encoding="ascii"))
    assert root.find("Loads") is None
    sets = {s.get("name"): _numbers([s])[0].astype(int) - 1 for s in root.iter("NodeSet")}
    ways = {m.get("name"): _numbers(m)[:, 0] for m in root.find("MeshData")}
    for axis, way in (("y", 0.02), ("z", -0.05)):
        nodes = sets[f"prescribed_{axis}"]
        np.testing.assert_array_equal(nodes, np.flatnonzero(driven.prescribed[:, 1]))
        np.testing.assert_allclose(ways[f"way_{axis}"], way, rtol=1e-12)
    conditions = {bc.get("name"): bc.get("type") for bc in root.find("Boundary")}
    assert conditions == {
        "fixed": "zero displacement",
        "prescribed_y": "prescribed displacement",
        "prescribed_z": "prescribed displacement",
    }


@pytest.mark.parametrize(("write", "ending"), [(write_inp, "inp"), (write_feb, "feb")])
def test_a_file_states_its_materials_and_their_error(tmp_path, problem, write, ending):
    model = export_model(*problem, bin_tolerance=0.05)
    path = tmp_path / f"femur.{ending}"
    write(path, model)
    text = path.read_text(encoding="ascii")
    assert f"{len(model.materials.E_modulus)} materials" in text
    assert f"{model.materials.largest_error:.3e}" in text
    assert f"{model.materials.largest_spread:.3e}" in text


def test_an_inp_file_gives_a_cortex_its_axis_and_nine_constants(
    tmp_path, mesh_of, load_of, directed
):
    mesh = mesh_of("tet4")
    elastic = dataclasses.replace(directed(mesh), E_modulus=np.full((mesh.n_cells, 1), 500.0))
    model = export_model(mesh, elastic, load_of(mesh))
    write_inp(tmp_path / "femur.inp", model)
    lines = (tmp_path / "femur.inp").read_text().splitlines()
    orientation = lines[lines.index("*ORIENTATION, NAME=SHAFT, SYSTEM=RECTANGULAR") + 1]
    first, second = np.array(orientation.split(","), dtype=float).reshape(2, 3)
    np.testing.assert_allclose(first, [0.6, 0.0, 0.8])
    assert first @ second == pytest.approx(0.0, abs=1e-12)
    at = lines.index("*ELASTIC, TYPE=ENGINEERING CONSTANTS")
    constants = [float(x) for line in lines[at + 1 : at + 3] for x in line.split(",")]
    # 300 / (2 1.4) in the plane across the axis
    expected = [500.0, 300.0, 300.0, 0.3, 0.3, 0.4, 100.0, 100.0, 300.0 / 2.8]
    np.testing.assert_allclose(constants, expected, rtol=1e-11)
    assert lines[at + 3] == "*SOLID SECTION, ELSET=M2, MATERIAL=M2, ORIENTATION=SHAFT"


def test_a_cortex_with_a_direction_is_refused_for_febio(tmp_path, mesh_of, load_of, directed):
    mesh = mesh_of("tet4")
    model = export_model(mesh, directed(mesh), load_of(mesh))
    with pytest.raises(AnisotropyError, match="no direction is written for FEBio"):
        write_feb(tmp_path / "femur.feb", model)
    assert not list(tmp_path.iterdir())
