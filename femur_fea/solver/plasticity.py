"""Plasticity with unequal strength in tension and compression: the closest-point return.

Yield surface: the paraboloid of revolution

    f = 3 J2 + (c - t) I1 - c t = 0

with uniaxial yield stresses t in tension and c in compression (Raghava, Caddell and Yeh, J Mater
Sci 1973;8:225). It passes through both exactly, has no corner, and is the cylinder of
von Mises for c = t. Flow is associated, so the tangent is symmetric. Arrays are (6, n), Voigt
xx yy zz yz xz xy; strain with engineering shear.
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from femur_fea.domain import ElasticField, FloatArray, IntArray, YieldField
from femur_fea.errors import NotConvergedError
from femur_fea.solver.points import by_component

__all__ = [
    "STABLE_SHARE",
    "PlasticMaterial",
    "PlasticReturn",
    "elastic_energy",
    "elastic_stress",
    "equivalent",
    "first_yield_factor",
    "mises_stress",
    "plastic_material",
    "return_stress",
]

_OUTSIDE = 1e-12  # of the yield surface, over c t: what round-off leaves of a returned stress
STABLE_SHARE = 0.995  # leaves a hundredth of the stiffness along the flow
_STEP = 1e-13  # last relative step of the scalar equation
_MAX_STEPS = 100  # far above the few that it takes; the sequence is monotone


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlasticMaterial:
    """Elasticity and strength at n integration points, all arrays of shape (n,), MPa.

    Attributes
    ----------
    shear, bulk : (n,), MPa
        Elastic moduli.
    tension, compression : (n,), MPa
        Uniaxial yield stresses.
    """

    shear: FloatArray
    bulk: FloatArray
    tension: FloatArray
    compression: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlasticReturn:
    """Stress on or inside the yield surface, and what its derivative needs.

    The consistent tangent is elastic away from `yielding`; there it is

        (2 G - softening) I_dev + K I x I - normal x normal

    Attributes
    ----------
    stress : (6, n), MPa
        The stress.
    yielding : (n_yielding,)
        Points whose trial stress lay outside the yield surface.
    plastic_increment : (6, n_yielding), dimensionless
        Plastic strain that took it back, with engineering shear.
    work : (n_yielding,), N mm per mm3
        Plastic work of the step, by the yield stress on its way.
    softening : (n_yielding,), MPa
        Loss of twice the shear modulus.
    normal : (6, n_yielding), sqrt(MPa)
        Direction without stiffness, as a stress tensor.
    stable_share : (n_yielding,), dimensionless
        What to shorten `normal` by for a tangent that is positive along the flow, too, where the
        consistent one has no stiffness or, if the yield stress falls, a negative one.
    """

    stress: FloatArray
    yielding: IntArray
    plastic_increment: FloatArray
    work: FloatArray
    softening: FloatArray
    normal: FloatArray
    stable_share: FloatArray

    def stabilised(self) -> Self:
        """Return the same with a tangent that is positive definite."""
        ones = np.ones_like(self.stable_share)
        return replace(self, normal=self.normal * self.stable_share, stable_share=ones)


def plastic_material(
    elastic: ElasticField, strength: YieldField, cells: IntArray, n_samples: int
) -> PlasticMaterial:
    """Return the material at the `n_samples` points of each of `cells`."""
    E = by_component(elastic.E_modulus[cells], n_samples)
    return PlasticMaterial(
        shear=0.5 * E / (1.0 + elastic.nu),
        bulk=E / (3.0 * (1.0 - 2.0 * elastic.nu)),
        tension=by_component(strength.tension[cells], n_samples),
        compression=by_component(strength.compression[cells], n_samples),
    )


def return_stress(material: PlasticMaterial, trial_strain: FloatArray) -> PlasticReturn:
    """Return the stress at every point after one implicit step of perfect plasticity.

    Parameters
    ----------
    material : PlasticMaterial
        At n points.
    trial_strain : (6, n), dimensionless
        Strain less the plastic strain at the beginning of the step.

    Notes
    -----
    With x = 1 + 6 G gamma, where gamma is the plastic multiplier, s = s_trial / x and
    p = p_trial - K d (x - 1) / (2 G), d = c - t. The yield condition becomes one scalar equation,

        A / x^2 - B - C (x - 1) = 0,  A = 3 J2_trial,  B = c t - d I1_trial,  C = 3 K d^2 / (2 G),

    convex and falling. For d = 0 it is the radial return x = sqrt(A / B).
    """
    stress = elastic_stress(material, trial_strain)
    mean = stress[:3].mean(axis=0)
    three_J2 = _three_J2(stress)
    reach = _reach(material, mean)
    product = material.tension * material.compression
    yielding = np.flatnonzero(three_J2 - reach > _OUTSIDE * product)
    G, K = material.shear[yielding], material.bulk[yielding]
    d = (material.compression - material.tension)[yielding]
    A, C = three_J2[yielding], 1.5 * K * d**2 / G
    x = _shrinkage(A, reach[yielding], C)
    deviator = stress[:, yielding]
    deviator[:3] -= mean[yielding]
    deviator /= x
    stress[:, yielding] = deviator
    stress[:3, yielding] += mean[yielding] - K * d * (x - 1.0) / (2.0 * G)
    flow = 3.0 * deviator
    flow[:3] += d
    flow[3:] *= 2.0
    normal = deviator / x
    normal[:3] += K * d / (2.0 * G)
    increment = flow * ((x - 1.0) / (6.0 * G))
    return PlasticReturn(
        stress=stress,
        yielding=yielding,
        plastic_increment=increment,
        work=(stress[:, yielding] * increment).sum(axis=0),
        softening=2.0 * G * (1.0 - 1.0 / x),
        normal=normal * np.sqrt(6.0 * G / (2.0 * A / x**3 + C)),
        stable_share=np.full_like(G, STABLE_SHARE),
    )


def first_yield_factor(material: PlasticMaterial, strain: FloatArray) -> FloatArray:
    """Return by which factor an elastic strain (6, n) reaches the yield surface, shape (n,)."""
    stress = elastic_stress(material, strain)
    quadratic = _three_J2(stress)
    linear = (material.compression - material.tension) * stress[:3].sum(axis=0)
    product = material.tension * material.compression
    # the positive root of a f^2 + b f = c t, in the form that loses no digits for b > 0
    root = np.sqrt(linear**2 + 4.0 * quadratic * product)
    with np.errstate(divide="ignore"):  # no stress: never
        return np.asarray(2.0 * product / (linear + root))


def elastic_stress(material: PlasticMaterial, strain: FloatArray) -> FloatArray:
    """Return the stress (6, n), MPa, of an elastic strain (6, n)."""
    stress = strain * material.shear
    stress[:3] *= 2.0
    stress[:3] += (material.bulk - 2.0 / 3.0 * material.shear) * strain[:3].sum(axis=0)
    return stress


def elastic_energy(material: PlasticMaterial, stress: FloatArray) -> FloatArray:
    """Return the energy (n,), N mm per mm3, that is stored with a stress (6, n)."""
    mean = stress[:3].mean(axis=0)
    return np.asarray(_three_J2(stress) / (6.0 * material.shear) + mean**2 / (2.0 * material.bulk))


def mises_stress(stress: FloatArray) -> FloatArray:
    """Return the von Mises stress (n,), MPa, of a stress (6, n)."""
    return np.asarray(np.sqrt(_three_J2(stress)))


def equivalent(plastic_strain: FloatArray) -> FloatArray:
    """Return sqrt(2/3 e : e), shape (n,), of a plastic strain (6, n) with engineering shear."""
    squares = (plastic_strain[:3] ** 2).sum(axis=0) + 0.5 * (plastic_strain[3:] ** 2).sum(axis=0)
    return np.asarray(np.sqrt(2.0 / 3.0 * squares))


def _three_J2(stress: FloatArray) -> FloatArray:
    xx, yy, zz, yz, xz, xy = stress
    normal = (xx - yy) ** 2 + (yy - zz) ** 2 + (zz - xx) ** 2
    return np.asarray(0.5 * normal + 3.0 * (yz**2 + xz**2 + xy**2))


def _reach(material: PlasticMaterial, mean: FloatArray) -> FloatArray:
    """Return 3 J2 on the yield surface at a mean stress, MPa^2."""
    difference = material.compression - material.tension
    return np.asarray(material.tension * material.compression - 3.0 * difference * mean)


def _shrinkage(A: FloatArray, B: FloatArray, C: FloatArray) -> FloatArray:
    """Return x >= 1 with A / x^2 = B + C (x - 1), by Newton's method.

    It starts at the smaller of two upper bounds. The first step goes below the root but not below
    one, and the others rise to it, for the left-hand side less the right is convex and falls.
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # a bound that is not there is infinite
        x = np.minimum(
            np.where(B > 0.0, np.sqrt(A / B), np.inf),
            np.where(C > 0.0, 1.0 + (A - B) / C, np.inf),
        )
    for _ in range(_MAX_STEPS):
        step = (A / x**2 - B - C * (x - 1.0)) / (2.0 * A / x**3 + C)
        x += step
        if np.all(np.abs(step) <= _STEP * x):
            return x
    raise NotConvergedError(
        found=f"a return to the yield surface that still moves by {np.abs(step / x).max():.1e}",
        expected=f"a relative step below {_STEP:.0e} within {_MAX_STEPS} steps",
        remedy="check the strengths for values that are not numbers",
    )
