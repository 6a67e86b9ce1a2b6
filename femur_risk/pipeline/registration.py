"""A femur in correspondence with the shape model, as files."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import LabelMask, Side
from femur_fea.io import frame_to_dict, read_mask, write_frame, write_image, write_json
from femur_risk.pipeline.inputs import ROLES

if TYPE_CHECKING:
    from meshing.shape import CompletedMask, Registration

__all__ = ["register_femur"]

SURFACE = "femur.vtp"
REGIONS_IMAGE = "regions.nii.gz"
FRAME = "frame.json"
DESCRIPTION = "registration.json"
COMPLETED, INVENTED = "completed.nii.gz", "invented.nii.gz"


def register_femur(
    femur: Path,
    out: Path,
    *,
    label: int | None = None,
    side: Side | None = None,
    shaft_length: float | None = None,
) -> dict[str, Any]:
    """Register the shape model to the femur in a mask and write what follows from it below `out`.

    Parameters
    ----------
    femur : Path
        Mask of a femur with its head, in any orientation, cut anywhere below the lesser trochanter.
    out : Path
        Folder for the files: femur.vtp (the whole femur; at each point its region and whether the
        mask shows it), regions.nii.gz (numbers as in registration.json; 0 is no bone), frame.json,
        registration.json and, with a shaft length, completed.nii.gz and invented.nii.gz.
    label : int or None
        Number of the femur in a mask of several structures.
    side : {"left", "right"} or None
        Which femur; the one that fits better where None.
    shaft_length : float, mm, or None
        To which the shaft is completed.

    Returns
    -------
    dict
        The description, as in registration.json.

    Raises
    ------
    FemurFEAError
        If the mask cannot be read or holds no femur of that side, or the shaft cannot become so
        long.
    """
    from meshing import smooth_outline
    from meshing.shape import (
        complete_mask,
        find_side,
        load_shape_model,
        register_surface,
        registered_frame,
    )

    mask = read_mask(femur, label=label, role=ROLES["femur"])
    model = load_shape_model()
    known = side or find_side(model, smooth_outline(mask, side="right"))
    found = register_surface(model, smooth_outline(mask, side=known), side=known)
    frame = registered_frame(found)
    completed = None
    if shaft_length is not None:
        completed = complete_mask(mask, found, shaft_length=shaft_length)
    described = _describe(found, completed) | {"frame": frame_to_dict(frame)}
    _write(out, mask, found, completed)
    write_frame(out / FRAME, frame)
    write_json(out / DESCRIPTION, described)
    return described


def _describe(found: "Registration", completed: "CompletedMask | None") -> dict[str, Any]:
    from meshing.shape import REGIONS

    quality = asdict(found.quality)
    shares = ("matched", "seen", "head_seen", "improbability")
    return {
        "side": found.side,
        "regions": {name: 1 + index for index, name in enumerate(REGIONS)},
        "fit": {name if name in shares else f"{name}_mm": v for name, v in quality.items()},
        "invented_volume_mm3": None if completed is None else completed.invented.volume,
    }


def _write(
    out: Path, mask: LabelMask, found: "Registration", completed: "CompletedMask | None"
) -> None:
    import pyvista

    out.mkdir(parents=True, exist_ok=True)
    surface = pyvista.PolyData.from_regular_faces(found.points, found.triangles)
    surface.point_data["region"] = 1 + found.regions
    surface.point_data["seen"] = found.seen.astype(np.uint8)
    surface.save(out / SURFACE)
    where = np.argwhere(mask.inside)
    regions = np.zeros(mask.grid.shape, dtype=np.uint8)
    regions[mask.inside] = 1 + found.regions_at(mask.grid.to_world(where.astype(float)))
    write_image(out / REGIONS_IMAGE, mask.grid, regions)
    if completed is not None:
        write_image(out / COMPLETED, completed.mask.grid, completed.mask.inside)
        write_image(out / INVENTED, completed.invented.grid, completed.invented.inside)
