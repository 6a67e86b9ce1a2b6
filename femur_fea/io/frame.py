"""A femoral frame as JSON."""

import math
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import FemoralFrame
from femur_fea.errors import InputError
from femur_fea.io.json_file import read_json, write_json

__all__ = ["frame_to_dict", "read_frame", "write_frame"]


def frame_to_dict(frame: FemoralFrame) -> dict[str, Any]:
    """Return a frame with unit-suffixed keys; the angle in degrees."""
    return {
        "schema_version": 1,
        "side": frame.side,
        "origin_mm": frame.origin.tolist(),
        "axes": frame.axes.tolist(),
        "head_radius_mm": float(frame.head_radius),
        "neck_axis": frame.neck_axis.tolist(),
        "shaft_point_mm": frame.shaft_point.tolist(),
        "neck_shaft_angle_deg": math.degrees(frame.neck_shaft_angle),
        "shaft_length_mm": float(frame.shaft_length),
        "shaft_reference": frame.shaft_reference,
    }


def write_frame(path: Path, frame: FemoralFrame) -> None:
    """Write a frame as JSON, whole or not at all."""
    write_json(path, frame_to_dict(frame))


def read_frame(path: Path) -> FemoralFrame:
    """Read a frame that `write_frame` has written.

    Raises
    ------
    MissingInputError
        If there is no such file.
    InputError
        If it is not JSON or a key is missing.
    """
    content = read_json(path)
    try:
        return FemoralFrame(
            origin=np.array(content["origin_mm"], dtype=float),
            axes=np.array(content["axes"], dtype=float),
            side=content["side"],
            head_radius=float(content["head_radius_mm"]),
            neck_axis=np.array(content["neck_axis"], dtype=float),
            shaft_point=np.array(content["shaft_point_mm"], dtype=float),
            neck_shaft_angle=math.radians(content["neck_shaft_angle_deg"]),
            shaft_length=float(content["shaft_length_mm"]),
            shaft_reference=content["shaft_reference"],
        )
    except KeyError as error:
        raise InputError(
            found=f"{Path(path).name!r} without the key {error.args[0]!r}",
            expected="a femoral frame as femur-fea writes it",
            remedy="give the frame.json of a run",
        ) from None
