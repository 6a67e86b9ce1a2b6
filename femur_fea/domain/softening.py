"""Yield stress that falls with plastic strain, on a mesh."""

from dataclasses import dataclass

import numpy as np

from femur_fea.domain.arrays import FloatArray, check_finite, check_shape, read_only
from femur_fea.domain.samples import check_sample_count
from femur_fea.errors import OutOfRangeError

__all__ = ["Softening"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Softening:
    """How the yield stress falls with equivalent plastic strain, on the cells of a mesh.

    It keeps its first value up to `plateau`, falls in a straight line and stays at `residual`. The
    slope is that of the cell, scaled to its size by `femur_fea.strength.map_strength`.

    Attributes
    ----------
    plateau : (n_cells, n_samples), dimensionless
        Equivalent plastic strain up to which the yield stress holds; samples as in `YieldField`.
    slope : (n_cells, n_samples), MPa
        Fall of the yield stress over the rise of equivalent plastic strain, not negative.
    residual : (n_cells, n_samples), MPa
        Yield stress that is left, positive.
    """

    plateau: FloatArray
    slope: FloatArray
    residual: FloatArray

    def __post_init__(self) -> None:
        check_sample_count("the plateau strain", self.plateau)
        for name, positive in (("plateau", False), ("slope", False), ("residual", True)):
            values = getattr(self, name)
            check_shape(name, values, self.plateau.shape)
            check_finite(name, values)
            _check_sign(name, values, positive=positive)
            object.__setattr__(self, name, read_only(values))


def _check_sign(name: str, values: FloatArray, *, positive: bool) -> None:
    wrong = values <= 0.0 if positive else values < 0.0
    if wrong.any():
        raise OutOfRangeError(
            found=f"{np.count_nonzero(wrong)} of {values.size} values of {name} below or at their "
            f"bound, the lowest {float(values.min()):.3g}",
            expected="a positive value everywhere" if positive else "no negative value",
            remedy="clamp the density before mapping, or check the law of softening",
        )
