"""How the tests compare, and irregular box meshes with loads on them."""

import itertools

import numpy as np
import pytest
from scipy.spatial import cKDTree

from femur_fea.domain import BoneMesh, ElasticField, FemoralFrame, LoadCase
from femur_fea.solver.environment import require_dolfinx

# another order of the same cell's corners
TURNS = {
    "tet4": [1, 2, 0, 3],
    "tet10": [1, 2, 0, 3],
    "hex8": [4, 0, 3, 7, 5, 1, 2, 6],
}


def _box(shape, size, kind, *, jitter=0.2, seed=0):
    """Return an irregular box, points and cells shuffled.

    Interior points of tetrahedra are shaken; hexahedra are bricks of unequal sides.
    """
    rng = np.random.default_rng(seed)
    make = _bricks if kind == "hex8" else _tetrahedra
    index, cells = make(shape, jitter, rng)
    points = index * (np.array(size) / np.array(shape))
    order = rng.permutation(len(points))
    rank = np.argsort(order)
    cells = rank[cells][rng.permutation(len(cells))]
    turned = rng.random(len(cells)) < 0.5
    cells[turned] = cells[turned][:, TURNS[kind]]
    return BoneMesh(points=points[order], cells=cells, kind=kind, side="left")


def _tetrahedra(shape, jitter, rng):
    ticks = [np.arange(n + 1.0) for n in shape]
    index = np.stack(np.meshgrid(*ticks, indexing="ij"), axis=-1).reshape(-1, 3)
    inside = ((index > 0) & (index < np.array(shape))).all(axis=1)
    index[inside] += rng.uniform(-jitter, jitter, (int(inside.sum()), 3))
    return index, _kuhn_cells(shape)


def _bricks(shape, jitter, rng):
    ticks = [np.arange(n + 1.0) for n in shape]
    for along in ticks:
        along[1:-1] += rng.uniform(-jitter, jitter, len(along) - 2)
    index = np.stack(np.meshgrid(*ticks, indexing="ij"), axis=-1).reshape(-1, 3)
    lattice = np.arange(len(index)).reshape(np.array(shape) + 1)
    corners = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)]
    corners += [(i, j, 1) for i, j, _ in corners]
    cells = [
        lattice[i : shape[0] + i, j : shape[1] + j, k : shape[2] + k].ravel() for i, j, k in corners
    ]
    return index, np.stack(cells, axis=1)


def _kuhn_cells(shape):
    """Return six tetrahedra in each voxel of a lattice, positively oriented."""
    lattice = np.arange(np.prod(np.array(shape) + 1)).reshape(np.array(shape) + 1)
    cells = []
    for path in itertools.permutations(range(3)):
        step = np.zeros(3, dtype=int)
        corners = [lattice[: shape[0], : shape[1], : shape[2]].ravel()]
        for axis in path:
            step[axis] += 1
            i, j, k = step
            corners.append(lattice[i : shape[0] + i, j : shape[1] + j, k : shape[2] + k].ravel())
        cell = np.stack(corners, axis=1)
        even = np.linalg.det(np.eye(3)[list(path)]) > 0
        cells.append(cell if even else cell[:, [0, 2, 1, 3]])
    return np.concatenate(cells)


def _end_load(mesh, traction, *, name="pull"):
    """Return a load on the inner points of the top face of a box whose bottom is fixed.

    The rim is left out: a traction there would act on the adjoining side triangles, too.
    """
    x, y, z = mesh.points.T
    top = (z == z.max()) & (x > 0) & (x < x.max()) & (y > 0) & (y < y.max())
    values = np.zeros((mesh.n_points, 3))
    values[top] = traction
    return LoadCase.on_fixed_points(
        name=name, traction=values, fixed=z == 0.0, magnitude=1.0, excluded=np.zeros_like(top)
    )


def _wavy_modulus(points):
    """Return a modulus that varies tenfold over millimetres, MPa."""
    phase = points @ np.array([0.7, -0.4, 0.5])
    return 1000.0 * np.exp(1.15 * np.sin(phase))


def _face_forces(space, on_face, traction):
    """Return the nodal forces of a traction that is constant on each facet, (n_nodes, 3).

    `on_face` (n_facets,) selects facets, `traction` (3,) or (n_facets, 3) acts there.
    """
    mesh = space.mesh
    facets = mesh.facets[on_face]
    area = np.linalg.norm(mesh.facet_area_vectors, axis=1)[on_face]
    share = np.broadcast_to(traction, (len(mesh.facets), 3))[on_face] * area[:, None]
    share /= facets.shape[1]
    corners = mesh.points[facets]
    # linear and bilinear facets give equal shares to the corners, quadratic ones to the mid-edges
    places = 0.5 * (corners + np.roll(corners, 1, axis=1)) if mesh.kind == "tet10" else corners
    _, nodes = cKDTree(space.node_coordinates).query(places)
    forces = np.zeros((space.n_nodes, 3))
    np.add.at(forces, nodes, share[:, None, :])
    return forces


