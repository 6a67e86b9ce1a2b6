"""The stress at the end of a step, whether or not the yield stress falls."""

from dataclasses import replace

import numpy as np

from femur_fea.domain import FloatArray
from femur_fea.solver.plasticity import (
    STABLE_SHARE,
    PlasticMaterial,
    PlasticReturn,
    elastic_stress,
    equivalent,
    mises_stress,
    return_stress,
)
from femur_fea.solver.softening import PointSoftening, plastic_work, soften

__all__ = ["update_stress"]


def update_stress(
    material: PlasticMaterial,
    softening: PointSoftening | None,
    trial_strain: FloatArray,
    flow: FloatArray,
) -> PlasticReturn:
    """Return the stress at every point after one implicit step.

    A softened point returns to the yield surface of the yield stress that is left at the end of the
    step; only the consistent tangent tells it from a perfectly plastic one.

    Parameters
    ----------
    material : PlasticMaterial
        At n points.
    softening : PointSoftening or None
        At the same points; None where plasticity is perfect.
    trial_strain : (6, n), dimensionless
        Strain less the plastic strain at the beginning of the step.
    flow : (n,), dimensionless
        Equivalent plastic strain at the beginning of the step.
    """
    if softening is None:
        return return_stress(material, trial_strain)
    left = soften(
        softening,
        strength=material.tension,
        shear=material.shear,
        trial=mises_stress(elastic_stress(material, trial_strain)),
        flow=flow,
    )
    weakened = replace(material, tension=left.stress, compression=left.stress)
    update = _softened(return_stress(weakened, trial_strain), material.shear, left.slope)
    at = update.yielding
    ends = (flow[at], flow[at] + equivalent(update.plastic_increment))
    before, after = (plastic_work(softening.at(at), material.tension[at], end) for end in ends)
    return replace(update, work=after - before)


def _softened(update: PlasticReturn, shear: FloatArray, slope: FloatArray) -> PlasticReturn:
    """Return the update with the consistent tangent of a yield stress that falls by `slope`.

    With b the yield stress over the trial's von Mises stress, the stiffness along the flow is less
    by 2 G (3 G / (3 G - H) - 1 + b) instead of 2 G b (Simo and Taylor, Comput Methods Appl Mech
    Eng 1985;48:101). It is stable as if the yield stress rose as steeply as it falls.
    """
    G = shear[update.yielding]
    b = 1.0 - update.softening / (2.0 * G)
    fall = slope[update.yielding]
    falling, rising = (3.0 * G / (3.0 * G - sign * fall) - 1.0 + b for sign in (1.0, -1.0))
    return replace(
        update,
        normal=update.normal * np.sqrt(falling / b),
        stable_share=STABLE_SHARE * np.sqrt(np.maximum(rising, 0.0) / falling),
    )
