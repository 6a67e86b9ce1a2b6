"""CalculiX, an independent program, finds the same curve of the same bone that yields."""

import shutil
import subprocess

import numpy as np
import pytest

from femur_fea.domain import (
    BoneMesh,
    ElasticField,
    ImageGrid,
    LabelMask,
    LoadCase,
    YieldField,
)
from femur_fea.solver import NewtonSettings, NonlinearSettings, solve_nonlinear
from femur_fea.solver.environment import require_dolfinx
from meshing import mesh_voxels

THEME = "two programs"
E, NU, STRENGTH = 17000.0, 0.3, 100.0
EXACTLY = NewtonSettings(tolerance=1e-10, loosest=1e-9, tightest=1e-11)
ELEMENTS = {"tet10": "C3D10", "hex8": "C3D8"}
DIRECTION = {"tension": (0.0, 0.0, 1.0), "compression and bending": (0.3, 0.1, -1.0)}
# mm, work-conjugate to the force: half of the curve's rise beyond first yield, or more; a program
# that is driven by force, as CalculiX is here, does not come near the limit load
REACH = {
    ("tet10", "tension"): 9.0,
    ("tet10", "compression and bending"): 20.0,
    ("hex8", "tension"): 20.0,
    ("hex8", "compression and bending"): 40.0,
}
# ends of the mid-edge nodes of C3D10, nodes 5 to 10
CCX_EDGES = ((0, 1), (1, 2), (0, 2), (0, 3), (1, 3), (2, 3))


@pytest.fixture(scope="module", params=["tet10", "hex8"])
def notched(request, box):
    """A bar with a waist, fixed at its foot."""
    return _voxel_bar() if request.param == "hex8" else _smooth_bar(box)


def _voxel_bar():
    """Return a bar of voxels with a notch on two sides."""
    inside = np.ones((5, 5, 15), dtype=bool)
    inside[0, :, 6:9] = False
    inside[:, 4, 7:9] = False
    affine = np.diag([2.0, 2.0, 2.0, 1.0])
    affine[:3, 3] = [-4.0, -4.0, 1.0]
    grid = ImageGrid(shape=inside.shape, affine=affine)
    return mesh_voxels(LabelMask(grid=grid, inside=inside), side=None)


def _smooth_bar(box):
    bar = box((4, 4, 10), (10.0, 10.0, 30.0), "tet10")
    x = bar.points - [5.0, 5.0, 0.0]
    waist = 1.0 - 0.35 * np.exp(-(((x[:, 2:] - 15.0) / 4.0) ** 2))
    return BoneMesh(
        points=x * np.hstack([waist, waist, np.ones_like(waist)]),
        cells=bar.cells,
        kind="tet10",
        side="left",
    )


def _load(mesh, direction):
    z = mesh.points[:, 2]
    top = (z == z.max()) & (np.abs(mesh.points[:, :2]).max(axis=1) < 4.9)
    return LoadCase.on_fixed_points(
        name="pull",
        traction=np.where(top[:, None], direction, 0.0),
        fixed=z == 0.0,
        magnitude=1.0,
        excluded=np.zeros_like(top),
    )


def _nodes_and_cells(mesh):
    """Return nodes (n, 3) and cells of a C3D8 or C3D10 mesh, numbered from zero."""
    if mesh.kind == "hex8":
        return mesh.points, mesh.cells
    ends = np.sort(mesh.cells[:, CCX_EDGES].reshape(-1, 2), axis=1)
    edges, index = np.unique(ends, axis=0, return_inverse=True)
    nodes = np.concatenate([mesh.points, mesh.points[edges].mean(axis=1)])
    return nodes, np.hstack([mesh.cells, mesh.n_points + index.reshape(-1, 6)])


