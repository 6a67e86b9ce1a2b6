"""A virtual lesion in a scan, as files like those of a patient."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from femur_fea.domain import CTVolume, LabelMask, Side
from femur_fea.io import frame_to_dict, read_ct, read_mask, write_image, write_json
from femur_risk.pipeline.inputs import ROLES

if TYPE_CHECKING:
    from meshing.bone import BoneGeometry
    from meshing.lesions import Lesion, LesionKind, WithLesions

__all__ = ["LesionAppearance", "LesionScan", "WantedLesion", "plant_lesions"]

CT, FEMUR, LESION, HEALED, DESCRIPTION = (
    "ct.nii.gz",
    "femur.nii.gz",
    "lesion.nii.gz",
    "healed.nii.gz",
    "lesion.json",
)
GROWTH = "growth"


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionScan:
    """Which scan gets lesions.

    Attributes
    ----------
    ct, femur : Path
        The scan, and the mask of one femur on its grid.
    series : int or None
        Number of the DICOM series.
    femur_label : int or None
        Number of the femur in a mask of several structures.
    side : {"left", "right"} or None
        Which femur; found where None.
    """

    ct: Path
    femur: Path
    series: int | None = None
    femur_label: int | None = None
    side: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLesion:
    """What is put where.

    Attributes
    ----------
    site : str
        A name in `meshing.lesions.LESION_SITES`.
    diameter : float, mm
        Of a ball of the lesion's volume.
    kind : {"lytic", "blastic", "mixed"}
        What it is.
    """

    site: str
    diameter: float
    kind: "LesionKind"


@dataclass(frozen=True, slots=True, kw_only=True)
class LesionAppearance:
    """How all lesions of a scan look; see `meshing.lesions.Lesion`.

    Attributes
    ----------
    roughness : float
        Of the outline, over the radius.
    rim, kept_cortex, extension : float, mm
        Sclerotic rim, spared layer of cortex, reach into soft tissue.
    seed : int
        Of the first lesion; the next ones count on from it.
    """

    roughness: float = 0.12
    rim: float = 0.0
    kept_cortex: float = 0.0
    extension: float = 0.0
    seed: int = 0


def plant_lesions(
    scan: LesionScan,
    wanted: Sequence[WantedLesion],
    appearance: LesionAppearance,
    out: Path,
    *,
    growth: Sequence[float] = (),
    blur: float | None = None,
) -> dict[str, Any]:
    """Write a scan with lesions, their mask, the healed twin and a description below `out`.

    Parameters
    ----------
    scan : LesionScan
        A scan without metal in the femur.
    wanted : sequence of WantedLesion
        One or more.
    appearance : LesionAppearance
        How they look.
    out : Path
        Folder for the files.
    growth : sequence of float, mm
        Diameters of the first lesion at time points; each gets a folder with scan and mask.
    blur : float or None, mm
        Standard deviation of the scanner's point spread; that of a sharp soft-tissue kernel where
        None.

    Returns
    -------
    dict
        The description, as in lesion.json.

    Raises
    ------
    FemurFEAError
        If the scan cannot be used, a site is unknown or not shown, or a lesion is not in the bone.
    """
    from meshing.lesions import USUAL_BLUR, grow_in_ct, insert_into_ct

    spread = USUAL_BLUR if blur is None else blur
    ct, femur, geometry = _read(scan)
    lesions = [
        _place(geometry, one, appearance, appearance.seed + n) for n, one in enumerate(wanted)
    ]
    planted = insert_into_ct(ct, geometry, lesions, blur=spread)
    series = grow_in_ct(ct, geometry, lesions[0], growth, blur=spread) if growth else []
    described = _describe(geometry, wanted, lesions, planted)
    described["blur_mm"] = spread
    described["growth"] = [
        {"diameter_mm": diameter, "volume_mm3": point.lesion.volume, "folder": f"{GROWTH}/{n:02d}"}
        for n, (diameter, point) in enumerate(zip(growth, series, strict=True), start=1)
    ]
    _write(out, planted)
    write_image(out / FEMUR, femur.grid, femur.inside)
    write_image(out / HEALED, ct.grid, ct.hu)
    for n, point in enumerate(series, start=1):
        _write(out / GROWTH / f"{n:02d}", point)
    write_json(out / DESCRIPTION, described)
    return described


def _read(scan: LesionScan) -> "tuple[CTVolume, LabelMask, BoneGeometry]":
    from femur_risk.segmentation import check_femur
    from meshing import smooth_outline
    from meshing.anatomy import detect_side, find_frame
    from meshing.bone import geometry_of_mask

    ct = read_ct(scan.ct, role=ROLES["ct"], series=scan.series)
    mask = read_mask(scan.femur, label=scan.femur_label, role=ROLES["femur"])
    femur = check_femur(ct, mask).femur
    side = scan.side or detect_side(smooth_outline(femur, side="right"))
    frame = find_frame(smooth_outline(femur, side=side), side)
    return ct, femur, geometry_of_mask(femur, frame)


def _place(
    geometry: "BoneGeometry", wanted: WantedLesion, appearance: LesionAppearance, seed: int
) -> "Lesion":
    from meshing.lesions import LESION_SITES, Lesion, place_at_site

    look = {**asdict(appearance), "seed": seed}
    site = LESION_SITES[wanted.site]
    centre = place_at_site(geometry, site, diameter=wanted.diameter)
    return Lesion(kind=wanted.kind, centre=centre, diameter=wanted.diameter, **look)


def _describe(
    geometry: "BoneGeometry",
    wanted: Sequence[WantedLesion],
    lesions: "Sequence[Lesion]",
    planted: "WithLesions[CTVolume]",
) -> dict[str, Any]:
    from meshing.lesions import HU_CONTENT

    return {
        "simulated": True,
        "frame": frame_to_dict(geometry.frame),
        "lesions": [
            {
                "site": one.site,
                "kind": lesion.kind,
                "diameter_mm": lesion.diameter,
                "centre_in_frame_mm": lesion.centre,
                "centre_mm": geometry.frame.to_world(np.array([lesion.centre]))[0],
                "roughness": lesion.roughness,
                "rim_mm": lesion.rim,
                "kept_cortex_mm": lesion.kept_cortex,
                "extension_mm": lesion.extension,
                "seed": lesion.seed,
            }
            for one, lesion in zip(wanted, lesions, strict=True)
        ],
        "volume_in_bone_mm3": planted.lesion.volume,
        "volume_outside_bone_mm3": planted.extension.volume,
        "content": asdict(HU_CONTENT),
    }


def _write(folder: Path, planted: "WithLesions[CTVolume]") -> None:
    write_image(folder / CT, planted.image.grid, planted.image.hu)
    write_image(folder / LESION, planted.lesion.grid, planted.lesion.inside)
