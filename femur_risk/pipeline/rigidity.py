"""Stage rigidity: EA, EI and GJ of the sections of shaft and neck, beside the twin's."""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from femur_fea.domain import DensityField, FemoralFrame, FloatArray, LabelMask
from femur_fea.io import read_json, write_json
from femur_fea.mapping import MODULUS_FLOOR_MPA, heal
from femur_fea.presets import PRESETS, Preset
from femur_fea.strength import (
    RigidityRatio,
    SectionPlanes,
    SectionRigidity,
    compare_rigidity,
    neck_sections,
    section_rigidity,
    shaft_sections,
)
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import (
    read_density,
    read_femur,
    read_frame_of,
    read_lesion,
)
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage, content_of

__all__ = [
    "RIGIDITY",
    "measure_rigidity",
    "read_rigidity",
    "section_planes",
    "section_reach",
    "smallest_ratio",
]

# Choices: a disc of two head radii holds every section of shaft and neck; the end of the bone,
# where the scan may cut it askew, is left out.
_REACH = 2.0  # head radii
_END = 10.0  # mm
_STEP = 2.0  # mm

type _Part = tuple[SectionRigidity, SectionRigidity | None]


def read_rigidity(folder: Path) -> dict[str, Any]:
    """Return the summary of the rigidity by part of the bone."""
    content = read_json(folder / layout.RIGIDITY)
    return {name: content[name] for name in ("shaft", "neck")}


def _settings(run: Run) -> dict[str, object]:
    preset = PRESETS[run.config.preset.name]
    return {"preset": content_of(preset), "law": content_of(preset.law)}


def _make(run: Run, place: Path) -> None:
    """Write sections.csv, a row for every section, and rigidity.json, the smallest of them."""
    parts = _measure(run)
    (place / layout.RIGIDITY).parent.mkdir(parents=True)
    with (place / layout.SECTIONS).open("w", encoding="utf-8", newline="") as stream:
        rows = [row for name, part in parts.items() for row in _rows(name, part)]
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    summary = {name: _summary(parts.get(name)) for name in ("shaft", "neck")}
    write_json(place / layout.RIGIDITY, summary)


def _measure(run: Run) -> dict[str, _Part]:
    femur, density = read_femur(run.folder), read_density(run.folder)
    healed = heal(density, femur, read_lesion(run.folder)).density if run.has_lesion else None
    preset = PRESETS[run.config.preset.name]
    return measure_rigidity(preset, density, healed, femur, read_frame_of(run.folder))


def measure_rigidity(
    preset: Preset,
    density: DensityField,
    healed: DensityField | None,
    femur: LabelMask,
    frame: FemoralFrame,
) -> dict[str, _Part]:
    """Return the rigidity of bone and twin by part; one that the scan does not show is absent.

    Parameters
    ----------
    preset : Preset
        Whose laws say how stiff the bone is.
    density, healed : DensityField, g/cm3
        Of the bone, and without its lesion; None without one.
    femur : LabelMask
        On their grid.
    frame : FemoralFrame
        Of the femur.
    """
    moduli = [_modulus(preset, each, femur) for each in (density, healed) if each is not None]
    parts = {}
    for name, planes in section_planes(frame).items():
        sections = [
            section_rigidity(E, femur, planes, nu=preset.nu, reach=section_reach(frame))
            for E in moduli
        ]
        parts[name] = (sections[0], sections[1] if healed is not None else None)
    return parts


def smallest_ratio(parts: Mapping[str, _Part]) -> float | None:
    """Return the smallest rigidity over that of the twin; None without a whole section of both."""
    ratios = [ratio for ratio in map(_ratio, parts.values()) if ratio is not None]
    found = [getattr(r, name) for r in ratios for name in ("axial", "bending", "torsion")]
    return min((float(np.nanmin(values)) for values in found), default=None)


def section_reach(frame: FemoralFrame) -> float:
    """Return the radius of a disc that holds every section of shaft and neck, mm."""
    return _REACH * frame.head_radius


def section_planes(frame: FemoralFrame, *, step: float = _STEP) -> dict[str, SectionPlanes]:
    """Return the planes across neck and, where the scan shows one, shaft."""
    planes = {"neck": neck_sections(frame, step=step)}
    if frame.shaft_length > _END + step:
        planes["shaft"] = _shortened(shaft_sections(frame, step=step), _END)
    return planes


def _shortened(planes: SectionPlanes, end: float) -> SectionPlanes:
    kept = planes.position <= planes.position[-1] - end
    return SectionPlanes(
        position=planes.position[kept], centre=planes.centre[kept], axes=planes.axes[kept]
    )


def _modulus(preset: Preset, density: DensityField, femur: LabelMask) -> FloatArray:
    """Return Young's modulus of every voxel by the laws of the preset, never below the floor."""
    converted = preset.to_law_density(density, femur).density
    return np.maximum(preset.law.value(converted.rho), MODULUS_FLOOR_MPA).astype(float)


def _rows(name: str, part: _Part) -> Iterable[Mapping[str, object]]:
    bone, twin = part
    ratio = _ratio(part)
    for i, position in enumerate(bone.planes.position):
        yield {
            "part": name,
            "position_mm": float(position),
            **dict(zip(("x_mm", "y_mm", "z_mm"), bone.centroid[i].tolist(), strict=True)),
            "area_mm2": float(bone.area[i]),
            **_values(bone, i, ""),
            **_values(twin, i, "healed_"),
            "EA_ratio": "" if ratio is None else float(ratio.axial[i]),
            "EI_ratio": "" if ratio is None else float(ratio.bending[i]),
            "GJ_ratio": "" if ratio is None else float(ratio.torsion[i]),
            "complete": int(bone.complete[i]),
        }


def _values(bone: SectionRigidity | None, i: int, prefix: str) -> dict[str, float | str]:
    keys = [f"{prefix}{key}" for key in ("EA_N", "EI_large_N_mm2", "EI_small_N_mm2", "GJ_N_mm2")]
    if bone is None:
        return dict.fromkeys(keys, "")
    values = (bone.axial[i], *bone.principal_bending[i], bone.torsion[i])
    return dict(zip(keys, map(float, values), strict=True))


def _ratio(part: _Part) -> RigidityRatio | None:
    bone, twin = part
    if twin is None or not (bone.complete & twin.complete).any():
        return None
    return compare_rigidity(bone, twin)


def _summary(part: _Part | None) -> dict[str, Any] | None:
    """Return the smallest rigidities and ratios of a part; None where it has no whole section."""
    if part is None or not part[0].complete.any():
        return None
    bone, ratio = part[0], _ratio(part)
    axial, bending, torsion = bone.weakest
    return {
        "smallest_EA_N": float(bone.axial[axial]),
        "smallest_EI_N_mm2": float(bone.principal_bending[bending, 1]),
        "smallest_GJ_N_mm2": float(bone.torsion[torsion]),
        "smallest_ratio": None
        if ratio is None
        else {
            key: _least(bone.planes, values)
            for key, values in (
                ("EA", ratio.axial),
                ("EI", ratio.bending),
                ("GJ", ratio.torsion),
            )
        },
    }


def _least(planes: SectionPlanes, ratio: FloatArray) -> dict[str, Any]:
    section = int(np.nanargmin(ratio))
    return {"value": float(ratio[section]), "point_mm": planes.centre[section]}


RIGIDITY = Stage(
    name="rigidity",
    upstream=("segmentation", "calibration", "mesh"),
    owns=layout.OWNED["rigidity"],
    libraries=("numpy", "scipy"),
    settings=_settings,
    make=_make,
)
