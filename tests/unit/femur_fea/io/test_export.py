"""The model that other programs get: nodes, forces, materials and the files that hold them."""

import dataclasses
import itertools
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, ElasticField, LoadCase, TransverseCortex, TransverseRatios
from femur_fea.errors import AnisotropyError, OutOfRangeError, ShapeError
from femur_fea.io.export import bin_moduli, export_model, facet_forces, write_feb, write_inp

KINDS = ["tet10", "tet4", "hex8"]
SIZE = np.array([4.0, 6.0, 9.0])
BRICK = np.array([0, 16, 20, 4, 1, 17, 21, 5])  # corners of the first voxel, in the order of VTK

# rows: weight, then the functions of a facet's corners; Simpson's rule along both sides
MID_EDGE = np.column_stack([np.full(3, 1.0 / 3.0), 0.5 * (1.0 - np.eye(3))])
SIMPSON = np.array(
    [
        [v * w, (1 - a) * (1 - b), a * (1 - b), a * b, (1 - a) * b]
        for a, v in ((0.0, 1 / 6), (0.5, 2 / 3), (1.0, 1 / 6))
        for b, w in ((0.0, 1 / 6), (0.5, 2 / 3), (1.0, 1 / 6))
    ]
)


def _mesh(kind):
    """Return a box of 3 x 3 x 3 voxels; six tetrahedra in each, inner points shaken, or a brick."""
    axes = [np.linspace(0.0, length, 4) for length in SIZE]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    if kind == "hex8":
        cells = np.arange(64).reshape(4, 4, 4)[:3, :3, :3].reshape(-1, 1) + BRICK
        return BoneMesh(points=points, cells=cells, kind=kind, side=None)
    inner = ((points > 0.0) & (points < SIZE)).all(axis=1)
    points[inner] += np.random.default_rng(3).uniform(-0.2, 0.2, (int(inner.sum()), 3))
    index = np.arange(64).reshape(4, 4, 4)
    cells = []
    for path in itertools.permutations(range(3)):
        steps = np.vstack([np.zeros(3, dtype=int), np.cumsum(np.eye(3, dtype=int)[list(path)], 0)])
        cell = np.stack([index[i : 3 + i, j : 3 + j, k : 3 + k].ravel() for i, j, k in steps], 1)
        even = np.linalg.det(np.eye(3)[list(path)]) > 0
        cells.append(cell if even else cell[:, [0, 2, 1, 3]])
    return BoneMesh(points=points, cells=np.concatenate(cells), kind=kind, side="left")


def _load(mesh, name="stance"):
    """Return a traction that varies over the surface, on a box held at its bottom."""
    traction = np.zeros((mesh.n_points, 3))
    upper = np.unique(mesh.facets)
    upper = upper[mesh.points[upper, 2] > 2.0]
    traction[upper] = np.random.default_rng(5).normal(size=(len(upper), 3))
    fixed = mesh.points[:, 2] == 0.0
    return LoadCase.on_fixed_points(
        name=name, traction=traction, fixed=fixed, magnitude=1.0, excluded=np.zeros_like(fixed)
    )


def _elastic(mesh):
    E = 50.0 * np.exp(
        np.random.default_rng(7).normal(size=(mesh.n_cells, mesh.cell_shape.n_samples))
    )
    return ElasticField(E_modulus=E, nu=0.3)


@pytest.fixture(params=KINDS)
def problem(request):
    mesh = _mesh(request.param)
    return mesh, _elastic(mesh), _load(mesh)


def _exact_resultant(mesh, load):
    """Return force and moment by rules that are exact for quadratic integrands."""
    x, t = mesh.points[mesh.facets], load.traction[mesh.facets]
    rule = SIMPSON if mesh.kind == "hex8" else MID_EDGE
    shares = np.linalg.norm(mesh.facet_area_vectors, axis=1)[:, None] * rule[:, 0]
    x, t = rule[:, 1:] @ x, rule[:, 1:] @ t
    force = np.einsum("fq,fqi->i", shares, t)
    return force, np.einsum("fq,fqi->i", shares, np.cross(x, t))