@pytest.fixture
def agree(request):
    """Assert that a number is the one expected, and record both for docs/validation.md.

    The test module names its THEME, a chapter of that document. Of `rtol`, relative to the expected
    value, and `atol`, in its unit, exactly one is given; `origin` says where the tolerance comes
    from and `source` where the expected value does. A quantity is named once in a test.
    """

    def compare(quantity, *, found, expected, origin, source, unit="", rtol=None, atol=None):
        if (rtol is None) == (atol is None):
            raise ValueError(f"{quantity}: give either rtol or atol")
        relative = rtol is not None
        tolerance = float(rtol if relative else atol)
        row = {
            "theme": request.module.THEME,
            "test": request.node.nodeid,
            "quantity": quantity,
            "unit": unit,
            "expected": float(expected),
            "found": float(found),
            "tolerance": tolerance,
            "relative": relative,
            "origin": origin,
            "source": source,
        }
        request.node.user_properties.append(("agreement", row))
        apart = abs(row["found"] - row["expected"])
        assert apart <= tolerance * (abs(row["expected"]) if relative else 1.0), (
            f"{quantity}: found {found:.9g} {unit}, expected {expected:.9g} within {tolerance:g}"
            f"{' of it' if relative else f' {unit}'} ({origin}; {source})"
        )

    return compare


@pytest.fixture
def agree_everywhere(agree):
    """The same of arrays: `atol` is on the largest difference over the largest expected value."""

    def compare(quantity, *, found, expected, atol, origin, source):
        apart = np.abs(np.subtract(found, expected)).max() / np.abs(expected).max()
        agree(
            f"{quantity}, largest difference over largest value",
            found=apart,
            expected=0.0,
            atol=atol,
            origin=origin,
            source=source,
        )

    return compare


@pytest.fixture(scope="session", autouse=True)
def _dolfinx():
    """Load MPI before any test imports a module of the solver that needs it."""
    require_dolfinx()


@pytest.fixture(scope="session")
def face_forces():
    return _face_forces


@pytest.fixture(scope="session")
def box():
    return _box


@pytest.fixture(scope="session")
def end_load():
    return _end_load


@pytest.fixture(scope="session")
def wavy_modulus():
    return _wavy_modulus


def _tube(outer, inner, length, *, n_around=24, n_across=2, n_along=40):
    """Return a tube along -z from the origin, of the circles' areas, in the frame of a right femur.

    The frame's head lies 40 mm medial of the axis (+x in LPS is left, medial of a right femur), and
    its lesser trochanter 52 mm below the upper end.
    """
    angle = 2.0 * np.pi / n_around
    # a regular polygon of the circle's area
    wider = np.sqrt(angle / np.sin(angle))
    radius = wider * np.linspace(inner, outer, n_across + 1)
    turn = angle * np.arange(n_around + 1)
    height = np.linspace(-length, 0.0, n_along + 1)
    r, a, z = np.meshgrid(radius, turn, height, indexing="ij")
    points = np.stack([r * np.cos(a), r * np.sin(a), z], axis=-1).reshape(-1, 3)
    cells = _kuhn_cells((n_across, n_around, n_along))
    _, keep, same = np.unique(np.round(points, 6), axis=0, return_index=True, return_inverse=True)
    mesh = BoneMesh(points=points[keep], cells=same.ravel()[cells], kind="tet10", side="right")
    frame = FemoralFrame(
        origin=np.array([40.0, 0.0, 0.0]),
        axes=np.array([[-1.0, 0, 0], [0, -1.0, 0], [0, 0, 1.0]]),
        side="right",
        head_radius=20.0,
        neck_axis=np.array([1.0, 0.0, 1.0]) / np.sqrt(2.0),
        shaft_point=np.array([0.0, 0.0, -20.0]),
        neck_shaft_angle=np.radians(135.0),
        shaft_length=length - 20.0,
        shaft_reference="shaft",
    )
    return mesh, frame


@pytest.fixture(scope="session")
def tube():
    return _tube


def _plastic_bone(mesh, strength, fixed, forces_of, *, elastic=None, stiffness=10.0):
    """Return a bone held component by component, under nodal forces for a load of one."""
    require_dolfinx()
    from femur_fea.solver.bone import prepare_bone
    from femur_fea.solver.space import displacement_space

    space = displacement_space(mesh)
    elastic = elastic or ElasticField(E_modulus=np.full((mesh.n_cells, 1), 10000.0), nu=0.3)
    held = space.held(fixed)
    return prepare_bone(
        space, elastic, strength, held, forces_of(space), machine_stiffness=stiffness
    )


def _follow(bone, **settings):
    from femur_fea.solver import NonlinearSettings
    from femur_fea.solver.path import follow_path

    return follow_path(bone, NonlinearSettings(**settings))


@pytest.fixture(scope="session")
def plastic_bone():
    return _plastic_bone


@pytest.fixture(scope="session")
def follow():
    return _follow
