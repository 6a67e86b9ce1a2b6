"""The anatomical frame of a registered femur, in any orientation and however short."""

import numpy as np

from femur_fea.domain import FemoralFrame, TriangleSurface
from meshing.anatomy import deepest_fit, find_frame
from meshing.mirror import surface_to_side
from meshing.shape.registration import Registration

__all__ = ["registered_frame"]

_MIRROR = np.array([-1.0, 1.0, 1.0])


def registered_frame(registration: Registration) -> FemoralFrame:
    """Return axes and landmarks of a femur, by the definitions of `meshing.anatomy.find_frame`.

    They are found on the registered whole femur in the pose of the model, so that neither the
    scanner's axes nor the length of the shaft matter. `shaft_reference` is "model" where a part of
    the shaft that its line is fitted to, down to 120 mm below the lesser trochanter, was not seen
    but completed; `shaft_length` counts what was seen.

    Raises
    ------
    SegmentationError
        If the registered femur has no clear neck.
    """
    right = surface_to_side(registration.surface, registration.side)
    pose = registration.pose
    upright = TriangleSurface(points=pose.to_model(right.points), triangles=right.triangles)
    frame = find_frame(upright, "right")
    heights = frame.to_frame(upright.points[registration.seen])[:, 2]
    end = float(heights.min())
    crossing = frame.to_frame(frame.shaft_point[None])[0, 2]
    mirror = np.ones(3) if registration.side == "right" else _MIRROR
    return FemoralFrame(
        origin=pose.to_world(frame.origin) * mirror,
        axes=frame.axes @ pose.rotation.T * mirror,
        side=registration.side,
        head_radius=frame.head_radius,
        neck_axis=pose.rotation @ frame.neck_axis * mirror,
        shaft_point=pose.to_world(frame.shaft_point) * mirror,
        neck_shaft_angle=frame.neck_shaft_angle,
        shaft_length=float(crossing) - end,
        shaft_reference="shaft" if -end >= deepest_fit(frame.head_radius) else "model",
    )
