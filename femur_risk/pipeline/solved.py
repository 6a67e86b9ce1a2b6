"""What the figures need of one load, read back from its artefacts, for either model."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import BoneMesh, FemoralFrame, FloatArray, WeakestSite
from femur_fea.io import read_json, read_mesh
from femur_fea.presets import PRESETS
from femur_fea.strength import von_mises
from femur_risk.pipeline import layout
from femur_risk.pipeline.artefacts import read_element
from femur_risk.pipeline.run import Run

__all__ = ["SolvedLoad", "read_solved"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SolvedLoad:
    """What the figures need of one load, for the bone as it is or its twin.

    Attributes
    ----------
    strength : float, N
        Failure load.
    site : WeakestSite
        Where it fails, at the centroid of the facet of the surface that is nearest to it: a
        picture shows the surface, and a nonlinear model fails anywhere inside.
    measure : (n_cells,), dimensionless
        What leads to failure: of a linear model the largest ratio of strain to its limit on each
        cell's surface, of a nonlinear one the plastic strain; at `force`.
    stress : (n_cells,), MPa
        Von Mises stress of each cell at `force`.
    force : float, N
        The reference force of a linear model, the last force of a nonlinear one.
    E_modulus : (n_cells,), MPa
        Mean modulus of each cell.
    """

    strength: float
    site: WeakestSite
    measure: FloatArray
    stress: FloatArray
    force: float
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
    return SolvedLoad(
        strength=result["strength_N"],
        site=WeakestSite(
            point=_on_surface(file.mesh, np.array(site["point_mm"])),
            region=site["region"],
            mode=site["mode"],
        ),
        measure=np.asarray(measure, dtype=float),
        stress=von_mises(np.asarray(fields["stress_MPa"], dtype=float)),
        force=result["reference_force_N" if is_linear else "last_force_N"],
        E_modulus=np.asarray(fields["E_modulus_MPa"], dtype=float),
    )


def _on_surface(mesh: BoneMesh, point: FloatArray) -> FloatArray:
    apart = np.linalg.norm(mesh.facet_centroids - point, axis=1)
    return np.asarray(mesh.facet_centroids[int(np.argmin(apart))])
