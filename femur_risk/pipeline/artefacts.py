"""Values read back from the artefacts of a run.

Every stage reads what it rests on from disk, so a resumed run computes what an undisturbed one
does, to the last digit.
"""

from pathlib import Path
from typing import Any, cast

from femur_fea.domain import (
    Acquisition,
    BoneMesh,
    CTVolume,
    DensityField,
    ElementKind,
    FemoralFrame,
    LabelMask,
)
from femur_fea.io import read_frame, read_image, read_json, read_mask, read_mesh
from femur_risk.assessment import RiskCard
from femur_risk.pipeline import layout

__all__ = [
    "read_bone",
    "read_checked_ct",
    "read_density",
    "read_element",
    "read_femur",
    "read_frame_of",
    "read_lesion",
    "read_quality",
    "read_risk",
]


def read_checked_ct(folder: Path) -> CTVolume:
    """Return the part of the CT around the bone, with the facts of the scan."""
    grid, hu = read_image(folder / layout.CT, role=f"{layout.CT} of the run")
    acquisition = Acquisition(**read_quality(folder)["acquisition"])
    return CTVolume(grid=grid, hu=hu, acquisition=acquisition)


def read_femur(folder: Path) -> LabelMask:
    """Return the femur mask."""
    return read_mask(folder / layout.FEMUR, role=f"{layout.FEMUR} of the run")


def read_lesion(folder: Path) -> LabelMask:
    """Return the lesion mask."""
    return read_mask(folder / layout.LESION, role=f"{layout.LESION} of the run")


def read_quality(folder: Path) -> dict[str, Any]:
    """Return what the checks of the input found."""
    return read_json(folder / layout.QUALITY)


def read_risk(folder: Path) -> RiskCard:
    """Return the risk card."""
    content = read_json(folder / layout.RISK)
    del content["schema_version"]
    return RiskCard.model_validate(content)


def read_density(folder: Path) -> DensityField:
    """Return the equivalent density around the bone."""
    grid, rho = read_image(folder / layout.DENSITY, role=f"{layout.DENSITY} of the run")
    kind = read_json(folder / layout.CURVE)["density_kind"]
    return DensityField(grid=grid, rho=rho, kind=kind)  # type: ignore[arg-type] # real: written by us


def read_frame_of(folder: Path) -> FemoralFrame:
    """Return the anatomical frame."""
    return read_frame(folder / layout.FRAME)


def read_element(folder: Path) -> ElementKind:
    """Return the element of the mesh as it was made, which may not be the one asked for."""
    return cast(ElementKind, read_json(folder / layout.MESH_QUALITY)["element"])


def read_bone(folder: Path) -> tuple[BoneMesh, FemoralFrame]:
    """Return the mesh and its anatomical frame."""
    frame = read_frame_of(folder)
    file = read_mesh(folder / layout.BONE, kind=read_element(folder), side=frame.side)
    return file.mesh, frame
