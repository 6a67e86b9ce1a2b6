"""Displacement spaces of DOLFINx, and how their nodes lie in the input mesh."""

from dataclasses import dataclass
from typing import Any

import basix.ufl
import numpy as np
from dolfinx import fem, graph
from dolfinx import mesh as dolfinx_mesh
from mpi4py import MPI

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, IntArray
from femur_fea.solver.element import EDGES
from femur_fea.solver.share import Share, partition

__all__ = ["DisplacementSpace", "displacement_space"]

# DOLFINx's name of each cell, and which of VTK's corners each of its own is
_TETRAHEDRON = ("tetrahedron", np.arange(4))
_CELLS = {
    "tet4": _TETRAHEDRON,
    "tet10": _TETRAHEDRON,
    "hex8": ("hexahedron", np.array([0, 1, 3, 2, 4, 5, 7, 6])),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DisplacementSpace:
    """The displacement on one mesh.

    DOLFINx renumbers cells and points. Nodes here are in its order, cells and points in that of
    the input mesh, so that nothing beyond this package has to know about it.

    Attributes
    ----------
    mesh : BoneMesh
        The input mesh.
    V : FunctionSpace
        Displacement: quadratic for tet10, linear for tet4, trilinear for hex8.
    V_linear : FunctionSpace
        Displacement by the corners alone on the same mesh, for tractions and the coarse level;
        `V` for tet4 and hex8.
    share : Share
        The cells and nodes of this rank.
    linear_share : Share
        The same for `V_linear`.
    cell_nodes : (n_own_cells, 4, 8 or 10)
        Local nodes of `V` in each cell of the share: corners in the order of VTK, then mid-edges
        in the order of `element.EDGES`.
    ends : (n_nodes, 2)
        The mesh points in whose middle each node of `V` lies: one and the same at a corner.
    linear_points : (n_points,)
        The mesh point at each node of `V_linear`.
    """

    mesh: BoneMesh
    V: Any
    V_linear: Any
    share: Share
    linear_share: Share
    cell_nodes: IntArray
    ends: IntArray
    linear_points: IntArray

    @property
    def n_nodes(self) -> int:
        """Number of nodes of `V`, with three unknowns each."""
        return len(self.ends)

    @property
    def node_coordinates(self) -> FloatArray:
        """Coordinates of the nodes of `V`, shape (n_nodes, 3), mm."""
        return self.at_nodes(self.mesh.points)

    @property
    def point_dofs(self) -> IntArray:
        """Node of `V` at each mesh point, shape (n_points,)."""
        corners = np.flatnonzero(self.ends[:, 0] == self.ends[:, 1])
        return _inverse(self.ends[corners, 0], corners)

    def held(self, fixed: BoolArray) -> BoolArray:
        """Return which unknowns the supports hold, shape (n_nodes, 3).

        Parameters
        ----------
        fixed : (n_points, 3)
            Components held at each mesh point. An edge's node is held as both its ends are.
        """
        return np.asarray(fixed[self.ends].all(axis=1))

    def at_nodes(self, values: FloatArray) -> FloatArray:
        """Return values (n_points, 3) that are linear on each cell at the nodes, (n_nodes, 3)."""
        return np.asarray(values[self.ends].mean(axis=1))

    def linear_held(self, held: BoolArray) -> BoolArray:
        """Return the same for `V_linear`, given which unknowns of `V` are held."""
        return held[self.point_dofs[self.linear_points]]

    def linear_function(self, values: FloatArray) -> Any:
        """Return the function of `V_linear` with given values (n_points, 3) at the mesh points."""
        function = fem.Function(self.V_linear)
        local = self.linear_share.local(values[self.linear_points])
        function.x.array.reshape(-1, 3)[:] = local
        return function


def displacement_space(mesh: BoneMesh, comm: Any = MPI.COMM_SELF) -> DisplacementSpace:
    """Return the displacement space that the kind of `mesh` names, shared by the ranks of `comm`.

    Every rank calls this with the same mesh.
    """
    _, corners = _CELLS[mesh.kind]
    parts = partition(mesh.centroids, comm.size)
    domain = _distributed(mesh, parts, comm)
    V_linear = fem.functionspace(domain, ("Lagrange", 1, (3,)))
    V = fem.functionspace(domain, ("Lagrange", 2, (3,))) if mesh.kind == "tet10" else V_linear
    cells = np.concatenate(parts)[domain.topology.original_cell_index]
    share, linear_share = _share(V, cells, comm), _share(V_linear, cells, comm)
    cell_nodes = _by_vtk(V, corners)
    linear_ends = _ends(mesh, linear_share, _by_vtk(V_linear, corners))
    return DisplacementSpace(
        mesh=mesh,
        V=V,
        V_linear=V_linear,
        share=share,
        linear_share=linear_share,
        cell_nodes=cell_nodes,
        ends=_ends(mesh, share, cell_nodes),
        linear_points=linear_ends[:, 0],
    )


def _distributed(mesh: BoneMesh, parts: list[IntArray], comm: Any) -> Any:
    """Return the mesh of DOLFINx whose cells on each rank are its part, and no others."""
    cell, corners = _CELLS[mesh.kind]
    geometry = basix.ufl.element("Lagrange", cell, 1, shape=(3,))
    own = parts[comm.rank]
    points = np.array_split(mesh.points, comm.size)[comm.rank]

    def stay(*_: Any) -> Any:
        return graph.adjacencylist(np.full((len(own), 1), comm.rank, dtype=np.int32))._cpp_object

    cells = np.ascontiguousarray(mesh.cells[own][:, corners])
    return dolfinx_mesh.create_mesh(comm, cells, geometry, points, stay)


def _share(V: Any, cells: IntArray, comm: Any) -> Share:
    nodes = V.dofmap.index_map
    first, last = nodes.local_range
    n_local = nodes.size_local + nodes.num_ghosts
    return Share(
        comm=comm,
        cells=cells,
        nodes=nodes.local_to_global(np.arange(n_local, dtype=np.int32)),
        own=slice(first, last),
        n_nodes=nodes.size_global,
    )


def _by_vtk(V: Any, corners: IntArray) -> IntArray:
    """Return the local nodes of each cell of this rank, its corners in the order of VTK."""
    nodes: IntArray = V.dofmap.list.copy()
    # either order of the corners is the inverse of the other
    nodes[:, : len(corners)] = nodes[:, corners]
    return nodes


def _ends(mesh: BoneMesh, share: Share, cell_nodes: IntArray) -> IntArray:
    """Return the two mesh points in whose middle each node lies, (n_nodes, 2)."""
    points = mesh.cells[share.cells]
    n_corners = points.shape[1]
    ends = np.empty((len(share.nodes), 2), dtype=np.int64)
    ends[cell_nodes[:, :n_corners]] = points[:, :, None]
    if cell_nodes.shape[1] > n_corners:
        ends[cell_nodes[:, n_corners:]] = points[:, EDGES]
    return share.all_nodes(ends[: share.own.stop - share.own.start])


def _inverse(values: IntArray, places: IntArray) -> IntArray:
    """Return an array that holds `places` at `values`, which are a permutation."""
    inverse = np.empty_like(places)
    inverse[values] = places
    return inverse
