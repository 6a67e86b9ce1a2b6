"""The anatomical frame and the side of a femur, from its surface alone."""

import numpy as np

from femur_fea.domain import FemoralFrame, FloatArray, Side, TriangleSurface
from femur_fea.errors import NotWatertightError, SegmentationError, SideError
from meshing.anatomy.head import Head, find_head
from meshing.anatomy.neck import Neck, find_neck
from meshing.anatomy.shaft import Shaft, find_shaft

__all__ = ["detect_side", "find_frame"]

_LEAST_MEDIAL = 0.2  # of the neck axis along x; anatomical necks have 0.6 to 0.8


def find_frame(surface: TriangleSurface, side: Side) -> FemoralFrame:
    """Return axes and landmarks of a femur in scanner orientation.

    Parameters
    ----------
    surface : TriangleSurface
        Closed surface in LPS, head uppermost within some 30 degrees; the shaft may be cut.
    side : {"left", "right"}
        Which femur.

    Raises
    ------
    NotWatertightError
        If the surface is not closed.
    SegmentationError
        If no head or neck can be found.
    SideError
        If the head points to the side of the body on which it cannot lie.

    Notes
    -----
    z runs up the axis of the visible shaft; with less than 40 mm of shaft below the lesser
    trochanter it is the scanner's z, and `shaft_reference` says so. x lies in the plane of z and
    the neck axis, lateral; y is anterior.
    """
    head, neck = _head_and_neck(surface)
    found = _side_of(neck)
    if found != side:
        raise SideError(
            found=f"a head that lies on the medial side of a {found} femur",
            expected=f"a {side} femur",
            remedy=f"state the side as {found}, or check the orientation of the image",
        )
    return _build(head, neck, find_shaft(surface, head), side)


def detect_side(surface: TriangleSurface) -> Side:
    """Return which femur a surface in scanner orientation is: its head lies medially.

    Raises
    ------
    NotWatertightError, SegmentationError
        As `find_frame`.
    SideError
        If the neck points neither left nor right.
    """
    _, neck = _head_and_neck(surface)
    return _side_of(neck)


def _head_and_neck(surface: TriangleSurface) -> tuple[Head, Neck]:
    if not surface.is_closed:
        raise NotWatertightError(
            found=f"a surface with {surface.n_faulty_edges} open or crossing edges",
            expected="a closed surface",
            remedy="cap the distal cut, or extract the surface from a mask",
        )
    head = find_head(surface)
    return head, find_neck(surface, head)


def _side_of(neck: Neck) -> Side:
    """Return the side whose medial direction the head lies in: -x for a left femur."""
    medial = float(neck.axis[0])
    if abs(medial) < _LEAST_MEDIAL:
        raise SideError(
            found=f"a neck whose axis has the component {medial:.2f} to the patient's left",
            expected=f"at least {_LEAST_MEDIAL:g} to one side",
            remedy="check the orientation of the image, or state the side",
        )
    return "left" if medial < 0.0 else "right"


def _build(head: Head, neck: Neck, shaft: Shaft, side: Side) -> FemoralFrame:
    z = shaft.axis
    in_plane = -neck.axis + (neck.axis @ z) * z
    x = in_plane / np.linalg.norm(in_plane)
    y = np.cross(z, x) if side == "right" else np.cross(x, z)
    shaft_point = _nearest_to_neck(head, neck, shaft)
    return FemoralFrame(
        origin=head.centre,
        axes=np.stack([x, y, z]),
        side=side,
        head_radius=head.radius,
        neck_axis=neck.axis,
        shaft_point=shaft_point,
        neck_shaft_angle=float(np.arccos(np.clip(-neck.axis @ z, -1.0, 1.0))),
        shaft_length=float((shaft_point - head.centre) @ z) - shaft.end,
        shaft_reference=shaft.reference,
    )


def _nearest_to_neck(head: Head, neck: Neck, shaft: Shaft) -> FloatArray:
    """Return the point of the shaft's line nearest to the neck's line."""
    across = np.cross(neck.axis, shaft.axis)
    between = shaft.point - head.centre
    along = np.linalg.det(np.stack([between, neck.axis, across])) / (across @ across)
    point = shaft.point + along * shaft.axis
    height = float((point - head.centre) @ shaft.axis)
    if not shaft.end - head.radius < height < head.radius:
        raise SegmentationError(
            found=f"neck and shaft axes that meet {-height:.0f} mm below the head's centre",
            expected=f"near the bone, which ends {-shaft.end:.0f} mm below it",
            remedy="check that the mask holds the neck and the trochanters",
        )
    return np.asarray(point)
