"""How systems are solved, and how far and how exactly a bone is loaded beyond yield."""

from dataclasses import dataclass, field
from typing import Literal

from femur_fea.domain import PLATEAU_SLOPE
from femur_fea.errors import OutOfRangeError

__all__ = ["LinearMethod", "NewtonSettings", "NonlinearSettings"]

type LinearMethod = Literal["multigrid", "mumps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewtonSettings:
    """How exactly a step is solved.

    Attributes
    ----------
    tolerance : float
        On the norm of the nodal forces out of balance, over that of the internal forces. At 1e-5
        the force on a femur is within 1e-8 of that at 1e-6.
    max_iterations : int
        Newton iterations after which a step counts as failed: a few are enough, but a bone whose
        force drops at once has a long way to its next equilibrium.
    loosest, tightest : float
        Bounds of the relative residual to which the linear systems are solved.
    """

    tolerance: float = 1e-5
    max_iterations: int = 30
    loosest: float = 0.2
    tightest: float = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class NonlinearSettings:
    """How far and how exactly a bone is loaded.

    The numbers are numerical choices, except that `max_displacement` bounds what is looked at.

    Attributes
    ----------
    max_displacement : float, mm
        Displacement of the load at which the path ends if there is no plateau or fall before.
    plateau_slope : float
        Slope of the curve, over the elastic one, below which the force on a perfectly plastic bone
        counts as constant: the first step that is so flat is the last one. At most the slope at
        which strength is read off.
    fallen : float
        Force on a softening bone, over the largest so far, at which the path ends.
    machine_stiffness : float
        Stiffness of the machine over the elastic one of the bone.
    bend : float
        How far the force on a softening bone should lie, at the end of a step, from where the step
        before points to, over the largest force so far: steps are shorter where the curve bends.
        At 0.02 the peak force of a femur is within 0.6 % of that in steps of 0.05 mm.
    growth : float
        How much longer a step may be than the one before, where Newton's method was quick. At 1.2
        the plateau force of small columns and tubes is within 0.2 % of that in steps ten times as
        short, at 1.5 within 0.4 %, of femora within 0.2 %, for 5 to 15 % more time.
    max_cuts : int
        How often one step may be shortened.
    newton : NewtonSettings
        How exactly each step is solved.
    """

    max_displacement: float = 15.0
    plateau_slope: float = PLATEAU_SLOPE
    fallen: float = 0.85
    machine_stiffness: float = 10.0
    bend: float = 0.02
    growth: float = 1.2
    max_cuts: int = 8
    newton: NewtonSettings = field(default_factory=NewtonSettings)

    def __post_init__(self) -> None:
        if not 0.0 < self.plateau_slope <= PLATEAU_SLOPE:
            raise OutOfRangeError(
                found=f"a path that ends at {self.plateau_slope:.3g} of the elastic slope",
                expected=f"above 0 and at most {PLATEAU_SLOPE:g}, where strength is read off",
                remedy="choose a smaller plateau_slope",
            )