def _volume_by_gauss(model):
    """Return the volume from the shape functions of all ten nodes, 4 points in each cell."""
    near, far = (5.0 + 3.0 * 5.0**0.5) / 20.0, (5.0 - 5.0**0.5) / 20.0
    L = far + (near - far) * np.eye(4)
    edges = [(0, 1), (1, 2), (2, 0), (0, 3), (1, 3), (2, 3)]  # C3D10 and FEBio's tet10
    d = np.zeros((4, 10, 4))
    d[:, range(4), range(4)] = 4.0 * L - 1.0
    for a, (i, j) in enumerate(edges, start=4):
        d[:, a, i], d[:, a, j] = 4.0 * L[:, j], 4.0 * L[:, i]
    natural = d[:, :, 1:] - d[:, :, :1]
    jacobian = np.einsum("qak,nai->nqik", natural, model.nodes[model.cells])
    return float(np.linalg.det(jacobian).mean(axis=1).sum() / 6.0)


def test_nodal_forces_have_force_and_moment_of_the_traction(problem):
    mesh, _, load = problem
    model = export_model(*problem)
    force, moment = _exact_resultant(mesh, load)
    np.testing.assert_allclose(model.forces.sum(axis=0), force, atol=1e-12 * np.abs(moment).max())
    found = np.cross(model.nodes, model.forces).sum(axis=0)
    np.testing.assert_allclose(found, moment, atol=1e-12 * np.abs(moment).max())


def test_nodal_forces_are_those_of_the_solver(problem):
    from femur_fea.solver.environment import require_dolfinx

    require_dolfinx()
    from femur_fea.solver.forms import traction_load
    from femur_fea.solver.space import displacement_space

    mesh, _, load = problem
    model = export_model(*problem)
    space = displacement_space(mesh)
    theirs = traction_load(space, load.traction)
    apart = np.linalg.norm(space.node_coordinates[:, None] - model.nodes[None], axis=2)
    np.testing.assert_allclose(
        model.forces[apart.argmin(axis=1)], theirs, atol=1e-12 * np.abs(theirs).max()
    )


def test_a_uniform_traction_on_a_quadratic_triangle_acts_at_its_mid_edges_alone():
    corners = np.array([[[0.0, 0, 0], [3.0, 0, 0], [0.0, 4.0, 0]]])
    forces = facet_forces(corners, np.full((1, 3, 3), 2.0), kind="tet10")[0]
    np.testing.assert_allclose(forces[:3], 0.0, atol=1e-15)
    np.testing.assert_allclose(forces[3:], 6.0 * 2.0 / 3.0, rtol=1e-14)


def test_quadratic_cells_have_a_node_at_the_middle_of_each_edge_and_fill_the_box():
    mesh = _mesh("tet10")
    model = export_model(mesh, _elastic(mesh), _load(mesh))
    # a lattice of 3 x 3 x 3 cubes with six tetrahedra has 7^3 points and midpoints
    assert len(model.nodes) == 343
    assert len(np.unique(model.nodes.round(9), axis=0)) == 343
    assert _volume_by_gauss(model) == pytest.approx(SIZE.prod(), rel=1e-13)


@pytest.mark.parametrize("kind", ["tet4", "hex8"])
def test_linear_cells_are_exported_as_they_are(kind):
    mesh = _mesh(kind)
    model = export_model(mesh, _elastic(mesh), _load(mesh))
    np.testing.assert_array_equal(model.nodes, mesh.points)
    np.testing.assert_array_equal(model.cells, mesh.cells)


def test_an_edge_is_held_where_both_its_ends_are(problem):
    model = export_model(*problem)
    np.testing.assert_array_equal(model.fixed, np.flatnonzero(model.nodes[:, 2] == 0.0))


@pytest.mark.parametrize("tolerance", [0.0, 0.005, 0.1])
def test_no_cell_differs_from_its_material_by_more_than_the_tolerance(tolerance):
    E = 0.1 * np.exp(np.random.default_rng(2).uniform(0.0, 12.0, (5000, 1)))
    bins = bin_moduli(ElasticField(E_modulus=E, nu=0.3), tolerance=tolerance)
    worst = np.abs(bins.E_modulus[bins.of_cell] / E[:, 0] - 1.0).max()
    assert bins.largest_error == worst
    assert worst <= tolerance * (1.0 + 1e-12)
    assert bins.largest_spread == 0.0


def test_twelve_nepers_of_modulus_at_one_per_cent_take_at_most_600_materials():
    E = 0.1 * np.exp(np.linspace(0.0, 12.0, 100_000))[:, None]
    bins = bin_moduli(ElasticField(E_modulus=E, nu=0.3), tolerance=0.01)
    assert len(bins.E_modulus) == int(12.0 / np.log(1.01 / 0.99)) + 1


