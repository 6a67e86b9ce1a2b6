"""Mask to volume mesh."""

from femur_fea.domain import BoneMesh, ElementKind, FloatArray, LabelMask, Side
from femur_fea.errors import MeshQualityError
from meshing.mirror import as_right_femur, in_axis_order, to_side
from meshing.quality import scaled_inverse_condition
from meshing.surface import extract_surface

__all__ = ["mesh_mask"]

_LEAST_INVERSE_CONDITION = 0.05  # femora reach 0.2 to 0.4; below it iterations and strains suffer


def mesh_mask(mask: LabelMask, *, edge_length: float, kind: ElementKind, side: Side) -> BoneMesh:
    """Return a tetrahedral mesh of one bone.

    Every bone is meshed as a right femur in one storage order and brought back, so that a mirrored
    bone has the mirrored mesh, and the order in which a file stores its voxels does not matter.

    Parameters
    ----------
    mask : LabelMask
        The bone as one solid piece, lesion included.
    edge_length : float, mm
        Mean edge of the cells, at the surface and inside.
    kind : {"tet10", "tet4"}
        Order of the displacement on a cell; the cells are the same.
    side : {"left", "right"}
        Which femur.

    Raises
    ------
    SegmentationError
        If the mask is empty, in pieces or hollow.
    MeshError
        If its surface cannot be closed or filled, or cells come out too distorted.
    """
    from meshing.tetrahedra import fill_with_tetrahedra

    right = in_axis_order(as_right_femur(mask, side))
    surface = extract_surface(right, edge_length=edge_length)
    points, cells = fill_with_tetrahedra(surface, edge_length=edge_length)
    _check_shape_of_cells(points[cells])
    return to_side(BoneMesh(points=points, cells=cells, kind=kind, side="right"), side)


def _check_shape_of_cells(corners: FloatArray) -> None:
    condition = scaled_inverse_condition(corners)
    worst = int(condition.argmin())
    if condition[worst] < _LEAST_INVERSE_CONDITION:
        x, y, z = corners[worst].mean(axis=0)
        raise MeshQualityError(
            found=f"a cell of scaled inverse condition {condition[worst]:.3f} at "
            f"({x:.1f}, {y:.1f}, {z:.1f}) mm",
            expected=f"at least {_LEAST_INVERSE_CONDITION:g}",
            remedy="use another edge length, or check the mask for thin parts there",
        )
