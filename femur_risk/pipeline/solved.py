"""What the figures need of one load, read back from its artefacts, for either model."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame, FloatArray, WeakestSite
from femur_fea.io import read_json, read_mesh
from femur_fea.presets import PRESETS
from femur_fea.strength import von_mises
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_element
from femur_risk.pipeline.run import Run
from femur_risk.pipeline.units import LOAD_UNITS, LoadUnits

__all__ = ["SolvedLoad", "read_solved"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolvedLoad:
    """What the figures need of one load, for the bone as it is or its twin.

    Attributes
    ----------
    strength : float
        Failure load, in the unit of `units`.
    units : LoadUnits
        Units of the load.
    site : WeakestSite
        Where it fails, at the centroid of the facet of the surface that is nearest to it: a
        picture shows the surface, and a nonlinear model fails anywhere inside.
    measure : (n_cells,), dimensionless
        What leads to failure: of a linear model the largest ratio of strain to its limit on each
        cell's surface, of a nonlinear one the plastic strain; at `force`.
    stress : (n_cells,), MPa
        Von Mises stress of each cell at `force`.
    judged : (n_cells,), bool
        Cells in which failure is looked for: bone away from lesion, loads and support.
    force : float
        The load to which the fields belong, in the unit of `units`: the reference load of a linear
        model, the strength of a nonlinear one.
    plate_force : float or None
        Force of the load's plate at the strength, N.
    reference : float
        Size of the load case as it was applied, in the unit of `units`.
    load : str
        Name of the load case; of a family, of the direction in which the femur is weakest.
    E_modulus : (n_cells,), MPa
        Mean modulus of each cell.
    """

    strength: float
    units: LoadUnits
    site: WeakestSite
    measure: FloatArray
    stress: FloatArray
    judged: BoolArray
    force: float
    plate_force: float | None
    reference: float
    load: str
    E_modulus: FloatArray


def read_solved(run: Run, name: str, frame: FemoralFrame) -> SolvedLoad:
    """Return the solution in the folder `name` of a run."""
    is_linear = PRESETS[run.config.preset.name].model == "linear"
    result = read_json(run.folder / layout.result_file(name))
    file = read_mesh(
        run.folder / layout.field_file(name), kind=read_element(run.folder), side=frame.side
    )
    fields, site = file.cell_data, result["weakest_site"]
    measure = fields["risk_factor" if is_linear else "plastic_strain"]
    units = LOAD_UNITS[result["quantity"]]
    reference = f"reference_{result['quantity']}_{units.suffix}"
    return SolvedLoad(
        strength=result[f"strength_{units.suffix}"],
        units=units,
        site=WeakestSite(
            point=_on_surface(file.mesh, np.array(site["point_mm"])),
            region=site["region"],
            mode=site["mode"],
        ),
        measure=np.asarray(measure, dtype=float),
        stress=von_mises(np.asarray(fields["stress_MPa"], dtype=float)),
        judged=np.asarray(fields["judged"], dtype=bool),
        force=result[f"fields_{result['quantity']}_{units.suffix}"],
        plate_force=result["plate_force_N"],
        reference=result[reference],
        load=result["load"],
        E_modulus=np.asarray(fields["E_modulus_MPa"], dtype=float),
    )


def _on_surface(mesh: BoneMesh, point: FloatArray) -> FloatArray:
    apart = np.linalg.norm(mesh.facet_centroids - point, axis=1)
    return np.asarray(mesh.facet_centroids[int(np.argmin(apart))])
