"""Filling a closed surface with tetrahedra."""

from collections.abc import Iterator
from contextlib import contextmanager

import gmsh
import numpy as np

from femur_fea.domain import FloatArray, IntArray, TriangleSurface
from femur_fea.errors import MeshError, NotWatertightError
from femur_fea.signals import kept_signals

__all__ = ["fill_with_tetrahedra"]

_TRIANGLE, _TETRAHEDRON = 2, 4  # gmsh's numbers of the element types
_HXT = 10


def fill_with_tetrahedra(
    surface: TriangleSurface, *, edge_length: float
) -> tuple[FloatArray, IntArray]:
    """Return points (n, 3) in mm and cells (n_cells, 4) that fill a closed surface.

    The triangles of the surface are kept as the boundary of the cells. The result is the same on
    every call: one thread, fixed seed.

    Raises
    ------
    NotWatertightError
        If the surface is not closed, or faces inwards.
    MeshError
        If the surface cannot be filled.
    """
    if not surface.is_closed or surface.volume <= 0.0:
        raise NotWatertightError(
            found=f"a surface with {surface.n_faulty_edges} faulty edges round "
            f"{surface.volume:.0f} mm3",
            expected="a closed surface that faces outwards",
            remedy="extract it from a mask, or repair it",
        )
    with _gmsh_session(edge_length):
        _add_solid(surface)
        _generate()
        return _cells()


@contextmanager
def _gmsh_session(edge_length: float) -> Iterator[None]:
    """Open a quiet, repeatable gmsh model that leaves the process's signal handlers alone."""
    with kept_signals():
        gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        for name, value in {
            "General.Terminal": 0,
            "General.NumThreads": 1,
            "Mesh.RandomSeed": 1,
            "Mesh.Algorithm3D": _HXT,
            "Mesh.MeshSizeMin": edge_length,
            "Mesh.MeshSizeMax": edge_length,
        }.items():
            gmsh.option.setNumber(name, value)
        yield
    finally:
        gmsh.finalize()


def _add_solid(surface: TriangleSurface) -> None:
    shell = gmsh.model.addDiscreteEntity(2)
    tags = np.arange(1, surface.n_points + 1)
    gmsh.model.mesh.addNodes(2, shell, tags, surface.points.ravel())
    gmsh.model.mesh.addElementsByType(shell, _TRIANGLE, [], (surface.triangles + 1).ravel())
    loop = gmsh.model.geo.addSurfaceLoop([shell])
    gmsh.model.geo.addVolume([loop])
    gmsh.model.geo.synchronize()


def _generate() -> None:
    try:
        gmsh.model.mesh.generate(3)
    except Exception as error:  # gmsh raises nothing narrower
        raise MeshError(
            found=f"a surface that gmsh cannot fill ({error})",
            expected="a surface that does not cross itself",
            remedy="use another edge length, or check the mask for thin parts",
        ) from error


def _cells() -> tuple[FloatArray, IntArray]:
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    _, corner_tags = gmsh.model.mesh.getElementsByType(_TETRAHEDRON)
    if len(corner_tags) == 0:
        raise MeshError(
            found="a surface that gmsh left empty",
            expected="tetrahedra inside it",
            remedy="use another edge length, or check the mask for thin parts",
        )
    row = np.full(int(tags.max()) + 1, -1, dtype=np.int64)
    used = np.unique(corner_tags)
    row[used] = np.arange(len(used))
    order = np.argsort(tags)
    points = coordinates.reshape(-1, 3)[order][np.searchsorted(tags[order], used)]
    return points, row[corner_tags].reshape(-1, 4)
