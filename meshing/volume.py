"""Mask to volume mesh."""

from femur_fea.domain import BoneMesh, ElementKind, LabelMask, Side
from femur_fea.errors import MeshQualityError
from meshing.cubes import resample_mask
from meshing.mirror import as_right_femur, in_axis_order, to_side
from meshing.quality import scaled_inverse_condition
from meshing.surface import extract_surface
from meshing.voxels import keep_largest_part, mesh_voxels

__all__ = ["mesh_mask"]

_LEAST_INVERSE_CONDITION = 0.05  # femora reach 0.2 to 0.4; below it iterations and strains suffer


def mesh_mask(mask: LabelMask, *, edge_length: float, kind: ElementKind, side: Side) -> BoneMesh:
    """Return a mesh of one bone: tetrahedra within a smooth surface, or cubes.

    Cubes are those at least half of whose volume lies in the mask, so that they fit any topology;
    the largest part that hangs together by faces is kept.

    Every bone is meshed as a right femur in one storage order and brought back, so that a mirrored
    bone has the mirrored mesh, and the order in which a file stores its voxels does not matter.

    Parameters
    ----------
    mask : LabelMask
        The bone, lesion included; for tetrahedra as one solid piece.
    edge_length : float, mm
        Mean edge of the cells, at the surface and inside.
    kind : {"tet10", "tet4", "hex8"}
        Cubes for hex8; tetrahedra, the same ones, for the other two.
    side : {"left", "right"}
        Which femur.

    Raises
    ------
    SegmentationError
        If the mask is empty, or, for tetrahedra, in pieces or hollow.
    MeshError
        If its surface cannot be closed or filled, or tetrahedra come out too distorted.

    Warns
    -----
    FemurFEAWarning
        If cubes without a common face with the others are left out.
    """
    right = in_axis_order(as_right_femur(mask, side))
    make = _cubes if kind == "hex8" else _tetrahedra
    return to_side(make(right, edge_length, kind), side)


def _cubes(mask: LabelMask, edge_length: float, _: ElementKind) -> BoneMesh:
    whole = keep_largest_part(resample_mask(mask, edge_length=edge_length))
    return mesh_voxels(whole, side="right")


def _tetrahedra(mask: LabelMask, edge_length: float, kind: ElementKind) -> BoneMesh:
    from meshing.tetrahedra import fill_with_tetrahedra

    surface = extract_surface(mask, edge_length=edge_length)
    points, cells = fill_with_tetrahedra(surface, edge_length=edge_length)
    mesh = BoneMesh(points=points, cells=cells, kind=kind, side="right")
    _check_shape_of_cells(mesh)
    return mesh


def _check_shape_of_cells(mesh: BoneMesh) -> None:
    condition = scaled_inverse_condition(mesh.cell_edges, mesh.kind)
    worst = int(condition.argmin())
    if condition[worst] < _LEAST_INVERSE_CONDITION:
        x, y, z = mesh.centroids[worst]
        raise MeshQualityError(
            found=f"a cell of scaled inverse condition {condition[worst]:.3f} at "
            f"({x:.1f}, {y:.1f}, {z:.1f}) mm",
            expected=f"at least {_LEAST_INVERSE_CONDITION:g}",
            remedy="use another edge length, or check the mask for thin parts there",
        )
