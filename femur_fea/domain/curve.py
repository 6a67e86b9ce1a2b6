"""Force against displacement up to failure, and the bone at failure."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from femur_fea.domain.arrays import FloatArray, IntArray, check_finite, check_shape, read_only
from femur_fea.domain.slope import force_at_slope
from femur_fea.errors import OutOfRangeError

__all__ = [
    "PLATEAU_SLOPE",
    "CurveEnd",
    "CurveStrength",
    "LoadDisplacementCurve",
    "NonlinearResult",
    "PeakCriterion",
]

type CurveEnd = Literal["plateau", "past the peak", "maximum displacement"]
type PeakCriterion = Literal["peak force", "plateau force", "force at the largest displacement"]

# Slope of the curve, over the elastic one, at which strength is read off a plateau: a convention,
# for the force on a perfectly plastic bone creeps up for ever.
PLATEAU_SLOPE = 0.02

_ROUND_OFF = 1e-4  # of the largest force; forces out of balance leave 1e-5


class CurveStrength(NamedTuple):
    """What strength means on a curve, and its force in N."""

    criterion: PeakCriterion
    force: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadDisplacementCurve:
    """States of equilibrium of one bone under one load case, each converged.

    Attributes
    ----------
    displacement : (n_steps,), mm
        Displacement of the loaded patches, work-conjugate to the force; the first is zero.
    force : (n_steps,), N
        Force on the head.
    newton_iterations : (n_steps,)
        Newton iterations of each step; zero where the response is linear.
    krylov_iterations : (n_steps,)
        Iterations of conjugate gradients of each step.
    end : {"plateau", "past the peak", "maximum displacement"}
        Why the curve ends: the force hardly rises, has fallen far below its peak, or the bone was
        not loaded further.
    """

    displacement: FloatArray
    force: FloatArray
    newton_iterations: IntArray
    krylov_iterations: IntArray
    end: CurveEnd

    def __post_init__(self) -> None:
        n_steps = len(self.displacement)
        for name in ("displacement", "force", "newton_iterations", "krylov_iterations"):
            array = getattr(self, name)
            check_shape(name, array, (n_steps,))
            check_finite(name, array)
            object.__setattr__(self, name, read_only(array))
        if n_steps < 2 or np.any(np.diff(self.displacement) <= 0.0):
            raise OutOfRangeError(
                found=f"a curve of {n_steps} steps whose displacement does not always grow",
                expected="at least two steps of growing displacement",
                remedy="check the largest displacement that was asked for",
            )

    @property
    def peak_force(self) -> float:
        """Largest force, N."""
        return float(self.force.max())

    @property
    def strength(self) -> CurveStrength:
        """What strength means on this curve, and its force.

        The largest force where the curve falls after it; otherwise the force at which the slope has
        fallen to `PLATEAU_SLOPE` of the first one or, where it has not or the curve has fallen and
        risen again, the largest force, at the end.
        """
        falls = bool(np.any(np.diff(self.force) < -_ROUND_OFF * self.peak_force))
        if falls and self.force[-1] < self.peak_force:
            return CurveStrength("peak force", self.peak_force)
        flat_slope = PLATEAU_SLOPE * self.stiffness
        plateau = None if falls else force_at_slope(self.displacement, self.force, flat_slope)
        if plateau is None:
            return CurveStrength("force at the largest displacement", self.peak_force)
        return CurveStrength("plateau force", plateau)

    @property
    def stiffness(self) -> float:
        """Slope of the first, linear step, N/mm."""
        rise, run = np.diff(self.force[:2]), np.diff(self.displacement[:2])
        return float(rise[0] / run[0])

    def work_to(self, displacement: float) -> float:
        """Return the work done on the bone up to a displacement, N mm, by the trapezoidal rule."""
        done = np.append(self.displacement[self.displacement < displacement], displacement)
        return float(np.trapezoid(np.interp(done, self.displacement, self.force), done))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NonlinearResult:
    """A bone loaded until it fails, and its fields at failure.

    They are those under the force that is the strength: of the peak where the curve falls after it,
    on a plateau between the two computed states beside the strength.

    Attributes
    ----------
    load : str
        Name of the load case.
    curve : LoadDisplacementCurve
        Force against displacement.
    first_yield_force : float, N
        Force at which the first integration point reaches its yield stress.
    displacement, force : float, mm and N
        Displacement of the load, and the load, to which these fields belong.
    u : (n_points, 3), mm
        Displacement of the mesh points, LPS.
    stress : (n_cells, 4 or 8, 6), MPa
        Stress at the integration points, Voigt xx yy zz yz xz xy.
    plastic_strain : (n_cells, 4 or 8, 6), dimensionless
        Plastic strain at the integration points, Voigt with engineering shear.
    yielded_fraction : float
        Fraction of the bone's volume that has yielded.
    dissipated_energy : float, N mm
        Plastic work.
    stored_energy : float, N mm
        Elastic energy.
    imbalance : float
        Norm of the nodal forces out of balance over that of the internal ones.
    n_dofs : int
        Unknowns, the constrained ones included.
    ranks : int
        Number of MPI ranks that solved it together.
    seconds : float
        Wall time, set-up included.
    """

    load: str
    curve: LoadDisplacementCurve
    first_yield_force: float
    displacement: float
    force: float
    u: FloatArray
    stress: FloatArray
    plastic_strain: FloatArray
    yielded_fraction: float
    dissipated_energy: float
    stored_energy: float
    imbalance: float
    n_dofs: int
    ranks: int
    seconds: float

    def __post_init__(self) -> None:
        check_shape("u", self.u, (None, 3))
        check_shape("stress", self.stress, (None, None, 6))
        check_shape("plastic_strain", self.plastic_strain, self.stress.shape)
        for name in ("u", "stress", "plastic_strain"):
            array = getattr(self, name)
            check_finite(name, array)
            object.__setattr__(self, name, read_only(array))

    @property
    def plastic_magnitude(self) -> FloatArray:
        """Equivalent plastic strain sqrt(2/3 e : e), shape (n_cells, 4 or 8)."""
        weights = np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5])
        return np.asarray(np.sqrt(2.0 / 3.0 * (self.plastic_strain**2 @ weights)))
