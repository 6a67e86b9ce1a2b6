"""A box with a material and a load, as other programs get it."""

import dataclasses
import itertools

import numpy as np
import pytest

from femur_fea.domain import BoneMesh, ElasticField, LoadCase, TransverseCortex, TransverseRatios
from femur_fea.io.export import export_model

SIZE = np.array([4.0, 6.0, 9.0])
BRICK = np.array([0, 16, 20, 4, 1, 17, 21, 5])  # corners of the first voxel, in the order of VTK
RATIOS = TransverseRatios(
    E_transverse=0.6,
    G_axial=0.2,
    nu_axial=0.3,
    nu_transverse=0.4,
    source="numbers for a test",
    provenance="unverified",
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


def _directed(mesh):
    cells = mesh.centroids[:, 0] < 2.0
    cortex = TransverseCortex(cells=cells, axis=np.array([0.6, 0.0, 0.8]), ratios=RATIOS)
    return dataclasses.replace(_elastic(mesh), cortex=cortex)


@pytest.fixture
def mesh_of():
    return _mesh


@pytest.fixture
def elastic_of():
    return _elastic


@pytest.fixture
def load_of():
    return _load


@pytest.fixture
def directed():
    return _directed


@pytest.fixture(params=["tet10", "tet4", "hex8"])
def problem(request):
    mesh = _mesh(request.param)
    return mesh, _elastic(mesh), _load(mesh)


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
