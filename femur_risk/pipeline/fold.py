"""The strain fold ratio of a load, from the fields of the bone and of its twin."""

from typing import Any

import numpy as np
from scipy.spatial import cKDTree

from femur_fea.domain import BoneMesh, BoolArray, FloatArray, LabelMask
from femur_fea.io import read_json, read_mesh
from femur_fea.presets import PRESETS
from femur_fea.strength import STRAIN_FOLD_THRESHOLD, strain_fold
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_bone, read_lesion
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.units import LOAD_UNITS

__all__ = ["describe_fold"]

_NEAR = 10.0  # mm from the lesion: modelling choice


def describe_fold(run: Run, load: str) -> dict[str, Any] | None:
    """Return the strain fold ratio of a load as strength.json holds it.

    None without a lesion, for a nonlinear model, for a family in which bone and twin are weakest in
    different directions, and where no surface within 10 mm of the lesion is judged.
    """
    if not run.has_lesion or PRESETS[run.config.preset.name].model == "nonlinear":
        return None
    names = [layout.twin_name(load, healed=healed) for healed in (False, True)]
    results = [read_json(run.folder / layout.result_file(name)) for name in names]
    if results[0]["load"] != results[1]["load"]:
        return None
    mesh, _ = read_bone(run.folder)
    bone, twin = (
        _strain_at_unit_load(run, mesh, name, result)
        for name, result in zip(names, results, strict=True)
    )
    near = _near(mesh, read_lesion(run.folder))
    if not (near & np.isfinite(bone + twin).all(axis=1)).any():
        return None
    fold = strain_fold(bone, twin, near)
    return {
        "largest": fold.largest,
        "tension": fold.tension,
        "compression": fold.compression,
        "near_mm": _NEAR,
        "published_threshold": STRAIN_FOLD_THRESHOLD.value,
    }


def _strain_at_unit_load(run: Run, mesh: BoneMesh, name: str, result: dict[str, Any]) -> FloatArray:
    """Return the principal strains of each cell's surface, over the load, (n_cells, 2)."""
    path = run.folder / layout.field_file(name)
    fields = read_mesh(path, kind=mesh.kind, side=mesh.side).cell_data
    ends = [fields["surface_strain_largest"], fields["surface_strain_smallest"]]
    key = f"reference_{result['quantity']}_{LOAD_UNITS[result['quantity']].suffix}"
    return np.asarray(np.stack(ends, axis=1) / result[key], dtype=float)


def _near(mesh: BoneMesh, lesion: LabelMask) -> BoolArray:
    """Whether each cell's centroid lies within 10 mm of the middle of a voxel of the lesion."""
    voxels = lesion.grid.to_world(np.argwhere(lesion.inside).astype(float))
    apart, _ = cKDTree(voxels).query(mesh.centroids, distance_upper_bound=_NEAR)
    return np.asarray(np.isfinite(apart))
