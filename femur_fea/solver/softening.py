"""J2 plasticity whose yield stress falls: the strength at the end of a step, in closed form.

Over equivalent plastic strain a the yield stress is a plateau, a straight fall and a residual,

    Y(a) = max(R, min(S, S - H (a - a_0))).

The radial return takes the von Mises stress from that of the trial, q, along q - 3 G (a - a_n). It
meets each of the three lines of Y in closed form; because Y is a maximum of a minimum and the
return falls faster than Y (H < 3 G), the end of the step is the minimum of a maximum of the three.
"""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain import ElasticField, FloatArray, IntArray, Softening
from femur_fea.errors import OutOfRangeError
from femur_fea.solver.points import by_component

__all__ = [
    "PointSoftening",
    "SoftenedStrength",
    "check_steepness",
    "plastic_work",
    "point_softening",
    "soften",
]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PointSoftening:
    """Softening at n integration points, in the order of `Kinematics`.

    Attributes
    ----------
    plateau : (n,), dimensionless
        Equivalent plastic strain a_0 up to which the yield stress holds.
    slope : (n,), MPa
        Fall H of the yield stress over equivalent plastic strain.
    residual : (n,), MPa
        Yield stress R that is left.
    """

    plateau: FloatArray
    slope: FloatArray
    residual: FloatArray

    def at(self, points: IntArray) -> "PointSoftening":
        """Return the softening at some of the points."""
        return PointSoftening(
            plateau=self.plateau[points], slope=self.slope[points], residual=self.residual[points]
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SoftenedStrength:
    """Yield stress at the end of a step.

    Attributes
    ----------
    stress : (n,), MPa
        Yield stress.
    slope : (n,), MPa
        Its fall over equivalent plastic strain; zero on the plateau, at the residual and where
        the point does not yield.
    """

    stress: FloatArray
    slope: FloatArray


def point_softening(softening: Softening, cells: IntArray, n_samples: int) -> PointSoftening:
    """Return the softening at the `n_samples` points of each of `cells`."""
    return PointSoftening(
        plateau=by_component(softening.plateau[cells], n_samples),
        slope=by_component(softening.slope[cells], n_samples),
        residual=by_component(softening.residual[cells], n_samples),
    )


def check_steepness(softening: Softening, elastic: ElasticField) -> None:
    """Raise if the yield stress falls faster than elastic unloading gives the strain back.

    Raises
    ------
    OutOfRangeError
        With how much smaller the cells have to be: a bar of one such cell would snap back.
    """
    steepness = softening.slope / elastic.E_modulus
    steepest = float(steepness.max())
    if steepest >= 1.0:
        raise OutOfRangeError(
            found=f"a yield stress that falls {steepest:.2f} times as steeply as elastic "
            f"unloading, in {np.count_nonzero((steepness >= 1.0).any(axis=1))} of "
            f"{len(steepness)} cells",
            expected="less than once: a cell of this size would snap back on its own",
            remedy=f"make the cells more than {steepest:.2f} times smaller there",
        )


def soften(
    softening: PointSoftening,
    *,
    strength: FloatArray,
    shear: FloatArray,
    trial: FloatArray,
    flow: FloatArray,
) -> SoftenedStrength:
    """Return the yield stress at the end of a step.

    Parameters
    ----------
    softening : PointSoftening
        At n points.
    strength, shear : (n,), MPa
        Yield stress S before any plastic strain, and shear modulus G.
    trial : (n,), MPa
        Von Mises stress q of the trial.
    flow : (n,), dimensionless
        Equivalent plastic strain a_n at the beginning of the step.
    """
    fall = softening.slope
    on_plateau = (trial - strength) / (3.0 * shear)
    falling = (trial - strength + fall * (flow - softening.plateau)) / (3.0 * shear - fall)
    at_residual = (trial - softening.residual) / (3.0 * shear)
    step = np.minimum(at_residual, np.maximum(on_plateau, falling))
    yields = trial > _yield_stress(softening, strength, flow)
    is_falling = yields & (step == falling) & (on_plateau < falling)
    return SoftenedStrength(
        stress=_yield_stress(softening, strength, flow + np.where(yields, step, 0.0)),
        slope=np.where(is_falling, fall, 0.0),
    )


def plastic_work(softening: PointSoftening, strength: FloatArray, flow: FloatArray) -> FloatArray:
    """Return the integral of the yield stress over equivalent plastic strain, (n,), MPa."""
    height, fall = strength - softening.residual, softening.slope
    length = np.divide(height, fall, out=np.full_like(fall, np.inf), where=fall > 0.0)
    fallen = np.clip(flow - softening.plateau, 0.0, length)
    left = np.maximum(flow - softening.plateau - length, 0.0)
    return np.asarray(
        strength * np.minimum(flow, softening.plateau)
        + (strength - 0.5 * fall * fallen) * fallen
        + softening.residual * left
    )


def _yield_stress(softening: PointSoftening, strength: FloatArray, flow: FloatArray) -> FloatArray:
    fallen = strength - softening.slope * (flow - softening.plateau)
    return np.asarray(np.maximum(softening.residual, np.minimum(strength, fallen)))
