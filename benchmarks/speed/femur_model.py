"""The virtual femur in stance, and the one linear model of it that all contestants solve."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    DensityField,
    ElasticField,
    FemoralFrame,
    LabelMask,
    LoadCase,
)
from femur_fea.presets import PRESETS, Preset

__all__ = ["NU", "BenchmarkFemur", "femur_in_stance", "read_model", "read_sizes", "write_model"]

NU = 0.3
_FILE = "model.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BenchmarkFemur:
    """A meshed femur under a load, with the density that the law of its preset takes."""

    density: DensityField
    mask: LabelMask
    mesh: BoneMesh
    frame: FemoralFrame
    load: LoadCase


def femur_in_stance(edge_length: float, preset: Preset) -> BenchmarkFemur:
    """Return the virtual femur in stance, meshed with tet10 of an edge length in mm."""
    from benchmarks.strengths import FIXED_LENGTH
    from calibration import apply_curve, fixed_line
    from femur_fea.loads import LOAD_CASES
    from meshing import extract_surface, mesh_mask
    from meshing.anatomy import find_frame
    from meshing.handmade import handmade_patient

    patient = handmade_patient()
    line = fixed_line(patient.hu_slope, patient.hu_intercept, preset.density_kind)
    density = preset.to_law_density(apply_curve(patient.ct, line), patient.femur).density
    mesh = mesh_mask(patient.femur, edge_length=edge_length, kind="tet10", side=patient.side)
    frame = find_frame(extract_surface(patient.femur, edge_length=3.0), patient.side)
    load = LOAD_CASES["stance"].apply(mesh, frame, fixed_length=FIXED_LENGTH)
    return BenchmarkFemur(density=density, mask=patient.femur, mesh=mesh, frame=frame, load=load)


def write_model(folder: Path, edge_length: float) -> None:
    """Write the femur for all contestants: `model.npz`, and `femur.inp` for CalculiX.

    Young's modulus is one in each cell, binned to one per cent as CalculiX needs it, so that all
    have the same discrete problem.
    """
    from femur_fea.io.export import export_model, write_inp
    from femur_fea.mapping import map_elasticity

    preset = PRESETS["bologna"]
    femur = femur_in_stance(edge_length, preset)
    mesh, load = femur.mesh, femur.load
    elastic = map_elasticity(femur.density, femur.mask, mesh, preset.law, nu=NU).elastic
    model = export_model(mesh, elastic, load, bin_tolerance=0.01)
    write_inp(folder / "femur.inp", model)
    np.savez(
        folder / _FILE,
        points=mesh.points,
        cells=mesh.cells,
        side=mesh.side,
        E=model.materials.E_modulus[model.materials.of_cell],
        traction=load.traction,
        fixed=load.fixed,
        n_nodes=len(model.nodes),
    )


def read_model(folder: Path) -> tuple[BoneMesh, ElasticField, LoadCase]:
    """Return the model of a folder."""
    with np.load(folder / _FILE) as stored:
        data = dict(stored)
    mesh = BoneMesh(
        points=data["points"], cells=data["cells"], kind="tet10", side=str(data["side"])
    )
    load = LoadCase.on_fixed_points(
        name="stance",
        traction=data["traction"],
        fixed=data["fixed"],
        magnitude=1000.0,
        excluded=np.zeros(mesh.n_points, dtype=bool),
    )
    return mesh, ElasticField(E_modulus=data["E"][:, None], nu=NU), load


def read_sizes(folder: Path) -> tuple[int, int]:
    """Return the numbers of unknowns and of mesh points of the model of a folder."""
    with np.load(folder / _FILE) as stored:
        return 3 * int(stored["n_nodes"]), len(stored["points"])
