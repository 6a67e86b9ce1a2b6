"""A load case as it acts on one mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import BoolArray, FloatArray, check_shape, read_only
from femur_fea.errors import LoadError

__all__ = ["LoadCase"]

_MIN_FIXED_POINTS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadCase:
    """Tractions and supports on the points of one mesh.

    Attributes
    ----------
    name : str
        Name of the load in `femur_fea.loads.LOAD_CASES`.
    traction : (n_points, 3), MPa
        Traction in LPS at every mesh point, linear over each boundary triangle; zero elsewhere.
    fixed : (n_points,), bool
        Points that are held in all three directions. An edge is held if both its ends are.
    magnitude : float, N
        The force by which strength is quoted: the resultant on the head.
    excluded : (n_points,), bool
        Points so near to loads or supports that failure is not looked for there.
    """

    name: str
    traction: FloatArray
    fixed: BoolArray
    magnitude: float
    excluded: BoolArray

    def __post_init__(self) -> None:
        n_points = len(self.traction)
        check_shape("traction", self.traction, (None, 3))
        check_shape("fixed", self.fixed, (n_points,))
        check_shape("excluded", self.excluded, (n_points,))
        if int(self.fixed.sum()) < _MIN_FIXED_POINTS:
            raise LoadError(
                found=f"load case {self.name!r} with {int(self.fixed.sum())} fixed points",
                expected=f"at least {_MIN_FIXED_POINTS} fixed points",
                remedy="check that the bone reaches into the support region",
            )
        if not (self.magnitude > 0.0 and np.any(self.traction)):
            raise LoadError(
                found=f"load case {self.name!r} of {self.magnitude:.3g} N, or without traction",
                expected="a positive force that acts on the surface",
                remedy="check that the load lies on the bone",
            )
        for name in ("traction", "fixed", "excluded"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
