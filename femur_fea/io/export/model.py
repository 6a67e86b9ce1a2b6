"""One load case of one bone as nodes, elements, materials, supports and nodal forces."""

import re
from dataclasses import dataclass

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    ElasticField,
    ElementKind,
    FloatArray,
    IntArray,
    LoadCase,
    TransverseCortex,
    check_samples_of,
    check_shape,
    read_only,
)
from femur_fea.errors import OutOfRangeError
from femur_fea.io.export.bins import ModulusBins, bin_moduli
from femur_fea.io.export.forces import FACET_EDGES, facet_forces

__all__ = ["ExportModel", "describe", "export_model"]

# ends of the mid-edge nodes 5 to 10: Abaqus and CalculiX C3D10 and FEBio tet10 number them alike
_CELL_EDGES = np.array([[0, 1], [1, 2], [2, 0], [0, 3], [1, 3], [2, 3]])

_PLAIN_NAME = re.compile(r"[\w@.]+([ -][\w@.]+)*", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExportModel:
    """A linear elastic model that any finite-element program can solve.

    Attributes
    ----------
    load : str
        Name of the load case, in ASCII.
    kind : {"tet10", "tet4", "hex8"}
        Element type.
    nodes : (n_nodes, 3), mm
        The mesh points in their order, then the mid-edge nodes; LPS.
    cells : (n_cells, 4, 8 or 10)
        Nodes of each cell: corners, then the tet10's mid-edges 1-2, 2-3, 3-1, 1-4, 2-4, 3-4.
        Abaqus, CalculiX, FEBio and VTK number the corners of a hexahedron alike.
    materials : ModulusBins
        Young's modulus of each material, the cells' materials, and the error of the binning.
    nu : float
        Poisson's ratio of isotropic materials.
    cortex : TransverseCortex or None
        Axis and elastic constants of the materials in the cortex, where it has a direction.
    held : (n_nodes, 3), bool
        Components of the displacement that are prescribed.
    displacement : (n_nodes, 3), mm
        Prescribed displacement; zero at rest and where a component is free.
    forces : (n_nodes, 3), N
        Consistent nodal forces.
    """

    load: str
    kind: ElementKind
    nodes: FloatArray
    cells: IntArray
    materials: ModulusBins
    nu: float
    held: BoolArray
    displacement: FloatArray
    cortex: TransverseCortex | None
    forces: FloatArray

    def __post_init__(self) -> None:
        if _PLAIN_NAME.fullmatch(self.load) is None:
            raise OutOfRangeError(
                found=f"a load case named {self.load!r}",
                expected="letters, digits, and single blanks or hyphens between them, in ASCII",
                remedy="rename the load case",
            )
        for name in ("nodes", "cells", "held", "displacement", "forces"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def fixed(self) -> IntArray:
        """Nodes that are held at rest in all three directions, ascending."""
        return np.flatnonzero(self.held.all(axis=1) & ~self.displacement.any(axis=1))

    @property
    def prescribed(self) -> BoolArray:
        """Components that are prescribed at other nodes than the fixed ones, (n_nodes, 3)."""
        prescribed = self.held.copy()
        prescribed[self.fixed] = False
        return prescribed

    @property
    def loaded(self) -> IntArray:
        """Nodes with a force, ascending."""
        return np.flatnonzero(self.forces.any(axis=1))


def export_model(
    mesh: BoneMesh, elastic: ElasticField, load: LoadCase, *, bin_tolerance: float = 0.01
) -> ExportModel:
    """Return one load case with everything that another program needs.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    elastic : ElasticField
        Young's modulus on its cells; a material holds the mean of a cell.
    load : LoadCase
        Tractions and supports on its points.
    bin_tolerance : float, dimensionless
        Largest relative error of a cell's mean modulus; 0 for a material to each modulus.

    Raises
    ------
    ShapeError
        If material or load do not belong to the mesh.
    OutOfRangeError
        If the tolerance is no relative error, or the load's name cannot be written.
    """
    check_samples_of(mesh, "E_modulus", elastic.E_modulus)
    check_shape("traction", load.traction, (mesh.n_points, 3))
    edges, of_cell = _edges(mesh)
    held = np.concatenate([load.held, load.held[edges].all(axis=1)])
    displacement = np.concatenate([load.displacement, load.displacement[edges].mean(axis=1)])
    return ExportModel(
        load=load.name,
        kind=mesh.kind,
        nodes=np.concatenate([mesh.points, mesh.points[edges].mean(axis=1)]),
        cells=np.concatenate([mesh.cells, mesh.n_points + of_cell], axis=1),
        materials=bin_moduli(elastic, tolerance=bin_tolerance),
        nu=elastic.nu,
        cortex=elastic.cortex,
        held=held,
        displacement=np.where(held, displacement, 0.0),
        forces=_nodal_forces(mesh, load, edges),
    )


def describe(model: ExportModel) -> tuple[str, ...]:
    """Return what a reader of an exported file has to know, line by line."""
    bins = model.materials
    force = " ".join(f"{component:.6g}" for component in model.forces.sum(axis=0))
    return (
        f"Femur, linear elastic {model.kind}, load case: {model.load}",
        "Units: mm, N, MPa. Axes: LPS (x to the left, y posterior, z superior).",
        f"{len(model.nodes)} nodes, {len(model.cells)} elements, {len(model.fixed)} nodes fixed, "
        f"{np.count_nonzero(model.prescribed)} components prescribed at others.",
        f"Resultant of the nodal forces: {force} N.",
        f"Young's modulus: {len(bins.E_modulus)} materials, one to an element; largest error "
        f"{bins.largest_error:.3e} of an element's mean.",
        f"Inside one element the modulus of the original model differs by up to "
        f"{bins.largest_spread:.3e} from that mean.",
        *_describe_cortex(model),
    )


def _describe_cortex(model: ExportModel) -> tuple[str, ...]:
    if model.cortex is None:
        return ()
    axis = " ".join(f"{component:.4f}" for component in model.cortex.axis)
    return (
        f"{int(model.materials.in_cortex.sum())} of the materials are transversely isotropic along "
        f"({axis}); their modulus is that along it.",
        f"Constants ({model.cortex.ratios.provenance}): {model.cortex.ratios.source}.",
    )


def _edges(mesh: BoneMesh) -> tuple[IntArray, IntArray]:
    """Return ends (n_edges, 2) of the edges with a node, and the edges of every cell."""
    if mesh.kind != "tet10":
        return np.empty((0, 2), dtype=np.int64), np.empty((mesh.n_cells, 0), dtype=np.int64)
    pairs = np.sort(mesh.cells[:, _CELL_EDGES].reshape(-1, 2), axis=1)
    keys, of_cell = np.unique(_key(pairs, mesh), return_inverse=True)
    return np.stack(np.divmod(keys, mesh.n_points), axis=1), of_cell.reshape(mesh.n_cells, -1)


def _key(pairs: IntArray, mesh: BoneMesh) -> IntArray:
    """Return one number for each pair of points, the smaller first; ascending like the pairs."""
    return pairs[..., 0].astype(np.int64) * mesh.n_points + pairs[..., 1]


def _nodal_forces(mesh: BoneMesh, load: LoadCase, edges: IntArray) -> FloatArray:
    nodes = mesh.facets.astype(np.int64)
    if mesh.kind == "tet10":
        pairs = np.sort(mesh.facets[:, FACET_EDGES], axis=2)
        row = np.searchsorted(_key(edges, mesh), _key(pairs, mesh))
        nodes = np.concatenate([nodes, mesh.n_points + row], axis=1)
    forces = np.zeros((mesh.n_points + len(edges), 3))
    np.add.at(
        forces,
        nodes,
        facet_forces(mesh.points[mesh.facets], load.traction[mesh.facets], kind=mesh.kind),
    )
    return forces
