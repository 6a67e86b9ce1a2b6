"""The bone as a solid that can be deformed, thinned out and cut."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, ElementKind, FemoralFrame, FloatArray

if TYPE_CHECKING:
    import pyvista as pv

__all__ = ["CELL", "CutPlane", "bone_solid", "shown_part", "visible_parts"]

CELL = "cell"
# a mirror image of a cell, with its corners in an order that is positive again
_MIRRORED: dict[ElementKind, list[int]] = {
    "tet4": [0, 2, 1, 3],
    "tet10": [0, 2, 1, 3],
    "hex8": [0, 3, 2, 1, 4, 7, 6, 5],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPlane:
    """A plane across an axis of the femoral frame; what lies beyond it is taken away.

    Attributes
    ----------
    axis : {0, 1, 2}
        Lateral, anterior or proximal.
    position : float, mm
        Where the plane crosses that axis.
    """

    axis: int
    position: float

    @property
    def normal(self) -> FloatArray:
        """Direction to what is taken away, in the frame, shape (3,)."""
        return np.asarray(np.eye(3)[self.axis])

    @property
    def origin(self) -> FloatArray:
        """A point of the plane, in the frame, shape (3,), mm."""
        return np.asarray(self.position * self.normal)


def bone_solid(
    mesh: BoneMesh, frame: FemoralFrame, displacement: FloatArray, factor: float
) -> "pv.UnstructuredGrid":
    """Return the cells of a bone in its frame, each with its number as the cell data `cell`.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its frame.
    displacement : (n_points, 3), mm
        Of the points, in LPS.
    factor : float
        How often the displacement is added.
    """
    from pyvista import CellType, UnstructuredGrid

    cells = mesh.cells if frame.side == "right" else mesh.cells[:, _MIRRORED[mesh.kind]]
    points = frame.to_frame(mesh.points + factor * displacement)
    kind = CellType.HEXAHEDRON if mesh.kind == "hex8" else CellType.TETRA
    solid = UnstructuredGrid({kind: cells}, points)
    solid.cell_data[CELL] = np.arange(mesh.n_cells)
    return solid


def shown_part(solid: "pv.UnstructuredGrid", shown: BoolArray) -> "pv.UnstructuredGrid":
    """Return the cells of a solid for which `shown`, (n_cells,), is true."""
    return solid if shown.all() else solid.extract_cells(np.flatnonzero(shown))


def visible_parts(
    part: "pv.UnstructuredGrid", plane: CutPlane | None
) -> tuple["pv.PolyData", "pv.PolyData"]:
    """Return the outer surface of cells, and the face where they are cut.

    Both carry the number of the cell behind each polygon; the face is empty without a plane.

    Parameters
    ----------
    part : pyvista.UnstructuredGrid
        As from `bone_solid` or `shown_part`.
    plane : CutPlane or None
        Where it is cut.
    """
    import pyvista as pv

    if not part.n_cells:
        return pv.PolyData(), pv.PolyData()
    surface = part.extract_surface(algorithm="dataset_surface").compute_normals(
        cell_normals=False, split_vertices=False, consistent_normals=False
    )
    if plane is None:
        return surface, pv.PolyData()
    cut = {"normal": plane.normal, "origin": plane.origin}
    return surface.clip(**cut), part.slice(**cut)
