"""Stage mesh: the mesh of the femur and its anatomical frame."""

import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Literal

import numpy as np

from femur_fea.domain import BoneMesh, ElementKind, FemoralFrame, LabelMask, Side, TriangleSurface
from femur_fea.errors import FemurFEAWarning, MeshError
from femur_fea.io import write_frame, write_json, write_mesh
from femur_fea.presets import PRESETS
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_femur, read_quality
from femur_risk.pipeline.choices import edge_length
from femur_risk.pipeline.mesh_error import mesh_warnings
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.stage import Stage

__all__ = ["MESH", "mesh_or_voxels"]


def _settings(run: Run) -> dict[str, object]:
    element: ElementKind = run.config.mesh.element
    edge, preset = edge_length(run.config), PRESETS[run.config.preset.name]
    return {
        "edge_length_mm": edge,
        "element": element,
        "frame": run.config.mesh.frame,
        # of the preset a mesh takes no more than what is told of its error, by its cells
        "error": {kind: mesh_warnings(kind, edge, preset) for kind in (element, "hex8")},
    }


def _make(run: Run, place: Path) -> None:
    """Write bone.vtu, frame.json and quality.json."""
    from meshing import measure_quality

    femur = read_femur(run.folder)
    side: Side = read_quality(run.folder)["side"]
    edge, element = edge_length(run.config), run.config.mesh.element
    mesh, fallback = mesh_or_voxels(femur, element, edge_length=edge, side=side)
    frame = _frame_of(mesh, femur, side, run.config.mesh.frame)
    _warn_of_missing_shaft(frame)
    for text in mesh_warnings(mesh.kind, edge, PRESETS[run.config.preset.name]):
        warnings.warn(text, FemurFEAWarning, stacklevel=1)
    write_mesh(place / layout.BONE, mesh)
    write_frame(place / layout.FRAME, frame)
    quality = {
        **asdict(measure_quality(mesh, femur)),
        **_surface_facts(mesh),
        "edge_length_mm": edge,
        "element": mesh.kind,
        "element_asked_for": element,
        "fallback": fallback,
    }
    write_json(place / layout.MESH_QUALITY, quality)


def mesh_or_voxels(
    femur: LabelMask, element: ElementKind, *, edge_length: float, side: Side
) -> tuple[BoneMesh, str | None]:
    """Return the mesh that is asked for or, where its surface cannot be meshed, one of voxels.

    Parameters
    ----------
    femur : LabelMask
        The bone.
    element : {"tet10", "tet4", "hex8"}
        Kind of the cells.
    edge_length : float, mm
        Length of their edges.
    side : {"left", "right"}
        Side of the femur.

    Returns
    -------
    BoneMesh
        The mesh; its kind says what it is.
    str or None
        Why it consists of voxels although tetrahedra were asked for.
    """
    from meshing import mesh_mask

    try:
        return mesh_mask(femur, edge_length=edge_length, kind=element, side=side), None
    except MeshError as error:
        reason = f"{type(error).__name__}: {error.found}"
    warnings.warn(
        f"no {element} mesh could be made ({reason}): the bone is meshed with cubes of "
        f"{edge_length:g} mm (hex8) instead",
        FemurFEAWarning,
        stacklevel=2,
    )
    return mesh_mask(femur, edge_length=edge_length, kind="hex8", side=side), reason


def _smooth_surface(mesh: BoneMesh, femur: LabelMask, side: Side) -> TriangleSurface:
    """Return the surface on which the anatomy is looked for: that of voxels is stepped."""
    from meshing import smooth_outline

    return smooth_outline(femur, side=side) if mesh.kind == "hex8" else mesh.surface


def _frame_of(
    mesh: BoneMesh, femur: LabelMask, side: Side, source: Literal["bone", "model"]
) -> FemoralFrame:
    """Return the anatomical frame, from the bone itself or from the model registered to it."""
    if source == "bone":
        from meshing.anatomy import find_frame

        return find_frame(_smooth_surface(mesh, femur, side), side)
    from meshing.shape import load_shape_model, register_mask, registered_frame

    return registered_frame(register_mask(load_shape_model(), femur, side=side))


def _surface_facts(mesh: BoneMesh) -> dict[str, object]:
    surface = mesh.surface
    return {
        "n_surface_triangles": surface.n_triangles,
        "surface_area_mm2": float(np.linalg.norm(surface.area_vectors, axis=1).sum()),
    }


def _warn_of_missing_shaft(frame: FemoralFrame) -> None:
    if frame.shaft_reference == "scanner":
        warnings.warn(
            f"the scan shows {frame.shaft_words}, too little to find its axis: loads are "
            "directed by the axis of the scanner instead, and the support lies nearer to the neck "
            "than it should; '--frame model' takes the axis from the shape model",
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