def _deck(element, nodes, cells, forces, fixed, levels):
    """Return CalculiX's input: one increment to each level of the force, like ours."""
    lines = ["*NODE,NSET=ALL"]
    lines += [f"{i},{x:.11e},{y:.11e},{z:.11e}" for i, (x, y, z) in enumerate(nodes, 1)]
    lines += [f"*ELEMENT,TYPE={element},ELSET=BONE"]
    lines += [f"{i}," + ",".join(map(str, row + 1)) for i, row in enumerate(cells, 1)]
    lines += ["*MATERIAL,NAME=M", "*ELASTIC", f"{E},{NU}", "*PLASTIC", f"{STRENGTH},0.0"]
    lines += ["*SOLID SECTION,ELSET=BONE,MATERIAL=M", "*NSET,NSET=FOOT"]
    lines += [str(i + 1) for i in np.flatnonzero(fixed)]
    lines += ["*BOUNDARY", "FOOT,1,3,0.0"]
    for level in levels:
        lines += ["*STEP", "*STATIC,DIRECT", "1.0,1.0"]
        lines += ["*CONTROLS,PARAMETERS=FIELD", "1e-8,1e-8,1e-8,,1e-8,1e-8", "*CLOAD"]
        lines += [
            f"{node + 1},{axis + 1},{level * forces[node, axis]:.11e}"
            for node, axis in np.argwhere(forces)
        ]
        lines += ["*NODE PRINT,NSET=ALL", "U", "*END STEP"]
    return "\n".join(lines) + "\n"


def _solve_by_calculix(folder, deck, n_nodes, n_levels):
    """Return the displacement at the end of every step, (n_levels, n_nodes, 3)."""
    program = shutil.which("ccx")
    if program is None:
        pytest.skip("CalculiX (ccx, Debian package calculix-ccx) is not installed")
    (folder / "bar.inp").write_text(deck)
    subprocess.run([program, "bar"], cwd=folder, check=True, capture_output=True, timeout=300)
    rows = [line.split() for line in (folder / "bar.dat").read_text().splitlines()]
    values = np.array([row[1:] for row in rows if len(row) == 4 and row[0].isdigit()], dtype=float)
    return values.reshape(n_levels, n_nodes, 3)


def _nodal_forces(mesh, load, nodes):
    """Return the forces of `load` at CalculiX's nodes."""
    require_dolfinx()
    from scipy.spatial import cKDTree

    from femur_fea.solver.forms import traction_load
    from femur_fea.solver.space import displacement_space

    space = displacement_space(mesh)
    _, ours = cKDTree(space.node_coordinates).query(nodes)
    return traction_load(space, load.traction)[ours]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["tension", "compression and bending"])
def test_calculix_finds_the_same_curve(tmp_path, notched, agree_everywhere, name):
    load = _load(notched, np.array(DIRECTION[name]))
    elastic = ElasticField(E_modulus=np.full((notched.n_cells, 1), E), nu=NU)
    strength = np.full((notched.n_cells, 1), STRENGTH)
    ours = solve_nonlinear(
        notched,
        elastic,
        YieldField(tension=strength, compression=strength),
        load,
        settings=NonlinearSettings(
            max_displacement=REACH[notched.kind, name], growth=1.1, newton=EXACTLY
        ),
    )
    levels = ours.curve.force[1:]
    nodes, cells = _nodes_and_cells(notched)
    forces = _nodal_forces(notched, load, nodes)
    deck = _deck(ELEMENTS[notched.kind], nodes, cells, forces, np.isclose(nodes[:, 2], 0.0), levels)
    u = _solve_by_calculix(tmp_path, deck, len(nodes), len(levels))
    theirs = np.einsum("na,lna->l", forces, u)
    assert ours.yielded_fraction > 0.1
    for quantity, found, expected in (
        ("way of the load on a notched bar", ours.curve.displacement[1:], theirs),
        ("displacement of a notched bar", ours.u, u[-1, : notched.n_points]),
    ):
        agree_everywhere(
            quantity,
            found=found,
            expected=expected,
            atol=1e-6,
            origin="CalculiX prints six decimals of a mantissa",
            source=f"CalculiX, {ELEMENTS[notched.kind]}, J2, the same increments",
        )
