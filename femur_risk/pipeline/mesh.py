"""Stage mesh: the mesh of the femur and its anatomical frame."""

import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, Side
from femur_fea.errors import FemurFEAWarning
from femur_fea.io import write_frame, write_json, write_mesh
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_femur, read_quality
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage

__all__ = ["MESH"]


def _settings(run: Run) -> dict[str, object]:
    return {
        "edge_length_mm": run.config.mesh.edge_length_mm,
        "element": run.config.mesh.element,
    }


def _make(run: Run, place: Path) -> None:
    """Write bone.vtu, frame.json and quality.json."""
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
    quality = {**asdict(measure_quality(mesh, femur)), **_surface_facts(mesh), **_settings(run)}
    write_json(place / layout.MESH_QUALITY, quality)


def _surface_facts(mesh: BoneMesh) -> dict[str, object]:
    surface = mesh.surface
    return {
        "n_surface_triangles": surface.n_triangles,
        "surface_area_mm2": float(np.linalg.norm(surface.area_vectors, axis=1).sum()),
    }


def _warn_of_missing_shaft(frame: FemoralFrame) -> None:
    if frame.shaft_reference == "scanner":
        warnings.warn(
            f"the scan shows only {frame.shaft_length:.0f} mm of the shaft, too little to find its "
            "axis: loads are directed by the axis of the scanner instead, and the support lies "
            "nearer to the neck than it should",
            FemurFEAWarning,
            stacklevel=2,
        )


MESH = Stage(
    name="mesh",
    upstream=("segmentation",),
    owns=layout.OWNED["mesh"],
    libraries=("gmsh", "numpy", "scipy"),
    settings=_settings,
    make=_make,
)
