"""Displacement spaces of DOLFINx, and how their unknowns lie in the input mesh."""

from dataclasses import dataclass
from typing import Any

import basix.ufl
import numpy as np
from dolfinx import fem
from dolfinx import mesh as dolfinx_mesh
from mpi4py import MPI

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, IntArray
from femur_fea.solver.element import EDGES

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

    DOLFINx renumbers cells and points. All arrays here are in the order of the input mesh, so
    that nothing beyond this module and the filling of coefficients has to know about it.

    Attributes
    ----------
    mesh : BoneMesh
        The input mesh.
    V : FunctionSpace
        Displacement: quadratic for tet10, linear for tet4, trilinear for hex8.
    V_linear : FunctionSpace
        Displacement by the corners alone on the same mesh, for tractions and the coarse level;
        `V` for tet4 and hex8.
    cell_dofs : (n_cells, 4, 8 or 10)
        Nodes of `V` in each cell: corners, then mid-edges in the order of `element.EDGES`.
    point_dofs : (n_points,)
        Node of `V` at each mesh point.
    linear_point_dofs : (n_points,)
        Node of `V_linear` at each mesh point.
    input_cell : (n_cells,)
        The input cell that each DOLFINx cell is.
    """

    mesh: BoneMesh
    V: Any
    V_linear: Any
    cell_dofs: IntArray
    point_dofs: IntArray
    linear_point_dofs: IntArray
    input_cell: IntArray

    @property
    def n_nodes(self) -> int:
        """Number of nodes of `V`, with three unknowns each."""
        return int(self.V.dofmap.index_map.size_local)

    @property
    def node_coordinates(self) -> FloatArray:
        """Coordinates of the nodes of `V`, shape (n_nodes, 3), mm."""
        return np.asarray(self.V.tabulate_dof_coordinates()[: self.n_nodes])

    def held(self, fixed: BoolArray) -> BoolArray:
        """Return which unknowns the supports hold, shape (n_nodes, 3).

        Parameters
        ----------
        fixed : (n_points, 3)
            Components held at each mesh point. An edge's node is held as both its ends are.
        """
        at_corners = fixed[self.mesh.cells]
        if self.mesh.kind == "tet10":
            on_edges = at_corners[:, EDGES].all(axis=2)
            at_corners = np.concatenate([at_corners, on_edges], axis=1)
        held = np.zeros((self.n_nodes, 3), dtype=bool)
        held[self.cell_dofs] = at_corners
        return held

    def at_nodes(self, values: FloatArray) -> FloatArray:
        """Return values (n_points, 3) that are linear on each cell at the nodes, (n_nodes, 3)."""
        at_corners = values[self.mesh.cells]
        if self.mesh.kind == "tet10":
            at_corners = np.concatenate([at_corners, at_corners[:, EDGES].mean(axis=2)], axis=1)
        nodal = np.zeros((self.n_nodes, 3))
        nodal[self.cell_dofs] = at_corners
        return nodal

    def linear_held(self, held: BoolArray) -> BoolArray:
        """Return the same for `V_linear`, given which unknowns of `V` are held."""
        linear_held = np.empty((self.mesh.n_points, 3), dtype=bool)
        linear_held[self.linear_point_dofs] = held[self.point_dofs]
        return linear_held

    def linear_function(self, values: FloatArray) -> Any:
        """Return the function of `V_linear` with given values (n_points, 3) at the mesh points."""
        function = fem.Function(self.V_linear)
        function.x.array.reshape(-1, 3)[self.linear_point_dofs] = values
        return function


def displacement_space(mesh: BoneMesh) -> DisplacementSpace:
    """Return the displacement space that the kind of `mesh` names.

    Every process holds the whole of its own mesh: several bones may be solved beside each other.
    """
    cell, corners = _CELLS[mesh.kind]
    geometry = basix.ufl.element("Lagrange", cell, 1, shape=(3,))
    cells = np.ascontiguousarray(mesh.cells[:, corners])
    domain = dolfinx_mesh.create_mesh(MPI.COMM_SELF, cells, geometry, mesh.points)
    V_linear = fem.functionspace(domain, ("Lagrange", 1, (3,)))
    V = fem.functionspace(domain, ("Lagrange", 2, (3,))) if mesh.kind == "tet10" else V_linear
    input_cell = np.asarray(domain.topology.original_cell_index)
    cell_dofs = _in_input_order(V, corners, input_cell)
    linear_cell_dofs = _in_input_order(V_linear, corners, input_cell)
    return DisplacementSpace(
        mesh=mesh,
        V=V,
        V_linear=V_linear,
        cell_dofs=cell_dofs,
        point_dofs=_at_points(mesh, cell_dofs),
        linear_point_dofs=_at_points(mesh, linear_cell_dofs),
        input_cell=input_cell,
    )


def _in_input_order(V: Any, corners: IntArray, input_cell: IntArray) -> IntArray:
    """Return the nodes of every cell of the input mesh, its corners in the order of VTK."""
    nodes: IntArray = V.dofmap.list
    ordered = np.empty_like(nodes)
    ordered[input_cell] = nodes
    # either order of the corners is the inverse of the other
    ordered[:, : len(corners)] = ordered[:, corners]
    return ordered


def _at_points(mesh: BoneMesh, cell_dofs: IntArray) -> IntArray:
    """Return the node at every mesh point; corners keep their order within a cell."""
    nodes = np.empty(mesh.n_points, dtype=np.int32)
    nodes[mesh.cells] = cell_dofs[:, : mesh.cell_shape.n_corners]
    return nodes