def test_the_spread_inside_a_cell_is_reported():
    E = np.array([[1.0, 1.0, 1.0, 5.0], [2.0, 2.0, 2.0, 2.0]])
    bins = bin_moduli(ElasticField(E_modulus=E, nu=0.3), tolerance=0.0)
    assert bins.largest_spread == 1.5  # 5 against a mean of 2
    np.testing.assert_array_equal(bins.E_modulus, [2.0])


_RATIOS = TransverseRatios(
    E_transverse=0.6,
    G_axial=0.2,
    nu_axial=0.3,
    nu_transverse=0.4,
    source="numbers for a test",
    provenance="unverified",
)


def _directed(mesh):
    cells = mesh.centroids[:, 0] < 2.0
    cortex = TransverseCortex(cells=cells, axis=np.array([0.6, 0.0, 0.8]), ratios=_RATIOS)
    return dataclasses.replace(_elastic(mesh), cortex=cortex)


def test_a_cortex_with_a_direction_shares_no_material_with_isotropic_bone():
    mesh = _mesh("tet10")
    elastic = dataclasses.replace(_directed(mesh), E_modulus=np.full((mesh.n_cells, 1), 500.0))
    bins = bin_moduli(elastic, tolerance=0.01)
    np.testing.assert_array_equal(bins.E_modulus, [500.0, 500.0])
    np.testing.assert_array_equal(bins.in_cortex, [False, True])
    np.testing.assert_array_equal(bins.in_cortex[bins.of_cell], elastic.cortex.cells)


def test_an_inp_file_gives_a_cortex_its_axis_and_nine_constants(tmp_path):
    mesh = _mesh("tet4")
    elastic = dataclasses.replace(_directed(mesh), E_modulus=np.full((mesh.n_cells, 1), 500.0))
    model = export_model(mesh, elastic, _load(mesh))
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


def test_a_cortex_with_a_direction_is_refused_for_febio(tmp_path):
    mesh = _mesh("tet4")
    model = export_model(mesh, _directed(mesh), _load(mesh))
    with pytest.raises(AnisotropyError, match="no direction is written for FEBio"):
        write_feb(tmp_path / "femur.feb", model)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("tolerance", [-0.01, 1.0])
def test_a_tolerance_that_is_no_relative_error_is_refused(tolerance):
    with pytest.raises(OutOfRangeError, match="tolerance"):
        bin_moduli(ElasticField(E_modulus=np.ones((1, 1)), nu=0.3), tolerance=tolerance)


@pytest.mark.parametrize("name", ["Müller", "a -- b", "stance\n*STEP", ""])
def test_a_load_name_that_would_break_a_file_is_refused(name):
    mesh = _mesh("tet4")
    with pytest.raises(OutOfRangeError, match="load case named"):
        export_model(mesh, _elastic(mesh), _load(mesh, name))


def test_a_material_of_another_mesh_is_refused(problem):
    mesh, elastic, load = problem
    other = ElasticField(E_modulus=elastic.E_modulus[1:], nu=0.3)
    with pytest.raises(ShapeError):
        export_model(mesh, other, load)


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


@pytest.fixture
def driven(problem):
    """Return the same bone with its top driven, free to slide along x, and no traction."""
    mesh, elastic, load = problem
    top = mesh.points[:, 2] == mesh.points[:, 2].max()
    held = np.array(load.held)
    held[top, 1:] = True
    displacement = np.where(top[:, None], [0.0, 0.02, -0.05], 0.0)
    case = dataclasses.replace(
        load,
        traction=np.zeros_like(load.traction),
        held=held,
        displacement=displacement,
        magnitude=0.0,
    )
    return export_model(mesh, elastic, case, bin_tolerance=0.05)


def test_a_node_is_driven_as_the_ends_of_its_edge_are(driven):
    top = driven.nodes[:, 2] == driven.nodes[:, 2].max()
    np.testing.assert_array_equal(driven.prescribed, np.outer(top, [False, True, True]))
    np.testing.assert_allclose(driven.displacement[top], [[0.0, 0.02, -0.05]] * top.sum())
    assert not driven.displacement[~top].any()
    np.testing.assert_array_equal(driven.fixed, np.flatnonzero(driven.nodes[:, 2] == 0.0))


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
