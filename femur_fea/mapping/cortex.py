"""The cortex of the shaft, which is stiffer along the shaft than across it."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from femur_fea.domain import (
    BoneMesh,
    BoolArray,
    DensityKind,
    ElasticField,
    FemoralFrame,
    FloatArray,
    TransverseCortex,
    TransverseRatios,
)
from femur_fea.errors import CortexError, DensityKindError

__all__ = ["CORTICAL_DENSITY", "give_direction"]

# g/cm3 from which bone is taken for cortical, a choice: where Keller's law for ash density changes
# to its dense segment, and the same over the ratio 0.60 of ash to apparent density
CORTICAL_DENSITY: Mapping[DensityKind, float] = MappingProxyType({"ash": 0.6, "apparent": 1.0})


def give_direction(
    elastic: ElasticField,
    rho: FloatArray,
    kind: DensityKind,
    mesh: BoneMesh,
    frame: FemoralFrame,
    ratios: TransverseRatios,
) -> ElasticField:
    """Return the elasticity with a transversely isotropic cortex along the shaft.

    The modulus of the law becomes that along the shaft. Cells of cortical density whose centroids
    lie below the lesser trochanter take part; proximal to it the cortex has no single axis.

    Parameters
    ----------
    elastic : ElasticField
        Isotropic elasticity.
    rho : (n_cells, n_points), g/cm3
        Density at the integration points.
    kind : {"ash", "apparent"}
        Which density that is.
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its shaft axis.
    ratios : TransverseRatios
        Elastic constants over the axial modulus.

    Raises
    ------
    DensityKindError
        If no cortical density is stated for that kind.
    CortexError
        If the shaft has no axis of its own, or there is no cortex below the lesser trochanter.
    """
    cells = _is_cortical(rho, kind) & _is_in_the_shaft(mesh, frame)
    if not cells.any():
        raise CortexError(
            found=f"no cell denser than {CORTICAL_DENSITY[kind]:g} g/cm3 ({kind}) below the lesser "
            "trochanter",
            expected="cortical bone of the shaft",
            remedy="use an isotropic cortex, or a scan that shows the shaft",
        )
    cortex = TransverseCortex(cells=cells, axis=frame.axes[2], ratios=ratios)
    return replace(elastic, cortex=cortex)


def _is_cortical(rho: FloatArray, kind: DensityKind) -> BoolArray:
    if kind not in CORTICAL_DENSITY:
        raise DensityKindError(
            found=f"a density of kind {kind!r} to tell cortical bone by",
            expected=f"one of {', '.join(CORTICAL_DENSITY)}",
            remedy="use a law of ash or apparent density, or an isotropic cortex",
        )
    return np.asarray(rho.mean(axis=1) >= CORTICAL_DENSITY[kind])


def _is_in_the_shaft(mesh: BoneMesh, frame: FemoralFrame) -> BoolArray:
    if frame.shaft_reference != "shaft":
        raise CortexError(
            found="a scan that shows too little of the shaft to have an axis of its own",
            expected="an axis fitted to the shaft, along which its cortex is stiffest",
            remedy="use an isotropic cortex, or a scan that shows more of the shaft",
        )
    return np.asarray((mesh.centroids - frame.lesser_trochanter) @ frame.axes[2] < 0.0)
