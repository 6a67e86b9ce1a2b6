"""Strength of a linear model: the load at which a surface patch reaches its strain limit."""

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    FemoralFrame,
    FEResult,
    LoadCase,
    StrengthResult,
    WeakestSite,
)
from femur_fea.errors import LoadError
from femur_fea.strength.criterion import StrainLimits
from femur_fea.strength.principal import principal_strains
from femur_fea.strength.region import region_of
from femur_fea.strength.surface import facet_strain, patch_average

__all__ = ["evaluate_strength"]


def evaluate_strength(
    mesh: BoneMesh,
    frame: FemoralFrame,
    result: FEResult,
    load: LoadCase,
    criterion: StrainLimits,
) -> StrengthResult:
    """Return the load at which the criterion is first met, by linear scaling.

    The strain tensor is averaged over the patch before its principal values are taken, so that
    the average does not depend on the choice of axes.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Names the region of the weakest site.
    result : FEResult
        Strain under the load's reference magnitude.
    load : LoadCase
        Says where failure is not looked for.
    criterion : StrainLimits
        Strain limits and patch radius.

    Raises
    ------
    LoadError
        If loads and supports leave no surface to evaluate.
    """
    strain = patch_average(mesh, facet_strain(mesh, result.strain), criterion.patch_radius)
    principal = principal_strains(strain)
    tension = principal[:, 0] / criterion.tension
    compression = -principal[:, 2] / criterion.compression
    risk = np.where(_evaluated(mesh, load), np.maximum(tension, compression), np.nan)
    weakest = int(np.nanargmax(risk))
    point = mesh.facet_centroids[weakest]
    return StrengthResult(
        load=load.name,
        criterion=criterion.name,
        failure_load_N=load.magnitude / float(risk[weakest]),
        stiffness_N_per_mm=load.magnitude**2 / result.external_work,
        weakest_site=WeakestSite(
            point=point,
            region=region_of(frame, point),
            mode="tension" if tension[weakest] >= compression[weakest] else "compression",
        ),
        risk_factor=risk,
    )


def _evaluated(mesh: BoneMesh, load: LoadCase) -> BoolArray:
    """Whether each boundary triangle lies outside loads and supports, shape (n_facets,)."""
    evaluated = ~load.excluded[mesh.facets].any(axis=1)
    if not evaluated.any():
        raise LoadError(
            found=f"load case {load.name!r} whose loads and supports cover the whole bone",
            expected="free surface between loads and support",
            remedy="use a scan that shows more of the femur",
        )
    return np.asarray(evaluated)
