"""Strength from the curve of a bone that was loaded until it failed."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    FemoralFrame,
    FloatArray,
    LoadCase,
    NonlinearResult,
    PeakCriterion,
    WeakestSite,
    check_shape,
)
from femur_fea.errors import LoadError
from femur_fea.strength.invariants import principal_strains
from femur_fea.strength.judged import cells_near_load, judged_cells
from femur_fea.strength.region import region_of

__all__ = ["PeakStrength", "evaluate_peak"]

_RADIUS = 3.0  # mm over which plastic strain is averaged: a modelling choice, as on the surface


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeakStrength:
    """Strength of a bone under one load, by its load-displacement curve.

    Attributes
    ----------
    load : str
        Name of the load case.
    criterion : {"peak force", "plateau force", "force at the largest displacement"}
        What strength means here, as `LoadDisplacementCurve.strength` tells.
    failure_load_N : float
        Strength.
    first_yield_N : float
        Force at which the first integration point yields.
    stiffness_N_per_mm : float
        Slope of the curve before yield.
    weakest_site : WeakestSite
        Where plastic strain is largest at failure, away from loads and supports.
    excluded_share : float
        Share of the plastic strain that lies near loads and supports. A large one says that the
        bone is crushed under the load rather than broken.
    tumour_share : float
        Share of the plastic strain that lies in cells that are not bone.
    """

    load: str
    criterion: PeakCriterion
    failure_load_N: float
    first_yield_N: float
    stiffness_N_per_mm: float
    weakest_site: WeakestSite
    excluded_share: float
    tumour_share: float


def evaluate_peak(
    mesh: BoneMesh,
    frame: FemoralFrame,
    result: NonlinearResult,
    load: LoadCase,
    *,
    bone: BoolArray,
) -> PeakStrength:
    """Return the strength, and where the bone fails.

    The site is the centroid of the cell of bone around which plastic strain, averaged over 3 mm by
    volume, is largest. Tumour deforms far more than bone, but it is not what breaks.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Names the region of the site.
    result : NonlinearResult
        From `femur_fea.solver.solve_nonlinear`.
    load : LoadCase
        The same load case.
    bone : (n_cells,), bool
        Cells that are bone, as `femur_fea.mapping.map_elasticity` finds them.

    Raises
    ------
    LoadError
        If no cell of bone away from loads and supports has yielded.
    """
    check_shape("plastic_strain", result.plastic_strain, (mesh.n_cells, None, 6))
    check_shape("bone", bone, (mesh.n_cells,))
    free = judged_cells(mesh, load, bone)
    flow = result.plastic_magnitude.mean(axis=1) * mesh.cell_volumes
    _check_yielded(flow[free], load)
    site = int(np.flatnonzero(free)[np.argmax(_average(mesh, flow, free))])
    principal = principal_strains(result.plastic_strain[site].mean(axis=0)[None])[0]
    point = mesh.centroids[site]
    curve = result.curve
    criterion, strength = curve.strength
    return PeakStrength(
        load=load.name,
        criterion=criterion,
        failure_load_N=strength,
        first_yield_N=result.first_yield_force,
        stiffness_N_per_mm=curve.stiffness,
        weakest_site=WeakestSite(
            point=point,
            region=region_of(frame, point),
            mode="tension" if principal[0] >= -principal[2] else "compression",
        ),
        excluded_share=float(flow[cells_near_load(mesh, load)].sum() / flow.sum()),
        tumour_share=float(flow[~bone].sum() / flow.sum()),
    )


def _average(mesh: BoneMesh, flow: FloatArray, free: BoolArray) -> FloatArray:
    """Return plastic strain averaged around each free cell, from free cells, (n_free,)."""
    centroids, volume = mesh.centroids[free], mesh.cell_volumes[free]
    a, b = cKDTree(centroids).query_pairs(_RADIUS, output_type="ndarray").T
    n = len(volume)
    near = sparse.csr_array((np.ones(len(a)), (a, b)), shape=(n, n))
    near = near + near.T + sparse.eye_array(n, format="csr")
    return np.asarray((near @ flow[free]) / (near @ volume))


def _check_yielded(flow: FloatArray, load: LoadCase) -> None:
    if not flow.size or float(flow.max()) == 0.0:
        raise LoadError(
            found=f"load case {load.name!r} that makes no cell yield away from loads and supports",
            expected="a bone that fails between its load and its support",
            remedy="load it farther (max_displacement), or use a scan that shows more of the femur",
        )
