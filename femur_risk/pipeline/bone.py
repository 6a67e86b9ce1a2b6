"""Stage mesh: the mesh of the femur and its anatomical frame."""

import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from femur_fea.domain import FemoralFrame, LabelMask, Side
from femur_fea.errors import FemurFEAWarning, SideError
from femur_fea.io import write_frame, write_json, write_mesh
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_femur, read_quality
from femur_risk.pipeline.cache import Run, cached
from femur_risk.pipeline.manifest import StageRecord

__all__ = ["find_side", "mesh_femur"]

_SIDE_EDGE_LENGTH = 5.0  # mm; a coarse surface shows which side a femur is of


def mesh_femur(run: Run, upstream: Sequence[StageRecord]) -> StageRecord:
    """Make stage `mesh`: bone.vtu, frame.json and quality.json."""
    settings = {
        "edge_length_mm": run.config.mesh.edge_length_mm,
        "element": run.config.mesh.element,
    }

    def make(place: Path) -> None:
        from meshing import measure_quality, mesh_mask
        from meshing.anatomy import find_frame

        femur = read_femur(run.folder)
        side: Side = read_quality(run.folder)["side"]
        mesh = mesh_mask(
            femur,
            edge_length=run.config.mesh.edge_length_mm,
            kind=run.config.mesh.element,
            side=side,
        )
        frame = find_frame(mesh.surface, side)
        _warn_of_missing_shaft(frame)
        write_mesh(place / layout.BONE, mesh)
        write_frame(place / layout.FRAME, frame)
        quality = {**asdict(measure_quality(mesh, femur)), **settings}
        write_json(place / layout.MESH_QUALITY, quality)

    return cached(run, "mesh", settings=settings, upstream=upstream, make=make)


def find_side(femur: LabelMask, stated: Side | None) -> Side:
    """Return the side that the bone's shape shows.

    Raises
    ------
    SideError
        If another side was stated.
    """
    from meshing import extract_surface
    from meshing.anatomy import detect_side

    detected = detect_side(extract_surface(femur, edge_length=_SIDE_EDGE_LENGTH))
    if stated not in (None, detected):
        raise SideError(
            found=f"a femur with the shape of a {detected} one, stated to be {stated}",
            expected=f"a {stated} femur",
            remedy="check --side, the mask, and whether the image was mirrored on its way",
        )
    return detected


def _warn_of_missing_shaft(frame: FemoralFrame) -> None:
    if frame.shaft_reference == "scanner":
        warnings.warn(
            f"the scan shows only {frame.shaft_length:.0f} mm of the shaft, too little to find its "
            "axis: loads are directed by the axis of the scanner instead, and the support lies "
            "nearer to the neck than it should",
            FemurFEAWarning,
            stacklevel=2,
        )
