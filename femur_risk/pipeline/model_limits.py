"""Bone on which a model is used beyond what its laws were measured on or its mechanics hold for."""

import warnings

import numpy as np

from femur_fea.domain import BoneMesh, BoolArray, FemoralFrame, FloatArray, LoadCase
from femur_fea.errors import FemurFEAWarning
from femur_fea.loads import EXCLUSION_MARGIN
from femur_fea.mapping import volume_fraction
from femur_fea.materials import DensityLaw

__all__ = ["warn_of_extrapolation", "warn_of_large_strains", "warn_of_site_at_edge"]

_MUCH_OF_A_BONE = 0.25  # a choice
_SMALL_STRAIN = 0.1  # a choice: engineering and logarithmic strain differ by 5 % of it
# Saint-Venant: a hold is felt over about the width of the shaft, which is about this; a choice
_FELT_HEAD_RADII = 1.0
_AT_THE_EDGE = 2.0 * EXCLUSION_MARGIN  # mm: the first whole facets of any usual mesh; a choice


def warn_of_extrapolation(mesh: BoneMesh, rho: FloatArray, law: DensityLaw, *, name: str) -> None:
    """Warn if much of a bone is lighter or denser than the bone that a law was measured on.

    Parameters
    ----------
    mesh : BoneMesh
        The bone.
    rho : (n_cells, n_points), g/cm3
        Density that the law takes, at the integration points.
    law : DensityLaw
        Relation between density and modulus; one without a stated range is not warned of here.
    name : str
        Its name.
    """
    if law.rho_range is None:
        return
    low, high = law.rho_range
    lighter, denser = volume_fraction(mesh, rho < low), volume_fraction(mesh, rho > high)
    if lighter + denser <= _MUCH_OF_A_BONE:
        return
    warnings.warn(
        f"{100.0 * (lighter + denser):.0f} % of the bone lies outside the {law.density_kind} "
        f"densities that the law {name!r} was measured on, {low:g} to {high:g} g/cm3 "
        f"({100.0 * lighter:.0f} % is lighter, {100.0 * denser:.0f} % denser): its stiffness is "
        "extrapolated there, with an error that the law's source does not state",
        FemurFEAWarning,
        stacklevel=2,
    )


def warn_of_large_strains(
    load: str, strain: FloatArray, judged: BoolArray, *, largest: float, bone: str
) -> None:
    """Warn if a bone yields farther than small strains reach.

    Parameters
    ----------
    load : str
        Name of the load.
    strain : (n_cells,), dimensionless
        Magnitude of plastic strain, the mean of each cell.
    judged : (n_cells,), bool
        Cells in which failure is looked for.
    largest : float, dimensionless
        Largest magnitude at any integration point.
    bone : str
        Which bone it is.
    """
    if largest <= _SMALL_STRAIN:
        return
    in_judged = float(np.max(strain, where=judged, initial=0.0))
    beyond = in_judged > _SMALL_STRAIN
    meaning = (
        "strength rests on forces that bone would hardly carry so far beyond its yield"
        if beyond
        else "so far only tumour, its rim and bone at the load or the support are deformed, where "
        "failure is not looked for, but the force that they carry counts in the strength"
    )
    warnings.warn(
        f"plastic strain of the {bone} under {load!r} reaches {largest:.2f} at its strength, and "
        f"{in_judged:.2f} where failure is looked for: the model holds for small strains, to about "
        f"{_SMALL_STRAIN:g}; {meaning}",
        FemurFEAWarning,
        stacklevel=2,
    )


def warn_of_site_at_edge(
    name: str, load: LoadCase, mesh: BoneMesh, frame: FemoralFrame, point: FloatArray, *, bone: str
) -> None:
    """Warn if the weakest site lies beside the support, or at the edge of what is judged.

    Parameters
    ----------
    name : str
        Name of the load, or of the family of loads.
    load : LoadCase
        Says which points are held, and where failure is not looked for.
    mesh : BoneMesh
        The bone.
    frame : FemoralFrame
        Its anatomical frame.
    point : (3,), mm
        The weakest site, LPS.
    bone : str
        Which bone it is.
    """
    held = _nearest(mesh.points[load.fixed], point)
    excluded = _nearest(mesh.points[load.excluded], point)
    felt = _FELT_HEAD_RADII * frame.head_radius
    site = f"the weakest site of the {bone} under {name!r} lies"
    if held < felt:
        warnings.warn(
            f"{site} {held:.0f} mm from the support, nearer than {felt:.0f} mm, about the width of "
            "the shaft: stress there is made by the hold, and this strength says little of the "
            "bone; a scan that shows more of the shaft moves the hold away",
            FemurFEAWarning,
            stacklevel=2,
        )
    elif excluded < _AT_THE_EDGE:
        warnings.warn(
            f"{site} {excluded:.0f} mm from where failure is not looked for, at a load, a grip or "
            "bone that this load does not load as in life: stress there may be made by them, and "
            "a weaker place may lie beyond",
            FemurFEAWarning,
            stacklevel=2,
        )


def _nearest(points: FloatArray, place: FloatArray) -> float:
    return float(np.linalg.norm(points - place, axis=1).min(initial=np.inf))
