"""Shape of the cells of a mesh and fidelity to its mask."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from femur_fea.domain import BoneMesh, ElementKind, FloatArray, LabelMask

__all__ = ["MeshQuality", "dihedral_angles", "measure_quality", "scaled_inverse_condition"]

# edge matrix of the regular tetrahedron, the shape against which a cell is measured
_REGULAR = np.array(
    [[1.0, 0.5, 0.5], [0.0, np.sqrt(3.0) / 2.0, np.sqrt(3.0) / 6.0], [0.0, 0.0, np.sqrt(2.0 / 3.0)]]
)
# from the edges of a cell to those of an affine map of the best shape, which a cube is as well
_FROM_BEST = {
    "tet4": np.linalg.inv(_REGULAR),
    "tet10": np.linalg.inv(_REGULAR),
    "hex8": np.eye(3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeshQuality:
    """How good a mesh is.

    Attributes
    ----------
    n_points, n_cells : int
        Corners and cells.
    smallest_inverse_condition, percentile_1_inverse_condition : float
        Scaled inverse condition number of the worst cell, and the value that 1 % of the cells
        stay below: 1 for a regular tetrahedron or a cube, 0 for a flat cell.
    smallest_dihedral_deg, largest_dihedral_deg : float, degrees
        Angles between the faces of a cell.
    volume_mm3, mask_volume_mm3 : float, mm3
        Volume of the mesh, and of the mask's voxels.
    volume_ratio : float
        Mesh over mask.
    """

    n_points: int
    n_cells: int
    smallest_inverse_condition: float
    percentile_1_inverse_condition: float
    smallest_dihedral_deg: float
    largest_dihedral_deg: float
    volume_mm3: float
    mask_volume_mm3: float
    volume_ratio: float


def measure_quality(mesh: BoneMesh, mask: LabelMask) -> MeshQuality:
    """Return the quality of a mesh made from a mask."""
    condition = scaled_inverse_condition(mesh.cell_edges, mesh.kind)
    angles = np.degrees(dihedral_angles(mesh))
    volume = float(mesh.cell_volumes.sum())
    return MeshQuality(
        n_points=mesh.n_points,
        n_cells=mesh.n_cells,
        smallest_inverse_condition=float(condition.min()),
        percentile_1_inverse_condition=float(np.percentile(condition, 1.0)),
        smallest_dihedral_deg=float(angles.min()),
        largest_dihedral_deg=float(angles.max()),
        volume_mm3=volume,
        mask_volume_mm3=mask.volume,
        volume_ratio=volume / mask.volume,
    )


def scaled_inverse_condition(cell_edges: FloatArray, kind: ElementKind) -> FloatArray:
    """Return 3 / (|A| |A^-1|) of every cell, shape (n_cells,), dimensionless.

    A maps the regular tetrahedron, or the cube, to the cell and |.| is Frobenius' norm; negative
    if inverted.

    Parameters
    ----------
    cell_edges : (n_cells, 3, 3), mm
        Edges from each cell's first corner, one to a row, as `BoneMesh.cell_edges`.
    kind : {"tet10", "tet4", "hex8"}
        The element.

    References
    ----------
    Freitag and Knupp, Tetrahedral mesh improvement via optimization of the element condition
    number, Int J Numer Meth Eng 2002;53:1377, doi:10.1002/nme.341
    """
    matrix = np.swapaxes(cell_edges, 1, 2) @ _FROM_BEST[kind]
    determinant = np.linalg.det(matrix)
    # |A^-1| = |adj A| / |det A|: no division by the determinant of a flat cell
    rows = [np.cross(matrix[:, (i + 1) % 3], matrix[:, (i + 2) % 3]) for i in range(3)]
    adjugate_norm = np.linalg.norm(np.stack(rows, axis=1), axis=(1, 2))
    return np.asarray(3.0 * determinant / (np.linalg.norm(matrix, axis=(1, 2)) * adjugate_norm))


def dihedral_angles(mesh: BoneMesh) -> FloatArray:
    """Return the angles between faces that meet, shape (n_cells, 6 or 12), rad."""
    faces = mesh.cell_shape.faces
    corner = mesh.points[mesh.cells[:, faces]]
    normal = np.cross(corner[:, :, 1] - corner[:, :, 0], corner[:, :, 2] - corner[:, :, 0])
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    pairs = np.array(
        [(a, b) for a, b in combinations(range(len(faces)), 2) if set(faces[a]) & set(faces[b])]
    )
    first, second = normal[:, pairs[:, 0]], normal[:, pairs[:, 1]]
    cosine = np.einsum("cfi,cfi->cf", first, second)
    sine = np.linalg.norm(np.cross(first, second), axis=2)
    return np.asarray(np.pi - np.arctan2(sine, cosine))
