"""Solids of the published benchmarks: meshes by gmsh, supports by component, surface tractions."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.spatial import cKDTree

from femur_fea.domain import BoneMesh, ElasticField
from femur_fea.io.export import facet_forces
from femur_fea.io.export.forces import FACET_EDGES
from femur_fea.solver.environment import require_dolfinx

TETRAHEDRON = 4  # gmsh's number


@contextmanager
def _gmsh(size):
    """Give gmsh's CAD kernel; `size` maps x, y, z to the edge length."""
    import gmsh

    gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.option.setNumber("General.NumThreads", 1)
        gmsh.option.setNumber("Mesh.MeshSizeExtendFromBoundary", 0)
        gmsh.model.mesh.setSizeCallback(lambda _dim, _tag, x, y, z, _lc: size(x, y, z))
        yield gmsh.model
    finally:
        gmsh.finalize()


def _bone_mesh(model):
    model.occ.synchronize()
    model.mesh.generate(3)
    tags, coordinates, _ = model.mesh.getNodes()
    cells = model.mesh.getElementsByType(TETRAHEDRON)[1]
    used, corners = np.unique(cells, return_inverse=True)
    points = coordinates.reshape(-1, 3)[np.argsort(tags)][np.searchsorted(np.sort(tags), used)]
    cells = corners.reshape(-1, 4)
    turned = np.linalg.det(points[cells[:, 1:]] - points[cells[:, :1]]) < 0.0
    cells[turned] = cells[turned][:, [0, 2, 1, 3]]
    return BoneMesh(points=points, cells=cells, kind="tet10", side="left")


def _extruded(profile, *, height, layers, size):
    """Return a plane profile, drawn by `profile(occ)` -> surface, extruded to z = `height`."""
    with _gmsh(size) as model:
        surface = profile(model.occ)
        model.occ.extrude([(2, surface)], 0, 0, height, numElements=[layers])
        return _bone_mesh(model)


def _meshed(solid, *, size):
    """Return a solid that `solid(occ)` draws."""
    with _gmsh(size) as model:
        solid(model.occ)
        return _bone_mesh(model)


def _quarter_ring(occ, inner, outer):
    """Draw the quarter x, y > 0 between two ellipses of given semi-axes."""
    rings, _ = occ.cut([(2, occ.addDisk(0, 0, 0, *outer))], [(2, occ.addDisk(0, 0, 0, *inner))])
    corner = [(2, occ.addRectangle(0, 0, 0, *outer))]
    return occ.intersect(rings, corner)[0][0][1]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """Displacement and corner stress at the points of a mesh."""

    mesh: BoneMesh
    u: np.ndarray
    stress: np.ndarray

    def at(self, x, y, z):
        """Return the number of the mesh point at a place."""
        distance = np.linalg.norm(self.mesh.points - [x, y, z], axis=1)
        assert distance.min() < 1e-6
        return int(distance.argmin())


def _solve(mesh, *, E, nu, held, tractions):
    """Return one solution to each of `tractions`.

    `held` maps points (n, 3) to held components (n, 3); a traction maps facet corners (n, 3, 3)
    and outward unit normals (n, 3) to the traction at the corners (n, 3, 3).
    """
    require_dolfinx()
    from femur_fea.solver.space import displacement_space
    from femur_fea.solver.system import elastic_system, solve_system

    space = displacement_space(mesh)
    elastic = ElasticField(E_modulus=np.full((mesh.n_cells, 1), E), nu=nu)
    system = elastic_system(space, elastic, space.held(held(mesh.points)), tolerance=1e-9)
    return [
        _solution(space, elastic, solve_system(system, _load(space, traction)).u)
        for traction in tractions
    ]


def _load(space, traction: Callable):
    mesh = space.mesh
    corners = mesh.points[mesh.facets]
    area = mesh.facet_area_vectors
    normals = area / np.linalg.norm(area, axis=1, keepdims=True)
    places = np.concatenate([corners, corners[:, FACET_EDGES].mean(axis=2)], axis=1)
    _, node = cKDTree(space.node_coordinates).query(places)
    force = np.zeros((space.n_nodes, 3))
    np.add.at(force, node, facet_forces(corners, traction(corners, normals), kind=mesh.kind))
    return force


def _solution(space, elastic, u):
    from femur_fea.solver.kinematics import kinematics
    from femur_fea.solver.recovery import corner_strain

    mesh = space.mesh
    E, nu = elastic.E_modulus[:, :, None], elastic.nu
    strain = corner_strain(kinematics(space), u)
    trace = strain[..., :3].sum(axis=-1, keepdims=True)
    shear = E / (2 * (1 + nu))
    stress = shear * strain * [2, 2, 2, 1, 1, 1]
    stress[..., :3] += E * nu / ((1 + nu) * (1 - 2 * nu)) * trace
    total = np.zeros((mesh.n_points, 6))
    np.add.at(total, mesh.cells, stress)
    count = np.bincount(mesh.cells.ravel())
    return Solution(mesh=mesh, u=u[space.point_dofs], stress=total / count[:, None])


def _symmetry(*planes):
    """Return supports that hold component i on each plane (i, value)."""

    def held(points):
        fixed = np.zeros(points.shape, dtype=bool)
        for axis, value in planes:
            fixed[:, axis] |= np.isclose(points[:, axis], value)
        return fixed

    return held


@pytest.fixture(scope="session")
def extruded():
    return _extruded


@pytest.fixture(scope="session")
def meshed():
    return _meshed


@pytest.fixture(scope="session")
def quarter_ring():
    return _quarter_ring


@pytest.fixture(scope="session")
def solve():
    return _solve


@pytest.fixture(scope="session")
def symmetry():
    return _symmetry
