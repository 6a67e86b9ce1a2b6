"""Strength of a linear model: the load at which a surface patch reaches its strain limit."""

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    FemoralFrame,
    FEResult,
    FloatArray,
    LoadCase,
    StrengthResult,
    WeakestSite,
    check_shape,
)
from femur_fea.errors import LoadError
from femur_fea.strength.criterion import StrainLimits
from femur_fea.strength.invariants import principal_strains
from femur_fea.strength.judged import judged_facets
from femur_fea.strength.region import region_of
from femur_fea.strength.scaling import check_one_way
from femur_fea.strength.surface import facet_strain, patch_average, patch_radius_on

__all__ = ["evaluate_strength"]


def evaluate_strength(
    mesh: BoneMesh,
    frame: FemoralFrame,
    result: FEResult,
    load: LoadCase,
    criterion: StrainLimits,
    *,
    bone: BoolArray,
) -> StrengthResult:
    """Return the load at which the criterion is first met, by linear scaling.

    The strain tensor is averaged over the patch before its principal values are taken, so that
    the average does not depend on the choice of axes. Surface that is not bone, such as tumour in
    a breach of the cortex, is neither judged nor averaged: the limits are those of bone. On voxels
    the patch measures at least 1.5 edges. First yield is judged by the same limits on the strain of
    single facets.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Names the region of the weakest site.
    result : FEResult
        Strain under the load case, and the force that it takes.
    load : LoadCase
        Says where failure is not looked for.
    criterion : StrainLimits
        Strain limits and patch radius.
    bone : (n_cells,), bool
        Cells that are bone, as `femur_fea.mapping.map_elasticity` finds them.

    Raises
    ------
    LoadError
        If loads, supports and lesion leave no surface to evaluate, or if prescribed displacements
        differ from one another, so that no one force goes with them.
    """
    check_shape("bone", bone, (mesh.n_cells,))
    check_one_way(load)
    is_bone = bone[mesh.facet_cells]
    judged = judged_facets(mesh, load, bone)
    _check_judged(judged, load)
    on_facets = facet_strain(mesh, result.strain)
    radius = patch_radius_on(mesh, criterion.patch_radius)
    on_patches = patch_average(mesh, on_facets, radius, is_bone)
    extremes = _extremes(on_patches, judged)
    risk = _risk(extremes, criterion)
    weakest = int(np.nanargmax(risk.max(axis=1)))
    point = mesh.facet_centroids[weakest]
    first = np.nanmax(_risk(_extremes(on_facets, judged), criterion))
    return StrengthResult(
        load=load.name,
        criterion=criterion.name,
        quantity=load.quantity,
        failure_load=result.force / float(risk[weakest].max()),
        first_yield_load=result.force / float(first),
        stiffness=result.force**2 / result.external_work,
        weakest_site=WeakestSite(
            point=point,
            region=region_of(frame, point),
            mode="tension" if risk[weakest, 0] >= risk[weakest, 1] else "compression",
        ),
        risk_factor=risk.max(axis=1),
        surface_strain=extremes,
    )


def _extremes(strain: FloatArray, judged: BoolArray) -> FloatArray:
    """Return the largest and the smallest principal strain of judged facets, NaN elsewhere."""
    extremes = np.full((len(judged), 2), np.nan)
    extremes[judged] = principal_strains(strain[judged])[:, [0, 2]]
    return extremes


def _risk(extremes: FloatArray, criterion: StrainLimits) -> FloatArray:
    """Return strain over its limit in tension and in compression, (n_facets, 2)."""
    return np.asarray(extremes / [criterion.tension, -criterion.compression])


def _check_judged(judged: BoolArray, load: LoadCase) -> None:
    if not judged.any():
        raise LoadError(
            found=f"load case {load.name!r}, which with supports and lesion covers the whole bone",
            expected="free surface of bone between loads and support",
            remedy="use a scan that shows more of the femur, and check the lesion mask",
        )
